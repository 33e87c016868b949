import type { LabelsJson } from "@freehold/contract";
import { duration } from "../lib/format.ts";
import { prettyJson } from "../lib/json-text.ts";
import { Icon, type IconName } from "../ui/icon.tsx";
import { Labels, Tag, type Tone } from "../ui/parts.tsx";
import type { CallItem } from "./run-view.ts";

interface Mark {
  readonly icon: IconName;
  readonly word: string;
  readonly tone: Tone;
}

/** Verdict and outcome of a call in one mark; the word is always there, at least for screen readers. */
export function markOf({ state, verdict, paymentVerdict }: CallItem): Mark {
  if (state === "denied" || verdict?.verdict === "deny") return { icon: "ban", word: "denied", tone: "denied" };
  if (state === "error") return { icon: "warn", word: "failed", tone: "denied" };
  if (state === "unknown") return { icon: "asks", word: "outcome unknown", tone: "asks" };
  if (state === "ok") return { icon: "check", word: "allowed", tone: "allowed" };
  if (state === "payment-required") {
    return paymentVerdict?.verdict === "deny"
      ? { icon: "ban", word: "payment denied", tone: "denied" }
      : { icon: "coin", word: "asks for payment", tone: "money" };
  }
  if (verdict?.verdict === "ask") return { icon: "asks", word: "asks", tone: "asks" };
  return { icon: "clock", word: state === "started" ? "running" : "proposed", tone: "plain" };
}

const toneText: Record<Tone, string> = {
  plain: "text-faint",
  allowed: "text-allowed",
  asks: "text-asks",
  denied: "text-denied",
  money: "text-money",
};

function serverIcon(server: string | null): IconName {
  return server === null ? "home" : "tools";
}

interface CallCardProps {
  readonly call: CallItem;
  readonly labels: LabelsJson | null;
  readonly onLook: () => void;
}

/** Closed by default: server, tool, verdict and time in one line. Nothing here is worded by the server. */
export function CallCard({ call, labels, onLook }: CallCardProps) {
  const mark = markOf(call);
  const toolName = call.name.includes("__") ? call.name.slice(call.name.indexOf("__") + 2) : call.name;
  return (
    <details className="call">
      <summary>
        <Icon name="right" />
        <span className="flex min-w-0 items-center gap-2">
          <Icon name={serverIcon(call.server)} />
          <span className={call.server === null ? "max-md:sr-only" : "truncate"}>{call.server ?? "built in"}</span>
        </span>
        <code className="min-w-0 flex-1 truncate" dir="ltr">
          {toolName}
        </code>
        {labels?.integrity === "untrusted" && (
          <span className="max-md:hidden">
            <Tag icon="warn">untrusted result</Tag>
          </span>
        )}
        <span className={`flex flex-none items-center gap-1 ${toneText[mark.tone]}`}>
          <Icon name={mark.icon} />
          <span className={mark.tone === "allowed" ? "sr-only" : ""}>{mark.word}</span>
        </span>
        {call.durationMs !== null && <span className="flex-none text-faint">{duration(call.durationMs)}</span>}
      </summary>
      <div className="grid gap-3 p-3 [grid-template-columns:minmax(0,1fr)]">
        <div>
          <p className="mb-1 text-tiny font-medium text-faint">Arguments</p>
          <pre className="well max-h-60 overflow-y-auto" dir="ltr" tabIndex={0}>
            {prettyJson(call.argumentsText)}
          </pre>
        </div>
        {call.result !== null && (
          <div>
            <p className="mb-1 text-tiny font-medium text-faint">Result</p>
            <pre className="well max-h-60 overflow-y-auto" dir="auto" tabIndex={0}>
              {call.result}
            </pre>
          </div>
        )}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-tiny text-muted">
          {labels !== null && <Labels labels={labels} />}
          {call.tries > 1 && <span>{call.tries} tries</span>}
          {call.verdict !== null && (
            <span className="wrap-anywhere">
              rule <code>{call.verdict.ruleId}</code>
            </span>
          )}
          <button type="button" className="link ms-auto" onClick={onLook}>
            Look inside
          </button>
        </div>
      </div>
    </details>
  );
}
