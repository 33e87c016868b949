import type { Deps } from "../deps.ts";
import { type HeldRun, plain, type StepEnd } from "../held-run.ts";

/** Gives the run back until a point in time. */
export async function waitUntil(
  deps: Deps,
  run: HeldRun,
  wait: { readonly reason: "retry" | "payment" | "halted"; readonly callId: string | null; readonly until: Date },
): Promise<StepEnd> {
  const { reason, callId, until } = wait;
  await run.append([plain({ type: "run.waiting", v: 1, reason, callId, until: until.toISOString() })], (tx) =>
    deps.runs.park(tx, run.lease, "queued", until),
  );
  return "parked";
}
