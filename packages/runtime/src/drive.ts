import { isFreeholdError } from "@freehold/core";
import type { Deps } from "./deps.ts";
import { runtimeErrors } from "./errors.ts";
import { type HeldRun, type HoldOptions, holdRun, plain, type StepEnd } from "./held-run.ts";
import { next, type Step } from "./next.ts";
import { awaitApprovalStep } from "./steps/ask.ts";
import { askUnknownStep, callStep, recoverFreeTry } from "./steps/call.ts";
import { finishStep } from "./steps/finish.ts";
import { gateStep } from "./steps/gate.ts";
import { inferStep } from "./steps/infer.ts";
import { authorizeStep, gatePaymentStep, recoverPaidTry, reserveStep } from "./steps/pay.ts";
import { recallStep } from "./steps/recall.ts";

/** How long a run that the kill switch holds back waits before it looks again. */
const haltedMs = 60_000;

/**
 * Drives a held run step by step until it ends or waits. Each step is committed before the next begins; commands and
 * the kill switch are looked at between any two. Throws when the lease is lost or a step fails: then nothing more is
 * written, and whoever takes the run next goes on from the log.
 */
export async function drive(deps: Deps, options: HoldOptions): Promise<void> {
  const run = await takeOver(deps, options);
  deps.failpoint("lease.taken");
  let end: StepEnd = "go-on";
  while (end === "go-on") {
    await foldCommands(deps, run);
    const step = next(run.state, deps.config.limits);
    if (step.kind !== "finish" && (await deps.rules.halted())) {
      end = await pause(deps, run);
      continue;
    }
    end = await take(deps, run, step);
  }
}

/** The first append shuts out whoever held the run before; what that one still wrote meanwhile is read again. */
async function takeOver(deps: Deps, options: HoldOptions): Promise<HeldRun> {
  for (let left = 3; ; left -= 1) {
    const run = await holdRun(deps, options);
    try {
      await run.append([plain({ type: "lease.taken", v: 1, lease: options.lease.number })]);
      return run;
    } catch (error) {
      if (left === 0 || !isFreeholdError(error, runtimeErrors.RUN_LEASE_LOST.code)) throw error;
    }
  }
}

async function take(deps: Deps, run: HeldRun, step: Step): Promise<StepEnd> {
  try {
    return await perform(deps, run, step);
  } catch (error) {
    if (!isFreeholdError(error, runtimeErrors.RUN_LOG_INVALID.code) || step.kind === "finish") throw error;
    // No successor could do better: what the run needs is gone.
    return finishStep(deps, run, { kind: "finish", status: "failed", error: error.toJSON() });
  }
}

function perform(deps: Deps, run: HeldRun, step: Step): Promise<StepEnd> {
  switch (step.kind) {
    case "recall":
      return recallStep(deps, run);
    case "infer":
      return inferStep(deps, run, step.notBefore);
    case "gate":
      return gateStep(deps, run, step.call);
    case "await-approval":
      return awaitApprovalStep(deps, run, step.call);
    case "call":
      return callStep(deps, run, step.call);
    case "recover":
      return step.call.payment?.intentId == null
        ? recoverFreeTry(deps, run, step.call)
        : recoverPaidTry(deps, run, step.call, callStep);
    case "ask-unknown":
      return askUnknownStep(deps, run, step.call);
    case "gate-payment":
      return gatePaymentStep(deps, run, step.call);
    case "reserve":
      return reserveStep(deps, run, step.call);
    case "authorize":
      return authorizeStep(deps, run, step.call);
    case "finish":
      return finishStep(deps, run, step);
    case "nothing":
      return Promise.resolve("parked");
  }
}

async function foldCommands(deps: Deps, run: HeldRun): Promise<void> {
  const commands = await deps.runs.commands(run.runId);
  if (commands.length === 0) return;
  const ids = commands.map((command) => command.id);
  const stop = !run.state.stopping && commands.some((command) => command.kind === "stop");
  // A decision stands in its approval; the command only woke the run.
  if (!stop) await deps.db.transaction((tx) => deps.runs.folded(tx, ids));
  else await run.append([plain({ type: "stop.requested", v: 1 })], (tx) => deps.runs.folded(tx, ids));
}

/** Gives the run back while the owner has halted everything; `wakeAll` makes it due again at once. */
async function pause(deps: Deps, run: HeldRun): Promise<StepEnd> {
  const until = new Date(deps.clock.now().getTime() + haltedMs);
  const waiting = plain({ type: "run.waiting", v: 1, reason: "halted", callId: null, until: until.toISOString() });
  const asking = run.state.calls.some((call) => call.phase === "asking");
  await run.append([waiting], (tx) => deps.runs.park(tx, run.lease, asking ? "waiting" : "queued", until));
  return "parked";
}
