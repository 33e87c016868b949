import { useState, type FormEvent } from "react";
import { useApp } from "../store/app-context.tsx";
import { useAction } from "../store/hooks.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/parts.tsx";
import { ErrorLine } from "../ui/states.tsx";
import { Frame } from "./frame.tsx";

function CodeField({ value, onChange }: { readonly value: string; readonly onChange: (digits: string) => void }) {
  return (
    <Field label="Six-digit code">
      <input
        className="input font-mono"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={6}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value.replace(/\D/g, ""))}
      />
    </Field>
  );
}

export function SignInPage() {
  const { client, queries } = useApp();
  const [password, setPassword] = useState("");
  const [totp, setTotp] = useState("");
  const [withCode, setWithCode] = useState(false);
  const login = useAction(async () => {
    await client.call("session.login", { body: { password, ...(totp === "" ? {} : { totp }) } });
    await queries.ask("setup.state", {});
    void queries.refreshAll();
  });
  // The agent says so when a second factor is due.
  const needsCode = withCode || (login.problem?.code.includes("TOTP") ?? false);
  const ready = password !== "" && (totp === "" || /^\d{6}$/.test(totp));
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (ready) login.run();
  }
  return (
    <Frame>
      <form className="grid gap-6" onSubmit={submit}>
        <div className="grid gap-2">
          <h1>Welcome home</h1>
          <p className="text-muted">Only the owner comes in.</p>
        </div>
        <div className="grid gap-4">
          <Field label="Password">
            <input
              className="input"
              type="password"
              autoComplete="current-password"
              autoFocus
              maxLength={200}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          </Field>
          {needsCode ? (
            <CodeField value={totp} onChange={setTotp} />
          ) : (
            <button type="button" className="link justify-self-start text-small" onClick={() => setWithCode(true)}>
              I have a six-digit code
            </button>
          )}
        </div>
        <ErrorLine problem={login.problem} />
        <footer className="flex items-center justify-between gap-3">
          <span className="text-small text-muted">
            Forgotten? On the machine itself: <code>freehold owner reset</code>
          </span>
          <Button type="submit" tone="primary" size="large" busy={login.busy} disabled={!ready}>
            Sign in
          </Button>
        </footer>
      </form>
    </Frame>
  );
}
