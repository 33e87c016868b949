import type { RouteResponse } from "@freehold/contract";
import { useState } from "react";
import { useApp } from "../store/app-context.tsx";
import { useAction, useQuery } from "../store/hooks.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Field, Hash, Section } from "../ui/parts.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { ErrorLine } from "../ui/states.tsx";
import { QrImage } from "./qr-image.tsx";

type Secret = RouteResponse<"owner.totp.start">;

function AddSheet({ secret, onClose }: { readonly secret: Secret; readonly onClose: () => void }) {
  const { client } = useApp();
  const [code, setCode] = useState("");
  const confirm = useAction(async () => {
    await client.call("owner.totp.confirm", { body: { totp: code } });
    onClose();
  }, ["owner.get"]);
  return (
    <Sheet
      open
      title="Add a six-digit code"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" busy={confirm.busy} disabled={!/^\d{6}$/.test(code)} onClick={confirm.run}>
            Switch it on
          </Button>
        </>
      }
    >
      <p className="text-small text-muted">Scan this with an authenticator app, or type the secret into it.</p>
      <span className="justify-self-center">
        <QrImage svg={secret.qrSvg} label="QR code for an authenticator app" />
      </span>
      <p className="text-center">
        <Hash text={secret.secret} name="secret" />
      </p>
      <Field label="The code that the app shows now">
        <input
          className="input font-mono"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={6}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value.replace(/\D/g, ""))}
        />
      </Field>
      <ErrorLine problem={confirm.problem} />
    </Sheet>
  );
}

function RemoveSheet({ onClose }: { readonly onClose: () => void }) {
  const { client } = useApp();
  const [password, setPassword] = useState("");
  const remove = useAction(async () => {
    await client.call("owner.totp.remove", { body: { password } });
    onClose();
  }, ["owner.get"]);
  return (
    <Sheet
      open
      alert
      title="Sign in with the password alone?"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Keep the code</Button>
          <Button tone="danger" busy={remove.busy} disabled={password === ""} onClick={remove.run}>
            Remove it
          </Button>
        </>
      }
    >
      <Field label="Password">
        <input
          className="input"
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
      </Field>
      <ErrorLine problem={remove.problem} />
    </Sheet>
  );
}

export function SecondFactor() {
  const { client } = useApp();
  const owner = useQuery("owner.get", {});
  const [secret, setSecret] = useState<Secret | null>(null);
  const [removing, setRemoving] = useState(false);
  const start = useAction(async () => setSecret(await client.call("owner.totp.start", {})));
  const on = owner.data?.totp ?? false;
  return (
    <Section title="Second factor">
      <div className="card flex flex-wrap items-center gap-3 p-4 text-small">
        <Icon name={on ? "lock" : "info"} size={20} />
        <span className="min-w-0 flex-1 basis-[200px]">
          {on
            ? "A six-digit code is asked for at every sign-in."
            : "Only the password protects this house. A six-digit code of an app makes a stolen password useless."}
        </span>
        {on ? (
          <Button onClick={() => setRemoving(true)}>Remove it</Button>
        ) : (
          <Button tone="primary" busy={start.busy} disabled={owner.data === null} onClick={start.run}>
            Add a code
          </Button>
        )}
      </div>
      <ErrorLine problem={start.problem} />
      {secret !== null && <AddSheet secret={secret} onClose={() => setSecret(null)} />}
      {removing && <RemoveSheet onClose={() => setRemoving(false)} />}
    </Section>
  );
}
