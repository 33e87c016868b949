import type { Deps } from "../deps.ts";
import { type HeldRun, plain, type StepEnd } from "../held-run.ts";
import type { Step } from "../next.ts";

/** Ends the run: questions are withdrawn, and what was reserved and never sent goes back. */
export async function finishStep(deps: Deps, run: HeldRun, step: Extract<Step, { kind: "finish" }>): Promise<StepEnd> {
  const { status, error } = step;
  for (const call of run.state.calls) {
    if (call.phase !== "done" && call.payment?.intentId != null) await deps.payer.abandon(call.payment.intentId);
  }
  const asking = run.state.calls.some((call) => call.approval !== null);
  deps.failpoint("finish.before-append");
  await run.append([plain({ type: "run.finished", v: 1, status, error }, run.state.labels)], async (tx) => {
    if (asking) await deps.approvals.withdraw(tx, run.runId);
    await deps.runs.finish(tx, run.lease, status, error);
  });
  return "parked";
}
