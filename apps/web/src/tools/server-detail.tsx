import type { ServerJson, ToolJson } from "@freehold/contract";
import { useState } from "react";
import { plural, when } from "../lib/format.ts";
import { hrefOf, navigate } from "../router.tsx";
import { useApp } from "../store/app-context.tsx";
import { useAction, useNow, useQuery } from "../store/hooks.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Hash, Section, Switch, Tag } from "../ui/parts.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { ErrorLine } from "../ui/states.tsx";
import { WithAnswer } from "../ui/with-answer.tsx";
import { HeldDefinition } from "./definition-diff.tsx";
import { Effects } from "./effects.tsx";
import { TryTool } from "./try-tool.tsx";

function RemoveSheet({ server, onClose }: { readonly server: ServerJson; readonly onClose: () => void }) {
  const { client } = useApp();
  const remove = useAction(async () => {
    await client.call("servers.remove", { params: { id: server.id } });
    onClose();
    navigate(hrefOf("tools"));
  }, ["tools.list"]);
  return (
    <Sheet
      open
      alert
      title={`Remove the server ${server.title}?`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button tone="danger" icon="trash" busy={remove.busy} onClick={remove.run}>
            Remove {server.title}
          </Button>
        </>
      }
    >
      <ul className="grid gap-1 text-small">
        <li className="flex gap-3">
          <b className="min-w-[2ch] text-end text-denied">{server.tools.length}</b> tools and their approved definitions
        </li>
        {server.transport.kind === "stdio" && server.transport.package !== null && (
          <li className="flex gap-3">
            <b className="min-w-[2ch] text-end text-denied">1</b> installed package, {server.transport.package.name}
          </li>
        )}
      </ul>
      <p className="text-small text-muted">Folders that it could reach, and what it wrote there, stay as they are.</p>
      <ErrorLine problem={remove.problem} />
    </Sheet>
  );
}

function Head({ server }: { readonly server: ServerJson }) {
  const { client } = useApp();
  const now = useNow(60_000);
  const [removing, setRemoving] = useState(false);
  const params = { id: server.id };
  const update = useAction(
    (body: { enabled?: boolean; vetted?: boolean }) => client.call("servers.update", { params, body }),
    ["tools.list"],
  );
  const restart = useAction(() => client.call("servers.restart", { params }), ["tools.list"]);
  return (
    <section className="grid gap-4 [grid-template-columns:minmax(0,1fr)]">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h1 className="wrap-anywhere">{server.title}</h1>
          <p className="flex flex-wrap gap-x-3 text-small text-muted">
            <span className="flex items-center gap-[6px]">
              <Icon name={server.state === "ready" ? "ok" : server.state === "failed" ? "warn" : "clock"} />
              {server.state === "ready" ? "running" : server.state}
            </span>
            <span>added {when(server.addedAt, now)}</span>
            {server.protocol !== null && <span>MCP {server.protocol}</span>}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button icon="refresh" busy={restart.busy} onClick={restart.run}>
            Restart
          </Button>
          <Button icon="trash" onClick={() => setRemoving(true)}>
            Remove
          </Button>
        </div>
      </div>
      {server.error !== null && <ErrorLine problem={server.error} />}
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        <Switch on={server.enabled} disabled={update.busy} onChange={(enabled) => update.run({ enabled })}>
          Switched on
        </Switch>
        <Switch on={server.vetted} disabled={update.busy} onChange={(vetted) => update.run({ vetted })}>
          Vetted: I believe what it says about its tools
        </Switch>
      </div>
      <ErrorLine problem={update.problem ?? restart.problem} />
      {removing && <RemoveSheet server={server} onClose={() => setRemoving(false)} />}
    </section>
  );
}

function Runs({ server }: { readonly server: ServerJson }) {
  const { transport } = server;
  if (transport.kind === "http") {
    return (
      <Section title="Reached at">
        <pre className="well" dir="ltr">
          {transport.url}
        </pre>
      </Section>
    );
  }
  return (
    <Section
      title="Runs exactly this"
      hint="and nothing else"
      actions={transport.package !== null && <Hash text={transport.package.integrity} name="package hash" />}
    >
      <pre className="well" dir="ltr">
        {transport.resolved.join(" ")}
      </pre>
      {transport.package !== null && (
        <p className="mt-2 text-tiny text-muted wrap-anywhere">
          {transport.package.name} {transport.package.version}, installed from:{" "}
          <code>{transport.command.join(" ")}</code>
        </p>
      )}
    </Section>
  );
}

function Reach({ server }: { readonly server: ServerJson }) {
  const facts = server.sandboxed
    ? ["system files read-only", "no secrets in its environment", "network only through the door"]
    : [];
  return (
    <div className="grid gap-8 [grid-template-columns:minmax(0,1fr)] lg:grid-cols-2">
      <Section title="Sandbox">
        {server.transport.kind === "http" ? (
          <p className="text-small text-muted">It runs elsewhere. Only what the agent sends reaches it.</p>
        ) : server.sandboxed ? (
          <ul className="grid gap-2 text-small">
            {facts.map((fact) => (
              <li key={fact} className="flex gap-2">
                <Icon name="check" /> {fact}
              </li>
            ))}
          </ul>
        ) : (
          <p className="flex gap-2 text-small text-denied">
            <Icon name="warn" /> It runs without a sandbox, with your word: it can read what you can read.
          </p>
        )}
      </Section>
      <Section title="May reach">
        {server.folders.length === 0 ? (
          <p className="text-small text-muted">No folder of yours.</p>
        ) : (
          <ul className="rows text-small">
            {server.folders.map((folder) => (
              <li key={folder.path} className="flex gap-3 py-2">
                <Icon name="folder" />
                <span className="min-w-0 wrap-anywhere">
                  <code>{folder.path}</code>{" "}
                  <span className="text-muted">{folder.writable ? "read and write" : "read"}</span>
                </span>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </div>
  );
}

function ToolRow({ tool }: { readonly tool: ToolJson }) {
  const definition = tool.approved ?? tool.offered;
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 px-4 py-3">
      <div className="min-w-0 flex-1 basis-[220px]">
        <p className="wrap-anywhere">
          <code>{definition?.name ?? tool.name}</code>
        </p>
        <p className="line-clamp-2 text-small text-muted wrap-anywhere" dir="auto">
          {definition?.description}
        </p>
      </div>
      <span className="flex flex-wrap gap-1">
        {definition !== null && <Effects effects={definition.effects} />}
        {tool.state === "quarantined" && (
          <Tag tone="asks" icon="asks">
            held back
          </Tag>
        )}
        {tool.state === "rejected" && (
          <Tag tone="denied" icon="ban">
            kept out
          </Tag>
        )}
        {tool.state === "gone" && <Tag icon="x">gone</Tag>}
      </span>
    </li>
  );
}

function Log({ server }: { readonly server: ServerJson }) {
  const logs = useQuery("servers.logs", { params: { id: server.id } }, { every: 5_000 });
  return (
    <Section title="Log" hint="its own last lines">
      <WithAnswer answer={logs}>
        {({ lines }) =>
          lines.length === 0 ? (
            <p className="text-small text-muted">It has said nothing.</p>
          ) : (
            <pre className="well max-h-80 overflow-y-auto" dir="ltr" tabIndex={0} aria-label="Log lines">
              {lines.join("\n")}
            </pre>
          )
        }
      </WithAnswer>
    </Section>
  );
}

export function ServerDetail({ server }: { readonly server: ServerJson }) {
  const held = server.tools.filter(({ state, offered }) => state === "quarantined" && offered !== null);
  const triable = server.tools.flatMap(({ name, approved }) =>
    approved === null ? [] : [{ name, inputSchema: approved.inputSchema }],
  );
  return (
    <div className="mx-auto grid max-w-[960px] gap-8 [grid-template-columns:minmax(0,1fr)]">
      <Head server={server} />
      {held.map((tool) => (
        <HeldDefinition key={tool.name} server={server} tool={tool} />
      ))}
      <Runs server={server} />
      <Reach server={server} />
      <Section title="Tools" hint={plural(server.tools.length, "tool")}>
        {server.tools.length === 0 ? (
          <p className="text-small text-muted">It offers none.</p>
        ) : (
          <ul className="card rows">
            {server.tools.map((tool) => (
              <ToolRow key={tool.name} tool={tool} />
            ))}
          </ul>
        )}
      </Section>
      <div className="grid gap-8 [grid-template-columns:minmax(0,1fr)] lg:grid-cols-2">
        <TryTool tools={triable} />
        <Log server={server} />
      </div>
    </div>
  );
}
