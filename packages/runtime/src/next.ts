import { type ErrorJson, FreeholdError } from "@freehold/core";
import { runtimeErrors } from "./errors.ts";
import type { CallState, RunState } from "./state.ts";

export type Step =
  | { readonly kind: "recall" }
  | { readonly kind: "infer"; readonly attempt: number; readonly notBefore: Date | null }
  | { readonly kind: "gate"; readonly call: CallState }
  | { readonly kind: "await-approval"; readonly call: CallState }
  | { readonly kind: "call"; readonly call: CallState }
  /** The try was cut off with its worker. */
  | { readonly kind: "recover"; readonly call: CallState }
  /** Nobody knows whether it happened: the owner says whether to try again. */
  | { readonly kind: "ask-unknown"; readonly call: CallState }
  | { readonly kind: "gate-payment"; readonly call: CallState }
  | { readonly kind: "reserve"; readonly call: CallState }
  | { readonly kind: "authorize"; readonly call: CallState }
  | { readonly kind: "finish"; readonly status: "completed" | "failed" | "stopped"; readonly error: ErrorJson | null }
  | { readonly kind: "nothing" };

export interface Limits {
  /** Answers of the model in one run. */
  readonly answers: number;
  /** Workers that one point of a run may cost. */
  readonly crashes: number;
}

/** The one step that follows from the log. Pure: a successor of a dead worker decides the same. */
export function next(state: RunState, limits: Limits): Step {
  if (state.finished !== null) return { kind: "nothing" };
  if (state.stopping) return { kind: "finish", status: "stopped", error: null };
  if (state.idleLeases >= limits.crashes) return failed(runtimeErrors.RUN_CRASHED, { times: state.idleLeases - 1 });
  if (state.recalled === null) return { kind: "recall" };
  if (state.failure !== null) return { kind: "finish", status: "failed", error: state.failure };
  if (state.badAnswers > 1) return failed(runtimeErrors.TOOL_CALL_INVALID, { problem: state.badReason });
  const open = state.calls.find((call) => call.phase !== "done");
  if (open !== undefined) return callStep(open);
  if (state.answered) return { kind: "finish", status: "completed", error: null };
  if (state.answers >= limits.answers) return failed(runtimeErrors.RUN_STEP_LIMIT, { limit: limits.answers });
  return { kind: "infer", attempt: state.attempts + 1, notBefore: state.retryAt };
}

function callStep(call: CallState): Step {
  switch (call.phase) {
    case "new":
      return { kind: "gate", call };
    case "asking":
      return { kind: "await-approval", call };
    case "ready":
    case "authorized":
      return { kind: "call", call };
    case "started":
      return { kind: "recover", call };
    case "unconfirmed":
      return { kind: "ask-unknown", call };
    case "quoted":
      return { kind: "gate-payment", call };
    case "cleared":
      return { kind: "reserve", call };
    case "reserved":
      return { kind: "authorize", call };
    case "done":
      return { kind: "nothing" };
  }
}

function failed(...[spec, data]: ConstructorParameters<typeof FreeholdError>): Step {
  return { kind: "finish", status: "failed", error: new FreeholdError(spec, data).toJSON() };
}
