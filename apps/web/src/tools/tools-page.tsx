import type { RouteResponse, ServerJson } from "@freehold/contract";
import { useState } from "react";
import { plural } from "../lib/format.ts";
import { hrefOf, Link } from "../router.tsx";
import { TopBar } from "../shell/top-bar.tsx";
import { useQuery } from "../store/hooks.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Icon, type IconName } from "../ui/icon.tsx";
import { Empty, ErrorLine } from "../ui/states.tsx";
import { WithAnswer } from "../ui/with-answer.tsx";
import { AddServerSheet } from "./add-server.tsx";
import { BuiltinDetail } from "./builtin-detail.tsx";
import { ServerDetail } from "./server-detail.tsx";

type ToolsJson = RouteResponse<"tools.list">;

interface Summary {
  readonly icon: IconName;
  readonly tone: string;
  readonly words: string;
}

function summaryOf(server: ServerJson): Summary {
  const held = server.tools.filter(({ state }) => state === "quarantined").length;
  if (!server.enabled) return { icon: "pause", tone: "text-faint", words: "switched off by you" };
  if (server.state === "failed") return { icon: "ban", tone: "text-denied", words: server.error?.message ?? "failed" };
  if (held > 0) return { icon: "asks", tone: "text-asks", words: `${plural(held, "definition")} held back for you` };
  if (server.state === "installing" || server.state === "starting")
    return { icon: "clock", tone: "text-muted", words: `${server.state}…` };
  const place = server.transport.kind === "http" ? "remote" : server.sandboxed ? "sandboxed" : "not sandboxed";
  return { icon: "ok", tone: "text-muted", words: `${place}, ${plural(server.tools.length, "tool")}` };
}

function Entry({
  id,
  current,
  title,
  summary,
}: {
  readonly id: string;
  readonly current: boolean;
  readonly title: string;
  readonly summary: Summary;
}) {
  return (
    <Link
      href={hrefOf("tools", id)}
      className="flex gap-[10px] rounded-2 px-2 py-[7px] text-small hover:bg-inset aria-[current]:bg-inset max-md:min-h-12 max-md:py-[10px]"
      {...(current ? { "aria-current": "page" } : {})}
    >
      <span className={summary.tone}>
        <Icon name={summary.icon} />
      </span>
      <span className="min-w-0 flex-1">
        <b className="block truncate font-medium">{title}</b>
        <small className={`block truncate text-tiny ${summary.tone}`}>{summary.words}</small>
      </span>
    </Link>
  );
}

const heading = "px-2 pt-4 pb-1 text-tiny! font-medium! text-faint";

function List({
  tools,
  current,
  search,
}: {
  readonly tools: ToolsJson;
  readonly current: string | null;
  readonly search: string;
}) {
  const fits = (...texts: string[]): boolean => texts.some((text) => text.toLowerCase().includes(search.toLowerCase()));
  const servers = tools.servers.filter((server) =>
    fits(server.title, server.slug, ...server.tools.map(({ name }) => name)),
  );
  const builtins = tools.builtins.filter((tool) => fits(tool.name, tool.description));
  return (
    <>
      <h3 className={heading}>Servers</h3>
      {servers.map((server) => (
        <Entry
          key={server.id}
          id={server.id}
          current={server.id === current}
          title={server.title}
          summary={summaryOf(server)}
        />
      ))}
      {servers.length === 0 && (
        <p className="px-2 text-small text-muted">
          {tools.servers.length === 0 ? "None yet. Add one above." : "No server fits."}
        </p>
      )}
      <h3 className={heading}>Built in</h3>
      {builtins.map((tool) => {
        const words = tool.effects.readOnly
          ? "only reads"
          : tool.effects.openWorld
            ? "may leave the house"
            : "may change things";
        const summary: Summary = { icon: "home", tone: "text-muted", words };
        return (
          <Entry key={tool.name} id={tool.name} current={tool.name === current} title={tool.name} summary={summary} />
        );
      })}
    </>
  );
}

function Opened({ tools, id }: { readonly tools: ToolsJson; readonly id: string | null }) {
  const server = tools.servers.find((candidate) => candidate.id === id);
  if (server !== undefined) return <ServerDetail key={server.id} server={server} />;
  const builtin = tools.builtins.find((candidate) => candidate.name === id);
  if (builtin !== undefined) return <BuiltinDetail key={builtin.name} tool={builtin} />;
  return (
    <Empty icon="tools" title={id === null ? "Choose a server" : "This server is gone"}>
      A tool server gives the agent hands: files, a calendar, a house. Each runs in a sandbox, and what it says about
      itself is pinned.
    </Empty>
  );
}

function SandboxHint({ sandbox }: { readonly sandbox: ToolsJson["sandbox"] }) {
  if (sandbox.available) return null;
  return (
    <div role="note" className="flex flex-wrap gap-2 border-b border-line bg-asks-soft px-4 py-2 text-small md:px-6">
      <span className="text-asks">
        <Icon name="warn" />
      </span>
      <span className="min-w-0 flex-1 wrap-anywhere">
        <b>No sandbox on this machine.</b> Tool servers run only with your word for each. {sandbox.hint}
      </span>
    </div>
  );
}

export function ToolsPage({ serverId }: { readonly serverId: string | null }) {
  const tools = useQuery("tools.list", {}, { every: 5_000 });
  const [adding, setAdding] = useState(false);
  const [search, setSearch] = useState("");
  const back = serverId !== null && (
    <Link className="btn md:hidden" data-tone="quiet" data-shape="icon" aria-label="All servers" href={hrefOf("tools")}>
      <Icon name="left" size={20} />
    </Link>
  );
  return (
    <>
      <TopBar title="Tools" before={back}>
        <span className="max-md:hidden">
          <Button icon="plus" onClick={() => setAdding(true)}>
            Add a server
          </Button>
        </span>
        <span className="md:hidden">
          <IconButton icon="plus" label="Add a server" onClick={() => setAdding(true)} />
        </span>
      </TopBar>
      <WithAnswer answer={tools} rows={5}>
        {(data) => (
          <>
            <SandboxHint sandbox={data.sandbox} />
            <div className="grid flex-1 [grid-template-columns:minmax(0,1fr)] md:[grid-template-columns:288px_minmax(0,1fr)]">
              <nav
                aria-label="Servers"
                className={`border-line px-3 py-4 md:border-e md:bg-ground ${serverId === null ? "" : "max-md:hidden"}`}
              >
                <label className="input searchbox">
                  <Icon name="search" />
                  <input
                    type="search"
                    aria-label="Search tools"
                    placeholder="Search tools"
                    value={search}
                    onChange={(event) => setSearch(event.currentTarget.value)}
                  />
                </label>
                <List tools={data} current={serverId} search={search} />
              </nav>
              <main className={`min-w-0 p-4 md:p-6 ${serverId === null ? "max-md:hidden" : ""}`}>
                <ErrorLine problem={tools.problem} />
                <Opened tools={data} id={serverId} />
              </main>
            </div>
          </>
        )}
      </WithAnswer>
      {adding && <AddServerSheet onClose={() => setAdding(false)} />}
    </>
  );
}
