import {
  type ErrorJson,
  type IntentId,
  joinLabels,
  type Labels,
  type Money,
  type Quote,
  type RunId,
  systemLabels,
  type TurnId,
} from "@freehold/core";
import type { EventOf, LoggedEvent } from "./events.ts";

/**
 * Where a tool call stands. `started` in a folded log means that the try was cut off: whoever starts a try also ends
 * it, so only a successor ever sees it.
 */
export type CallPhase =
  | "new"
  | "asking"
  | "ready"
  | "started"
  | "unconfirmed"
  | "quoted"
  | "cleared"
  | "reserved"
  | "authorized"
  | "done";

export interface CallState {
  readonly callId: string;
  readonly name: string;
  /** The assistant's turn that holds the arguments. */
  readonly turnId: TurnId;
  readonly phase: CallPhase;
  readonly tries: number;
  /** Times that it waited for a payment to become certain. */
  readonly waits: number;
  readonly approval: EventOf<"approval.asked"> | null;
  /** The owner or a standing rule let this happen, with the rule's id. */
  readonly clearedBy: { readonly ruleId: string; readonly approvalId: string | null } | null;
  readonly payment: PaymentState | null;
  /** Terms that were allowed; a fresh quote within them needs no new question. */
  readonly allowedTerms: Quote | null;
}

export interface PaymentState {
  readonly key: string;
  readonly quote: Quote;
  readonly requestedMax: Money | null;
  readonly intentId: IntentId | null;
}

export interface RunState {
  readonly runId: RunId;
  readonly seq: number;
  readonly created: EventOf<"run.created"> | null;
  readonly recalled: EventOf<"recall.done"> | null;
  /** Leases taken since anything else happened. */
  readonly idleLeases: number;
  readonly stopping: boolean;
  readonly inference: { readonly seq: number; readonly messageId: TurnId } | null;
  /** What was shown of a failed or dead attempt. */
  readonly voided: TurnId | null;
  readonly attempts: number;
  readonly retryAt: Date | null;
  readonly failure: ErrorJson | null;
  /** Answers of the model so far. */
  readonly answers: number;
  /** Answers in a row that held a call nobody could use. */
  readonly badAnswers: number;
  readonly badReason: string;
  /** The last answer asked for nothing more. */
  readonly answered: boolean;
  readonly calls: readonly CallState[];
  /** Turns that this run wrote, in order. */
  readonly turnIds: readonly TurnId[];
  readonly compacted: { readonly beforeOrdinal: number; readonly withoutRecall: boolean };
  /** Join of all that was in context so far. */
  readonly labels: Labels;
  readonly finished: EventOf<"run.finished"> | null;
}

export function initialState(runId: RunId): RunState {
  return {
    runId,
    seq: 0,
    created: null,
    recalled: null,
    idleLeases: 0,
    stopping: false,
    inference: null,
    voided: null,
    attempts: 0,
    retryAt: null,
    failure: null,
    answers: 0,
    badAnswers: 0,
    badReason: "",
    answered: false,
    calls: [],
    turnIds: [],
    compacted: { beforeOrdinal: 0, withoutRecall: false },
    labels: systemLabels,
    finished: null,
  };
}

export function foldAll(state: RunState, events: readonly LoggedEvent[]): RunState {
  return events.reduce(fold, state);
}

/** The state after one more event. Pure. */
export function fold(state: RunState, logged: LoggedEvent): RunState {
  const { event } = logged;
  const next = {
    ...state,
    seq: logged.seq,
    idleLeases: event.type === "lease.taken" ? state.idleLeases + 1 : 0,
    labels: joinLabels([state.labels, logged.labels]),
  };
  switch (event.type) {
    case "run.created":
      return { ...next, created: event, compacted: { ...next.compacted, beforeOrdinal: event.compactedBefore } };
    case "lease.taken":
    case "run.waiting":
      return event.type === "run.waiting" && event.callId !== null
        ? changeCall(next, event.callId, (call) => ({ waits: call.waits + 1 }))
        : next;
    case "recall.done":
      return { ...next, recalled: event };
    case "infer.started":
      return {
        ...next,
        inference: { seq: logged.seq, messageId: event.messageId },
        attempts: state.attempts + 1,
        voided: event.messageId,
      };
    case "infer.ended":
      return foldAnswer(next, event);
    case "compacted":
      return { ...next, compacted: { beforeOrdinal: event.beforeOrdinal, withoutRecall: event.withoutRecall } };
    case "stop.requested":
      return { ...next, stopping: true };
    case "run.finished":
      return { ...next, finished: event };
    case "call.gated":
    case "approval.asked":
    case "approval.decided":
    case "call.started":
    case "call.ended":
    case "payment.quoted":
    case "payment.reserved":
    case "payment.authorized":
    case "payment.ended":
      return foldCall(next, event);
  }
}

function foldAnswer(state: RunState, event: EventOf<"infer.ended">): RunState {
  const written = [...(event.turnId === null ? [] : [event.turnId]), ...event.noteIds];
  const next = { ...state, inference: null, turnIds: [...state.turnIds, ...written] };
  if (event.outcome !== "answered") {
    // An attempt that found no model to ask has no start of its own.
    const attempts = event.start === 0 ? state.attempts + 1 : state.attempts;
    return { ...next, attempts, retryAt: event.retryAt, failure: event.retryAt === null ? event.error : null };
  }
  const { turnId } = event;
  const bad = event.bad.length > 0;
  return {
    ...next,
    voided: null,
    attempts: 0,
    retryAt: null,
    answers: state.answers + 1,
    badAnswers: bad ? state.badAnswers + 1 : 0,
    badReason: event.bad[0] ?? "",
    answered: event.calls.length === 0 && !bad,
    calls: turnId === null ? [] : event.calls.map((call) => newCall(call, turnId)),
  };
}

function newCall(call: { readonly callId: string; readonly name: string }, turnId: TurnId): CallState {
  return {
    ...call,
    turnId,
    phase: "new",
    tries: 0,
    waits: 0,
    approval: null,
    clearedBy: null,
    payment: null,
    allowedTerms: null,
  };
}

type CallEvent = EventOf<
  | "call.gated"
  | "approval.asked"
  | "approval.decided"
  | "call.started"
  | "call.ended"
  | "payment.quoted"
  | "payment.reserved"
  | "payment.authorized"
  | "payment.ended"
>;

function foldCall(state: RunState, event: CallEvent): RunState {
  const next = changeCall(state, event.callId, (call) => changeOf(call, event));
  if (event.type !== "call.ended" || event.turnId === null) return next;
  return { ...next, turnIds: [...next.turnIds, event.turnId] };
}

function changeCall(state: RunState, callId: string, change: (call: CallState) => Partial<CallState>): RunState {
  return { ...state, calls: state.calls.map((call) => (call.callId === callId ? { ...call, ...change(call) } : call)) };
}

function changeOf(call: CallState, event: CallEvent): Partial<CallState> {
  switch (event.type) {
    case "call.gated":
      return event.verdict === "allow"
        ? clear(call, { ruleId: event.ruleId, approvalId: earlierApproval(call, event) })
        : {};
    case "approval.asked":
      return { phase: "asking", approval: event };
    case "approval.decided":
      return event.decision === "allowed"
        ? { ...clear(call, { ruleId: "owner", approvalId: event.approvalId }), approval: null }
        : { approval: null };
    case "call.started":
      return { phase: "started", tries: event.try };
    case "call.ended":
      return { phase: endPhase(event) };
    case "payment.quoted":
      return {
        phase: "quoted",
        payment: { key: event.key, quote: event.quote, requestedMax: event.requestedMax, intentId: null },
      };
    case "payment.reserved":
      return { phase: "reserved", payment: call.payment && { ...call.payment, intentId: event.intentId } };
    case "payment.authorized":
      return { phase: "authorized" };
    case "payment.ended":
      return event.outcome === "expired" ? { phase: "ready", payment: null } : {};
  }
}

/** Rule id of a payment within terms that were allowed before. */
export const sameTermsRule = "approval.same-terms";

function earlierApproval(call: CallState, event: EventOf<"call.gated">): string | null {
  return event.ruleId === sameTermsRule ? (call.clearedBy?.approvalId ?? null) : null;
}

/** What was allowed is the call itself, or the payment once a price is known. */
function clear(call: CallState, clearedBy: NonNullable<CallState["clearedBy"]>): Partial<CallState> {
  const paying = call.payment !== null && call.approval?.kind !== "unknown-outcome";
  return paying ? { phase: "cleared", clearedBy, allowedTerms: call.payment.quote } : { phase: "ready", clearedBy };
}

function endPhase(event: EventOf<"call.ended">): CallPhase {
  if (event.outcome === "unconfirmed") return "unconfirmed";
  // The quote follows in the same transaction.
  return event.outcome === "payment_required" ? "started" : "done";
}
