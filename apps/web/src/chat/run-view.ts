import {
  customValue,
  type ApprovalCard,
  type CustomEventValue,
  type ReceiptJson,
  type RunEvent,
  type TurnPartJson,
} from "@freehold/contract";

export interface TextItem {
  readonly kind: "text" | "reasoning";
  readonly messageId: string;
  readonly text: string;
  readonly done: boolean;
  /** Set once the message is committed; from then on the turn's own text counts. */
  readonly turnId: string | null;
}
export type CallState = CustomEventValue<"freehold.call">["state"] | "proposed";
export type ResultStatus = Extract<TurnPartJson, { type: "tool-result" }>["status"];
export interface CallItem {
  readonly kind: "call";
  readonly callId: string;
  readonly name: string;
  readonly server: string | null;
  /** JSON text of the arguments as the model wrote it; may be incomplete while it streams. */
  readonly argumentsText: string;
  readonly state: CallState;
  readonly tries: number;
  readonly durationMs: number | null;
  readonly result: string | null;
  readonly verdict: CustomEventValue<"freehold.verdict"> | null;
  readonly paymentVerdict: CustomEventValue<"freehold.verdict"> | null;
}
export interface ApprovalItem {
  readonly kind: "approval";
  readonly card: ApprovalCard;
}
export interface ReceiptItem {
  readonly kind: "receipt";
  readonly callId: string;
  readonly receipt: ReceiptJson;
}
export interface NoticeItem {
  readonly kind: "notice";
  readonly key: string;
  readonly level: "info" | "warning" | "error";
  readonly message: string;
}
export type RunItem = TextItem | CallItem | ApprovalItem | ReceiptItem | NoticeItem;

export type RunStatus = "running" | "waiting" | "completed" | "stopped" | "failed";

/** What a run's events say, in the order in which they are shown. */
export interface RunView {
  readonly runId: string;
  readonly status: RunStatus;
  readonly items: readonly RunItem[];
  readonly recall: CustomEventValue<"freehold.recall"> | null;
  readonly inference: CustomEventValue<"freehold.inference"> | null;
  readonly usage: CustomEventValue<"freehold.usage"> | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

export function emptyRunView(runId: string): RunView {
  return { runId, status: "running", items: [], recall: null, inference: null, usage: null, failure: null };
}

/** Replaces the items that match, or adds one at the end. */
function upsert(
  items: readonly RunItem[],
  matches: (item: RunItem) => boolean,
  update: (item: RunItem | null) => RunItem,
): readonly RunItem[] {
  const at = items.findIndex(matches);
  return at < 0 ? [...items, update(null)] : items.with(at, update(items[at] ?? null));
}

const isText =
  (messageId: string) =>
  (item: RunItem): boolean =>
    (item.kind === "text" || item.kind === "reasoning") && item.messageId === messageId;
const isCall =
  (callId: string) =>
  (item: RunItem): boolean =>
    item.kind === "call" && item.callId === callId;

/** Text of an inference that died before it was committed: its successor says it again, so it must not stay. */
function withoutUncommitted(items: readonly RunItem[], keep?: string): readonly RunItem[] {
  return items.filter(
    (item) =>
      (item.kind !== "text" && item.kind !== "reasoning") ||
      item.turnId !== null ||
      item.done ||
      item.messageId === keep,
  );
}

function startText(view: RunView, kind: TextItem["kind"], messageId: string): RunView {
  const fresh: TextItem = { kind, messageId, text: "", done: false, turnId: null };
  // A start of a message that is already there means that its text so far follows: it begins anew, in its place.
  const items = upsert(withoutUncommitted(view.items, messageId), isText(messageId), (item) =>
    item === null ? fresh : { ...fresh, turnId: (item as TextItem).turnId },
  );
  return { ...view, status: "running", items };
}

function changeText(view: RunView, messageId: string, change: (item: TextItem) => TextItem): RunView {
  return { ...view, items: view.items.map((item) => (isText(messageId)(item) ? change(item as TextItem) : item)) };
}

function changeCall(view: RunView, callId: string, change: (item: CallItem) => CallItem): RunView {
  const fresh: CallItem = {
    kind: "call",
    callId,
    name: "",
    server: null,
    argumentsText: "",
    state: "proposed",
    tries: 0,
    durationMs: null,
    result: null,
    verdict: null,
    paymentVerdict: null,
  };
  return {
    ...view,
    items: upsert(view.items, isCall(callId), (item) => change(item === null ? fresh : (item as CallItem))),
  };
}

function addReceipt(view: RunView, item: ReceiptItem): RunView {
  const matches = (other: RunItem): boolean =>
    other.kind === "receipt" && other.receipt.intentId === item.receipt.intentId;
  return { ...view, items: upsert(view.items, matches, () => item) };
}

function addApproval(view: RunView, card: ApprovalCard): RunView {
  const matches = (item: RunItem): boolean => item.kind === "approval" && item.card.id === card.id;
  return { ...view, items: upsert(view.items, matches, () => ({ kind: "approval", card })) };
}

function applyCustom(view: RunView, event: RunEvent): RunView {
  const recall = customValue(event, "freehold.recall");
  if (recall !== null) return { ...view, recall };
  const inference = customValue(event, "freehold.inference");
  if (inference !== null) return { ...view, status: "running", inference, items: withoutUncommitted(view.items) };
  const usage = customValue(event, "freehold.usage");
  if (usage !== null) return { ...view, usage };
  const verdict = customValue(event, "freehold.verdict");
  if (verdict !== null) {
    const field = verdict.subject === "payment" ? "paymentVerdict" : "verdict";
    return changeCall(view, verdict.callId, (item) => ({ ...item, [field]: verdict }));
  }
  const approval = customValue(event, "freehold.approval");
  if (approval !== null) return addApproval(view, approval);
  const receipt = customValue(event, "freehold.receipt");
  if (receipt !== null) return addReceipt(view, { kind: "receipt", ...receipt });
  return applyProgress(view, event);
}

function applyProgress(view: RunView, event: RunEvent): RunView {
  const call = customValue(event, "freehold.call");
  if (call !== null) {
    return changeCall({ ...view, status: "running" }, call.callId, (item) => ({
      ...item,
      server: call.server,
      state: call.state,
      tries: Math.max(item.tries, call.try),
      durationMs: call.durationMs,
    }));
  }
  const turn = customValue(event, "freehold.turn");
  if (turn !== null) return changeText(view, turn.messageId, (item) => ({ ...item, done: true, turnId: turn.turnId }));
  if (customValue(event, "freehold.waiting") !== null) return { ...view, status: "waiting" };
  const compacted = customValue(event, "freehold.compacted");
  if (compacted !== null) {
    const message = `${compacted.turns} earlier turns were summed up to save ${compacted.tokens} tokens.`;
    return addNotice(view, { kind: "notice", key: `compacted ${compacted.turns}`, level: "info", message });
  }
  const notice = customValue(event, "freehold.notice");
  if (notice !== null) {
    return addNotice(view, { kind: "notice", key: notice.code, level: notice.level, message: notice.message });
  }
  return view;
}

function addNotice(view: RunView, notice: NoticeItem): RunView {
  const matches = (item: RunItem): boolean => item.kind === "notice" && item.key === notice.key;
  return { ...view, items: upsert(view.items, matches, () => notice) };
}

/**
 * One event later. Pure, and safe against being told the same again: after a cut the server sends the text so far
 * once more, and a reader that starts from the beginning ends in the same view.
 */
export function applyRunEvent(view: RunView, event: RunEvent): RunView {
  switch (event.type) {
    case "RUN_STARTED":
      return { ...view, status: "running", failure: null };
    case "RUN_FINISHED":
      return { ...view, status: event.result?.status ?? "completed", items: withoutUncommitted(view.items) };
    case "RUN_ERROR":
      return {
        ...view,
        status: "failed",
        failure: { code: event.code ?? "RUN_FAILED", message: event.message },
        items: withoutUncommitted(view.items),
      };
    case "TEXT_MESSAGE_START":
      return startText(view, "text", event.messageId);
    case "REASONING_MESSAGE_START":
      return startText(view, "reasoning", event.messageId);
    case "TEXT_MESSAGE_CONTENT":
    case "REASONING_MESSAGE_CONTENT":
      return changeText(view, event.messageId, (item) => ({ ...item, text: item.text + event.delta }));
    case "TEXT_MESSAGE_END":
    case "REASONING_MESSAGE_END":
      return changeText(view, event.messageId, (item) => ({ ...item, done: true }));
    case "TOOL_CALL_START":
      return changeCall(view, event.toolCallId, (item) => ({ ...item, name: event.toolCallName, argumentsText: "" }));
    case "TOOL_CALL_ARGS":
      return changeCall(view, event.toolCallId, (item) => ({
        ...item,
        argumentsText: item.argumentsText + event.delta,
      }));
    case "TOOL_CALL_END":
      return view;
    case "TOOL_CALL_RESULT":
      return changeCall(view, event.toolCallId, (item) => ({ ...item, result: event.content }));
    case "CUSTOM":
      return applyCustom(view, event);
  }
}

/** Whether nothing more will come. */
export function isOver(status: RunStatus): boolean {
  return status === "completed" || status === "stopped" || status === "failed";
}

/** The items as they are shown: a receipt stands where the approval stood that it came from. */
export function shownItems(items: readonly RunItem[]): RunItem[] {
  const receipts = items.filter((item) => item.kind === "receipt");
  const moved = new Set<RunItem>();
  const shown = items.map((item): RunItem => {
    if (item.kind !== "approval" || item.card.state !== "allowed" || item.card.payment === null) return item;
    const { payee, amount } = item.card.payment;
    const receipt = receipts.find(
      (candidate) =>
        !moved.has(candidate) &&
        candidate.receipt.payee === payee &&
        candidate.receipt.amount.asset === amount.asset &&
        BigInt(candidate.receipt.amount.units) <= BigInt(amount.units),
    );
    if (receipt === undefined) return item;
    moved.add(receipt);
    return receipt;
  });
  const first = new Set<RunItem>();
  return shown.filter((item) => !first.has(item) && first.add(item));
}
