import type { ApprovalCard, AssetInfo, TurnJson } from "@freehold/contract";
import { lazy, memo, Suspense } from "react";
import { plural, when } from "../lib/format.ts";
import { useNow } from "../store/hooks.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Where } from "../ui/parts.tsx";
import { Approval } from "./approval-card.tsx";
import { CallCard } from "./call-card.tsx";
import type { Details } from "./details-panel.tsx";
import { ReceiptSlip } from "./receipt-slip.tsx";
import { isOver, type NoticeItem, type RunItem, type TextItem } from "./run-view.ts";
import { answerText, type Exchange } from "./transcript.ts";

const Markdown = lazy(async () => ({ default: (await import("./markdown.tsx")).Markdown }));

export interface ExchangeActions {
  readonly onLook: (details: Details) => void;
  readonly onDecided: (card: ApprovalCard) => void;
  readonly onRetry: (runId: string) => void;
  readonly onReuse: (text: string) => void;
}

function ownText(turn: TurnJson): string {
  return turn.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}

function Own({ turn, onReuse }: { readonly turn: TurnJson; readonly onReuse: (text: string) => void }) {
  const text = turn.forgotten ? "This was forgotten." : ownText(turn);
  return (
    <div className="group flex items-start justify-end gap-1">
      {!turn.forgotten && (
        <span className="mt-1 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 max-md:hidden">
          <IconButton icon="edit" size="small" label="Edit and send again" onClick={() => onReuse(text)} />
        </span>
      )}
      <div
        dir="auto"
        className="max-w-[92%] rounded-3 rounded-ee-1 bg-inset px-4 py-[10px] whitespace-pre-wrap wrap-anywhere md:max-w-[85%]"
      >
        {text}
      </div>
    </div>
  );
}

function Prose({ item }: { readonly item: TextItem }) {
  if (item.kind === "reasoning") {
    return (
      <details className="call">
        <summary>
          <Icon name="right" />
          <span className="flex-1 text-muted">{item.done ? "Thought about it" : "Thinking…"}</span>
        </summary>
        <p className="p-3 whitespace-pre-wrap text-muted wrap-anywhere" dir="auto">
          {item.text}
        </p>
      </details>
    );
  }
  const plain = (
    <p dir="auto" className="whitespace-pre-wrap wrap-anywhere">
      {item.text}
    </p>
  );
  return (
    <div className="min-w-0" data-message={item.messageId}>
      <Suspense fallback={plain}>
        <Markdown text={item.text} done={item.done} />
      </Suspense>
      {!item.done && <span className="caret" aria-hidden="true" />}
    </div>
  );
}

function Notice({ item }: { readonly item: NoticeItem }) {
  const tone = item.level === "error" ? "text-denied" : item.level === "warning" ? "text-asks" : "text-faint";
  return (
    <p className="flex gap-2 text-small text-muted wrap-anywhere">
      <span className={`mt-[2px] ${tone}`}>
        <Icon name={item.level === "info" ? "info" : "warn"} />
      </span>
      <span className="min-w-0">{item.message}</span>
    </p>
  );
}

interface ItemProps extends ExchangeActions {
  readonly item: RunItem;
  readonly exchange: Exchange;
  readonly assets: readonly AssetInfo[];
}

function Item({ item, exchange, assets, onLook, onDecided }: ItemProps) {
  switch (item.kind) {
    case "text":
    case "reasoning":
      return item.text === "" && item.done ? null : <Prose item={item} />;
    case "call": {
      const labels = exchange.labels.get(item.callId) ?? null;
      return <CallCard call={item} labels={labels} onLook={() => onLook({ kind: "call", call: item, labels })} />;
    }
    case "approval":
      return <Approval card={item.card} onDecided={onDecided} keys />;
    case "receipt":
      return <ReceiptSlip receipt={item.receipt} assets={assets} />;
    case "notice":
      return <Notice item={item} />;
  }
}

function keyOf(item: RunItem, index: number): string {
  switch (item.kind) {
    case "text":
    case "reasoning":
      return item.messageId;
    case "call":
      return item.callId;
    case "approval":
      return item.card.id;
    case "receipt":
      return item.receipt.intentId;
    case "notice":
      return `${item.key} ${index}`;
  }
}

function RecallNote({ exchange, onLook }: { readonly exchange: Exchange } & Pick<ExchangeActions, "onLook">) {
  const recall = exchange.view?.recall ?? null;
  if (recall === null || recall.items.length === 0) return null;
  return (
    <p className="flex items-center gap-2 text-small text-muted">
      <span className="text-faint">
        <Icon name="memory" />
      </span>
      <span>Recalled {plural(recall.items.length, "memory", "memories")}</span>
      <button type="button" className="link" onClick={() => onLook({ kind: "recall", recall })}>
        why
      </button>
    </p>
  );
}

function Meta({ exchange, onRetry }: { readonly exchange: Exchange } & Pick<ExchangeActions, "onRetry">) {
  const { view, runId, at } = exchange;
  const now = useNow(60_000);
  const text = answerText(exchange.items);
  const usage = view?.usage ?? null;
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-tiny text-faint">
      {view?.inference !== null && view?.inference !== undefined && (
        <span className="flex min-w-0 items-center gap-1">
          <span className="truncate">{view.inference.label}</span> · <Where place={view.inference.locality} />
        </span>
      )}
      {at !== null && <span>{when(at, now)}</span>}
      {usage !== null && usage.engineMs > 0 && usage.outputTokens > 0 && (
        <span>{Math.round((usage.outputTokens * 1000) / usage.engineMs)} tokens/s</span>
      )}
      {usage !== null && usage.promptTokens > 0 && usage.cachedTokens > 0 && (
        <span className="max-md:hidden">
          {Math.floor((usage.cachedTokens * 100) / usage.promptTokens)} % of the prompt reused
        </span>
      )}
      <span className="ms-auto flex">
        {text !== "" && <CopyButton text={text} label="Copy the answer" />}
        {runId !== null && <IconButton icon="refresh" size="small" label="Try again" onClick={() => onRetry(runId)} />}
      </span>
    </p>
  );
}

function Failure({ exchange, onRetry }: { readonly exchange: Exchange } & Pick<ExchangeActions, "onRetry">) {
  const { view, runId } = exchange;
  if (view?.status === "stopped") return <p className="text-small text-muted">Stopped by you.</p>;
  if (view === null || view.status !== "failed" || view.failure === null) return null;
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-3 rounded-3 border border-denied bg-denied-soft p-4 text-small"
    >
      <span className="text-denied">
        <Icon name="warn" size={20} />
      </span>
      <span className="min-w-0 flex-1 wrap-anywhere">
        <b>{view.failure.message}</b> <span className="text-muted">Your message is kept.</span>
        <br />
        <code className="text-tiny text-muted">{view.failure.code}</code>
      </span>
      {runId !== null && (
        <Button icon="refresh" onClick={() => onRetry(runId)}>
          Try again
        </Button>
      )}
    </div>
  );
}

interface ExchangeProps extends ExchangeActions {
  readonly exchange: Exchange;
  readonly assets: readonly AssetInfo[];
}

/** One message of the owner and what came of it. Drawn again only when its own turns or events change. */
export const ExchangeBlock = memo(
  function ExchangeBlock({ exchange, assets, ...actions }: ExchangeProps) {
    const over = exchange.view === null || isOver(exchange.view.status);
    const quiet =
      !over && exchange.items.every((item) => item.kind !== "approval" && (item.kind !== "text" || item.done));
    return (
      <>
        {exchange.own.map((turn) => (
          <Own key={turn.id} turn={turn} onReuse={actions.onReuse} />
        ))}
        {(exchange.items.length > 0 || exchange.view !== null) && (
          <article
            className="grid min-w-0 gap-3 [grid-template-columns:minmax(0,1fr)]"
            aria-label="Answer"
            aria-busy={!over}
          >
            <RecallNote exchange={exchange} onLook={actions.onLook} />
            {exchange.items.map((item, index) => (
              <Item key={keyOf(item, index)} item={item} exchange={exchange} assets={assets} {...actions} />
            ))}
            {quiet && <span className="caret" aria-hidden="true" />}
            <Failure exchange={exchange} onRetry={actions.onRetry} />
            {over && exchange.items.length > 0 && <Meta exchange={exchange} onRetry={actions.onRetry} />}
          </article>
        )}
      </>
    );
  },
  (before, after) =>
    before.exchange.view === after.exchange.view &&
    before.exchange.stamp === after.exchange.stamp &&
    before.assets === after.assets,
);
