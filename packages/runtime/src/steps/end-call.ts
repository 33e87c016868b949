import {
  type JsonValue,
  type Labels,
  type NewTurn,
  systemLabels,
  type ToolResultStatus,
  type TurnId,
  type Tx,
} from "@freehold/core";
import type { Deps } from "../deps.ts";
import type { EventOf, NewEvent } from "../events.ts";
import type { HeldRun } from "../held-run.ts";
import type { CallState } from "../state.ts";

export interface CallEnd {
  readonly outcome: ToolResultStatus;
  /** What the model reads. */
  readonly text: string;
  readonly labels?: Labels;
  readonly startedAt?: Date;
  readonly server?: string;
}

export interface EndedCall {
  readonly event: NewEvent;
  readonly turn: NewTurn;
}

/** The end of a call: a turn with its result, and the event that refers to it. */
export function endedCall(deps: Deps, run: HeldRun, call: CallState, end: CallEnd): EndedCall {
  const { callId, name, tries } = call;
  const labels = end.labels ?? systemLabels;
  const at = deps.clock.now();
  const turn: NewTurn = {
    id: deps.newId<TurnId>(),
    threadId: run.threadId,
    runId: run.runId,
    author: "tool",
    parts: [{ type: "tool-result", callId, name, status: end.outcome, text: end.text }],
    labels,
    at,
  };
  const durationMs = end.startedAt === undefined ? null : at.getTime() - end.startedAt.getTime();
  const event: EventOf<"call.ended"> = {
    type: "call.ended",
    v: 1,
    callId,
    try: tries,
    outcome: end.outcome,
    turnId: turn.id,
    durationMs,
    server: end.server ?? null,
    reason: null,
  };
  return { event: { event, labels }, turn };
}

/** Ends the call, after the given events and in one transaction with them. */
export async function endCall(
  deps: Deps,
  run: HeldRun,
  call: CallState,
  ending: CallEnd & { readonly before?: readonly NewEvent[]; readonly also?: (tx: Tx) => Promise<void> },
): Promise<void> {
  const { event, turn } = endedCall(deps, run, call, ending);
  await run.append([...(ending.before ?? []), event], async (tx) => {
    await deps.turns.append(tx, turn);
    await ending.also?.(tx);
  });
}

/** All strings in a JSON value. */
export function stringsIn(value: JsonValue): readonly string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(stringsIn);
}
