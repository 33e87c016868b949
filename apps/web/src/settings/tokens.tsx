import type { RouteResponse } from "@freehold/contract";
import { tokenScopes } from "@freehold/contract";
import { useState } from "react";
import { when } from "../lib/format.ts";
import { useApp } from "../store/app-context.tsx";
import { useAction, useNow, useQuery } from "../store/hooks.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Field, Section, Tag } from "../ui/parts.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { ErrorLine } from "../ui/states.tsx";
import { WithAnswer } from "../ui/with-answer.tsx";

type Scope = (typeof tokenScopes)[number];
type Made = RouteResponse<"tokens.create">;

const scopeWords: Record<Scope, string> = {
  chat: "talk to the agent",
  read: "see wallet, models and activity",
  tools: "see tools",
  memory: "search and add to memory",
};

function Secret({ made, onClose }: { readonly made: Made; readonly onClose: () => void }) {
  return (
    <Sheet
      open
      alert
      title="Copy the token now"
      onClose={onClose}
      footer={<Button onClick={onClose}>I have it</Button>}
    >
      <p className="text-small text-muted">It is shown this once; only a hash of it is kept.</p>
      <p className="well flex items-center justify-between gap-2">
        <code>{made.secret}</code>
        <CopyButton text={made.secret} label="Copy the token" />
      </p>
    </Sheet>
  );
}

function NewToken({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: (made: Made) => void }) {
  const { client } = useApp();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>(["chat"]);
  const make = useAction(
    async () => onMade(await client.call("tokens.create", { body: { name, scopes: [...scopes] } })),
    ["tokens.list"],
  );
  return (
    <Sheet
      open
      title="A new token"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            tone="primary"
            busy={make.busy}
            disabled={name.trim() === "" || scopes.length === 0}
            onClick={make.run}
          >
            Make it
          </Button>
        </>
      }
    >
      <Field label="Who is it for?">
        <input className="input" maxLength={80} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      </Field>
      <fieldset className="grid gap-2 text-small">
        <legend className="mb-1 font-medium">It may</legend>
        {tokenScopes.map((scope) => (
          <label key={scope} className="flex items-center gap-3">
            <input
              type="checkbox"
              checked={scopes.includes(scope)}
              onChange={(event) =>
                setScopes(event.currentTarget.checked ? [...scopes, scope] : scopes.filter((other) => other !== scope))
              }
            />
            {scopeWords[scope]}
          </label>
        ))}
      </fieldset>
      <p className="flex gap-2 text-small text-muted">
        <Icon name="lock" /> No token can ever approve a payment.
      </p>
      <ErrorLine problem={make.problem} />
    </Sheet>
  );
}

function TokenRow({ token, onRevoke }: { readonly token: Made["token"]; readonly onRevoke: () => void }) {
  const now = useNow(60_000);
  return (
    <li className="flex flex-wrap items-center gap-2 px-4 py-3 text-small">
      <span className="min-w-0 flex-1 basis-[180px] wrap-anywhere">
        <b>{token.name}</b>
        <br />
        <span className="text-muted">
          {token.lastUsedAt === null ? "never used" : `last used ${when(token.lastUsedAt, now)}`}
        </span>
      </span>
      {token.scopes.map((scope) => (
        <Tag key={scope}>{scope}</Tag>
      ))}
      <IconButton icon="x" size="small" label={`Revoke ${token.name}`} onClick={onRevoke} />
    </li>
  );
}

export function Tokens() {
  const { client } = useApp();
  const tokens = useQuery("tokens.list", {});
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<Made | null>(null);
  const revoke = useAction((id: string) => client.call("tokens.revoke", { params: { id } }), ["tokens.list"]);
  return (
    <Section
      title="API tokens"
      hint="for programs"
      actions={
        <Button size="small" icon="plus" onClick={() => setAdding(true)}>
          New
        </Button>
      }
    >
      <WithAnswer answer={tokens}>
        {({ tokens: all }) =>
          all.length === 0 ? (
            <p className="text-small text-muted">None. A program that talks to this agent needs one.</p>
          ) : (
            <ul className="card rows">
              {all.map((token) => (
                <TokenRow key={token.id} token={token} onRevoke={() => revoke.run(token.id)} />
              ))}
            </ul>
          )
        }
      </WithAnswer>
      <ErrorLine problem={revoke.problem} />
      {adding && (
        <NewToken
          onClose={() => setAdding(false)}
          onMade={(next) => {
            setAdding(false);
            setMade(next);
          }}
        />
      )}
      {made !== null && <Secret made={made} onClose={() => setMade(null)} />}
    </Section>
  );
}
