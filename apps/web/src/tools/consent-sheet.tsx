import type { RouteInput, ServerProposalJson } from "@freehold/contract";
import { useState } from "react";
import { hrefOf, navigate } from "../router.tsx";
import { useApp } from "../store/app-context.tsx";
import { useAction } from "../store/hooks.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Field, Hash, Tag } from "../ui/parts.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { ErrorLine } from "../ui/states.tsx";

type Folder = NonNullable<RouteInput<"servers.register">["body"]["folders"]>[number];

function Facts({ proposal }: { readonly proposal: ServerProposalJson }) {
  const { transport, sandbox, warnings } = proposal;
  return (
    <>
      <div className="grid gap-1 [grid-template-columns:minmax(0,1fr)]">
        <h3>{transport.kind === "http" ? "Will be reached at" : "Will run exactly"}</h3>
        <pre className="well" dir="ltr">
          {transport.kind === "http" ? transport.url : transport.command.join(" ")}
        </pre>
      </div>
      <dl className="facts">
        {transport.kind === "stdio" && transport.package !== null && (
          <>
            <dt>Package</dt>
            <dd>
              {transport.package.name} {transport.package.version}
              <br />
              <Hash text={transport.package.integrity} name="package hash" />
            </dd>
          </>
        )}
        <dt>Sandbox</dt>
        <dd>
          {transport.kind === "http" ? (
            "It runs elsewhere; only what the agent sends reaches it."
          ) : sandbox.available ? (
            `${sandbox.kind}: no network and no folders until you grant them`
          ) : (
            <span className="text-denied">none on this machine. {sandbox.hint}</span>
          )}
        </dd>
      </dl>
      {warnings.map((warning) => (
        <p key={warning} className="flex gap-2 text-small wrap-anywhere">
          <span className="text-asks">
            <Icon name="warn" />
          </span>
          {warning}
        </p>
      ))}
    </>
  );
}

function Folders({
  folders,
  onChange,
}: {
  readonly folders: readonly Folder[];
  readonly onChange: (folders: readonly Folder[]) => void;
}) {
  const [path, setPath] = useState("");
  const [writable, setWritable] = useState(false);
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-small font-medium">Folders that it may reach</legend>
      {folders.map((folder) => (
        <p key={folder.path} className="flex items-center gap-2 text-small">
          <Icon name="folder" />
          <span className="min-w-0 flex-1 wrap-anywhere">
            <code>{folder.path}</code> <span className="text-muted">{folder.writable ? "read and write" : "read"}</span>
          </span>
          <IconButton
            icon="x"
            size="small"
            label={`Take out ${folder.path}`}
            onClick={() => onChange(folders.filter((other) => other !== folder))}
          />
        </p>
      ))}
      <div className="flex flex-wrap items-center gap-2">
        <input
          className="input min-w-0 flex-1 basis-[180px] font-mono"
          aria-label="Folder"
          placeholder="/srv/scans"
          value={path}
          onChange={(event) => setPath(event.currentTarget.value)}
        />
        <label className="flex items-center gap-2 text-small">
          <input type="checkbox" checked={writable} onChange={(event) => setWritable(event.currentTarget.checked)} />
          may write
        </label>
        <Button
          disabled={path.trim() === ""}
          onClick={() => {
            onChange([...folders.filter((other) => other.path !== path.trim()), { path: path.trim(), writable }]);
            setPath("");
          }}
        >
          Grant
        </Button>
      </div>
    </fieldset>
  );
}

interface ConsentProps {
  readonly proposal: ServerProposalJson;
  /** Further servers of the same configuration that come after this one. */
  readonly more: number;
  readonly onBack: () => void;
  readonly onClose: () => void;
  readonly onAdded: () => void;
}

interface Grants {
  readonly slug: string;
  readonly folders: readonly Folder[];
  readonly environment: Readonly<Record<string, string>>;
  readonly unsandboxed: boolean;
}

function GrantFields({
  proposal,
  grants,
  onChange,
}: {
  readonly proposal: ServerProposalJson;
  readonly grants: Grants;
  readonly onChange: (grants: Grants) => void;
}) {
  const local = proposal.transport.kind === "stdio";
  return (
    <>
      <Field label="Short name" hint="Tools are called by it: letters, digits and dashes.">
        <input
          className="input"
          maxLength={24}
          value={grants.slug}
          onChange={(event) => onChange({ ...grants, slug: event.currentTarget.value })}
        />
      </Field>
      {proposal.environment.map((name) => (
        <Field key={name} label={name} hint="The configuration carried a value; give it again if the server needs it.">
          <input
            className="input font-mono"
            type="password"
            autoComplete="off"
            value={grants.environment[name] ?? ""}
            onChange={(event) => {
              const environment = { ...grants.environment, [name]: event.currentTarget.value };
              onChange({ ...grants, environment });
            }}
          />
        </Field>
      ))}
      {local && <Folders folders={grants.folders} onChange={(folders) => onChange({ ...grants, folders })} />}
      {local && !proposal.sandbox.available && (
        <label className="flex gap-3 rounded-3 border border-denied bg-denied-soft p-4 text-small">
          <input
            type="checkbox"
            checked={grants.unsandboxed}
            onChange={(event) => onChange({ ...grants, unsandboxed: event.currentTarget.checked })}
          />
          <span>
            <b>Run it without a sandbox.</b> It can then read and change everything that you can.
          </span>
        </label>
      )}
    </>
  );
}

/** Second step: what would run, where, with what; and the owner's word for it. */
export function ConsentSheet({ proposal, more, onBack, onClose, onAdded }: ConsentProps) {
  const { client } = useApp();
  const [grants, setGrants] = useState<Grants>({
    slug: proposal.slug,
    folders: [],
    environment: {},
    unsandboxed: false,
  });
  const add = useAction(async () => {
    const environment = Object.fromEntries(Object.entries(grants.environment).filter(([, value]) => value !== ""));
    const body = { ...grants, transport: proposal.transport, folders: [...grants.folders], environment };
    const server = await client.call("servers.register", { body });
    onAdded();
    navigate(hrefOf("tools", server.id));
  }, ["tools.list"]);
  const local = proposal.transport.kind === "stdio";
  const ready =
    /^[a-z][a-z0-9-]{0,23}$/.test(grants.slug) && (!local || proposal.sandbox.available || grants.unsandboxed);
  return (
    <Sheet
      open
      title={`Add ${proposal.slug}`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onBack}>Back</Button>
          <Button tone="primary" busy={add.busy} disabled={!ready} onClick={add.run}>
            {local ? "Install and start" : "Connect"}
          </Button>
        </>
      }
    >
      <p className="flex flex-wrap items-center gap-2 text-small">
        <Tag tone="asks" icon="asks">
          needs you
        </Tag>
        {local
          ? "A command. Installing runs code on this machine."
          : "A server elsewhere. It sees what the agent sends it."}
        {more > 0 && <span className="text-muted">{more} more after this one.</span>}
      </p>
      <Facts proposal={proposal} />
      <GrantFields proposal={proposal} grants={grants} onChange={setGrants} />
      <ErrorLine problem={add.problem} />
    </Sheet>
  );
}
