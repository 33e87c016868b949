import type { ServerJson, ToolDefinitionJson, ToolJson } from "@freehold/contract";
import { aroundChanges, lineDiff } from "../lib/line-diff.ts";
import { useApp } from "../store/app-context.tsx";
import { useAction } from "../store/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Hash, Tag } from "../ui/parts.tsx";
import { ErrorLine } from "../ui/states.tsx";

const marks = { same: "", added: "+", removed: "−" } as const;

function textOf(definition: ToolDefinitionJson | null): string {
  if (definition === null) return "";
  const { name, description, effects, inputSchema } = definition;
  const says = Object.entries(effects).flatMap(([effect, on]) => (on ? [effect] : []));
  return `${name}\n${description}\nsays it is: ${says.join(", ")}\n${JSON.stringify(inputSchema, null, 2)}`;
}

function Diff({ before, after }: { readonly before: ToolDefinitionJson | null; readonly after: ToolDefinitionJson }) {
  return (
    <div className="diff" dir="ltr">
      {aroundChanges(lineDiff(textOf(before), textOf(after)), 3).map(({ change, text }, index) => (
        <span key={`${index} ${change}`} data-change={change}>
          <i>{marks[change]}</i>
          {text}
        </span>
      ))}
    </div>
  );
}

interface VerdictsProps {
  readonly busy: boolean;
  readonly onDecide: (decision: "approve" | "reject") => void;
}

function Verdicts({ busy, onDecide }: VerdictsProps) {
  return (
    <div className="tear grid grid-cols-2 gap-2 px-4 py-3">
      <button type="button" className="verdict" data-tone="denied" disabled={busy} onClick={() => onDecide("reject")}>
        <Icon name="ban" />
        Keep it out
      </button>
      <button type="button" className="verdict" data-tone="allowed" disabled={busy} onClick={() => onDecide("approve")}>
        <Icon name="ok" />
        Accept it
      </button>
    </div>
  );
}

/** What a server says about a tool now, beside what was approved. Until it is accepted, the agent cannot see it. */
export function HeldDefinition({ server, tool }: { readonly server: ServerJson; readonly tool: ToolJson }) {
  const { client } = useApp();
  const offered = tool.offered;
  const decide = useAction(
    async (decision: "approve" | "reject") => {
      if (offered === null) return;
      const body = { name: tool.name, hash: offered.hash, decision };
      await client.call("servers.decide", { params: { id: server.id }, body });
    },
    ["tools.list"],
  );
  if (offered === null) return null;
  const fresh = tool.approved === null;
  return (
    <section className="approval" aria-label={`Definition of ${tool.name}`}>
      <header className="flex items-center gap-2 px-4 pt-3 text-small text-muted">
        <Tag tone="asks" icon="asks">
          Asks
        </Tag>
        {fresh ? "New definition" : "Changed definition"}
      </header>
      <div className="grid gap-4 px-4 pt-3 pb-4 [grid-template-columns:minmax(0,1fr)]">
        <h3 className="wrap-anywhere">
          <code>{tool.name}</code> {fresh ? "is new" : "differs from what you approved"}
        </h3>
        <Diff before={tool.approved} after={offered} />
        <dl className="facts">
          {tool.approved !== null && (
            <>
              <dt>Approved</dt>
              <dd>
                <Hash text={tool.approved.hash} name="approved hash" />
              </dd>
            </>
          )}
          <dt>Now</dt>
          <dd>
            <Hash text={offered.hash} name="offered hash" />
          </dd>
        </dl>
        <p className="flex gap-2 text-small">
          <span className="text-asks">
            <Icon name="asks" />
          </span>
          A tool’s description is read by the model. It is never an order, and it changes only with your word.
        </p>
        <ErrorLine problem={decide.problem} />
      </div>
      <Verdicts busy={decide.busy} onDecide={decide.run} />
    </section>
  );
}
