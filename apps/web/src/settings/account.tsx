import { useState, type FormEvent } from "react";
import { useApp } from "../store/app-context.tsx";
import { useAction, useQuery } from "../store/hooks.ts";
import { Button } from "../ui/button.tsx";
import { Field, Section } from "../ui/parts.tsx";
import { ErrorLine } from "../ui/states.tsx";
import { useToast } from "../ui/toast.tsx";

const shortest = 10;

function PasswordForm() {
  const { client } = useApp();
  const toast = useToast();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const change = useAction(async () => {
    await client.call("owner.password", { body: { current, password } });
    setCurrent("");
    setPassword("");
    toast("The password is changed. Other browsers were signed out.");
  }, ["owner.sessions"]);
  const ready = current !== "" && password.length >= shortest;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (ready) change.run();
  }
  return (
    <form className="card grid gap-4 p-4" onSubmit={submit}>
      <h3>Change the password</h3>
      <div className="grid gap-4 md:grid-cols-2">
        <Field label="Present password">
          <input
            className="input"
            type="password"
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
        </Field>
        <Field label="New password" hint={`At least ${shortest} characters. Signs other browsers out.`}>
          <input
            className="input"
            type="password"
            autoComplete="new-password"
            maxLength={200}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        </Field>
      </div>
      <ErrorLine problem={change.problem} />
      <span>
        <Button type="submit" busy={change.busy} disabled={!ready}>
          Change it
        </Button>
      </span>
    </form>
  );
}

export function Account() {
  const { client, queries } = useApp();
  const owner = useQuery("owner.get", {});
  const leave = useAction(async () => {
    await client.call("session.logout", {});
    await queries.ask("setup.state", {});
  });
  return (
    <Section
      title="Owner"
      hint={owner.data?.name}
      actions={
        <Button icon="lock" busy={leave.busy} onClick={leave.run}>
          Sign out
        </Button>
      }
    >
      <ErrorLine problem={owner.problem ?? leave.problem} />
      <PasswordForm />
    </Section>
  );
}
