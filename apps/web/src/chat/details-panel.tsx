import type { CustomEventValue, LabelsJson } from "@freehold/contract";
import type { ReactNode } from "react";
import { duration } from "../lib/format.ts";
import { prettyJson } from "../lib/json-text.ts";
import { Icon } from "../ui/icon.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Labels, Meter } from "../ui/parts.tsx";
import { markOf } from "./call-card.tsx";
import type { CallItem } from "./run-view.ts";

export type Details =
  | { readonly kind: "call"; readonly call: CallItem; readonly labels: LabelsJson | null }
  | { readonly kind: "recall"; readonly recall: CustomEventValue<"freehold.recall"> };

export function titleOf(details: Details): string {
  return details.kind === "call" ? "What this call did" : "What was recalled, and why";
}

function Part({ title, children }: { readonly title: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="grid gap-2 [grid-template-columns:minmax(0,1fr)]">
      <h3 className="flex items-center justify-between">{title}</h3>
      {children}
    </div>
  );
}

function VerdictFact({ name, verdict }: { readonly name: string; readonly verdict: CallItem["verdict"] }) {
  if (verdict === null) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {verdict.reason}
        <br />
        <code className="text-muted">{verdict.ruleId}</code>
      </dd>
    </>
  );
}

function CopyTitle({ children, text }: { readonly children: string; readonly text: string }) {
  return (
    <>
      {children} <CopyButton text={text} label={`Copy ${children.toLowerCase()}`} />
    </>
  );
}

function CallDetails({ call, labels }: { readonly call: CallItem; readonly labels: LabelsJson | null }) {
  const mark = markOf(call);
  return (
    <>
      <p className="flex flex-wrap items-center gap-2 wrap-anywhere">
        <b>{call.server ?? "built in"}</b> <code>{call.name}</code>
      </p>
      <dl className="facts">
        <dt>Outcome</dt>
        <dd className="flex items-center gap-1">
          <Icon name={mark.icon} /> {mark.word}
        </dd>
        <VerdictFact name="Verdict" verdict={call.verdict} />
        <VerdictFact name="Payment" verdict={call.paymentVerdict} />
        <dt>Time</dt>
        <dd>{call.durationMs === null ? "not measured" : duration(call.durationMs)}</dd>
        <dt>Tries</dt>
        <dd>{Math.max(1, call.tries)}</dd>
      </dl>
      <Part title={<CopyTitle text={prettyJson(call.argumentsText)}>Arguments</CopyTitle>}>
        <pre className="well" dir="ltr">
          {prettyJson(call.argumentsText)}
        </pre>
      </Part>
      {labels !== null && (
        <Part title="Since this result">
          <p className="text-small text-muted">
            {labels.integrity === "untrusted"
              ? "The conversation holds text from outside. What writes, pays or leaves the house asks first."
              : "The result is trusted as far as its server is."}
          </p>
          <p className="flex flex-wrap gap-2">
            <Labels labels={labels} />
          </p>
        </Part>
      )}
      {call.result !== null && (
        <Part title={<CopyTitle text={call.result}>Full result</CopyTitle>}>
          <pre className="well" dir="auto">
            {call.result}
          </pre>
        </Part>
      )}
    </>
  );
}

function RecallDetails({ recall }: { readonly recall: CustomEventValue<"freehold.recall"> }) {
  const best = Math.max(...recall.items.map(({ score }) => score), Number.MIN_VALUE);
  return (
    <>
      <p className="text-small text-muted">
        Searched by {recall.arms.join(", ")}.
        {recall.missingVectors > 0 &&
          ` ${recall.missingVectors} newer items have no vector yet; words still find them.`}
      </p>
      <ol className="grid gap-4">
        {recall.items.map((item) => (
          <li key={item.id} className="grid gap-2">
            <p className="text-small wrap-anywhere" dir="auto">
              {item.excerpt}
            </p>
            <p className="flex items-center gap-3 text-tiny text-muted">
              <span className="flex-1">
                <Meter
                  thin
                  label={`score ${item.score.toFixed(2)}`}
                  parts={[{ part: "plain", percent: (item.score / best) * 100 }]}
                />
              </span>
              score {item.score.toFixed(2)}
            </p>
          </li>
        ))}
      </ol>
    </>
  );
}

export function DetailsBody({ details }: { readonly details: Details }) {
  return details.kind === "call" ? <CallDetails {...details} /> : <RecallDetails recall={details.recall} />;
}
