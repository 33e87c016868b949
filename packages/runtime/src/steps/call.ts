import { describeError, systemLabels } from "@freehold/core";
import type { Deps } from "../deps.ts";
import { type HeldRun, plain, type StepEnd } from "../held-run.ts";
import type { PaymentCredential } from "@freehold/core";
import type { Tool, ToolOutcome } from "../ports.ts";
import type { CallState } from "../state.ts";
import { askOwner } from "./ask.ts";
import { callFacts, type CallFacts } from "./call-facts.ts";
import { endCall } from "./end-call.ts";
import { decideTool } from "./gate.ts";
import { endPaidTry, quoteStep, refusePayment } from "./pay.ts";

/** One try of a call: logged before it starts and after it ends. */
export async function callStep(deps: Deps, run: HeldRun, call: CallState): Promise<StepEnd> {
  const facts = await callFacts(deps, run, call);
  const { tool } = facts;
  const objection =
    tool === null ? "the tool is gone or has changed since the run began" : objectionTo(deps, call, facts);
  if (tool === null || objection !== null) {
    await endCall(deps, run, call, { outcome: "denied", text: `Not done: ${objection ?? ""}.` });
    return "go-on";
  }
  const intentId = call.payment?.intentId ?? null;
  const number = call.tries + 1;
  await run.append([plain({ type: "call.started", v: 1, callId: call.callId, try: number, intentId })]);
  deps.failpoint("call.started");
  const started: CallState = { ...call, tries: number };
  const startedAt = deps.clock.now();
  if (intentId === null) {
    const outcome = await attempt(deps, run, { call: started, facts });
    deps.failpoint("call.answered");
    return endFreeTry(deps, run, started, { tool, outcome, startedAt });
  }
  const ready = await deps.payer.beforeSend(intentId, `${run.runId}/${String(run.lease.number)}`);
  if (ready.outcome === "refused") return refusePayment(deps, run, started, ready.reason);
  deps.failpoint("payment.before-send");
  const outcome = await attempt(deps, run, { call: started, facts, payment: ready.credential });
  deps.failpoint("payment.answered");
  return endPaidTry(deps, run, started, { tool, outcome, startedAt, intentId });
}

/** Time has passed since the owner allowed it: what policy forbids by now is not done. */
function objectionTo(deps: Deps, call: CallState, facts: CallFacts): string | null {
  if (call.tries >= deps.config.callTries) return `it was tried ${String(call.tries)} times`;
  const decision = decideTool(facts);
  return decision.verdict === "deny" ? decision.reason : null;
}

async function attempt(
  deps: Deps,
  run: HeldRun,
  given: { readonly call: CallState; readonly facts: CallFacts; readonly payment?: PaymentCredential },
): Promise<ToolOutcome> {
  const { call, facts, payment } = given;
  try {
    return await deps.tools.call(facts.call, {
      runId: run.runId,
      threadId: run.threadId,
      callId: call.callId,
      try: call.tries,
      labels: run.state.labels,
      turnId: call.turnId,
      ...(payment === undefined ? {} : { payment }),
      // Cutting off a try that pays would only make its outcome unknown.
      signal: payment === undefined ? run.stopped : run.lost,
    });
  } catch (error) {
    return { outcome: "unknown", reason: describeError(error) };
  }
}

async function endFreeTry(
  deps: Deps,
  run: HeldRun,
  call: CallState,
  ended: { readonly tool: Tool; readonly outcome: ToolOutcome; readonly startedAt: Date },
): Promise<StepEnd> {
  const { tool, outcome, startedAt } = ended;
  const server = tool.serverName;
  switch (outcome.outcome) {
    case "ok":
    case "error":
      await endCall(deps, run, call, {
        outcome: outcome.outcome,
        text: outcome.text,
        labels: outcome.labels,
        startedAt,
        server,
      });
      break;
    case "payment_required":
      await quoteStep(deps, run, call, { outcome, startedAt, server });
      break;
    case "unknown":
      if (await mayRepeat(deps, run, call, tool)) {
        await endCall(deps, run, call, { outcome: "error", text: `No answer: ${outcome.reason}`, startedAt, server });
      } else await unconfirmed(run, call, { reason: outcome.reason, server });
  }
  deps.failpoint("call.ended");
  return "go-on";
}

async function unconfirmed(
  run: HeldRun,
  call: CallState,
  { reason, server }: { readonly reason: string; readonly server: string | null },
): Promise<void> {
  await run.append([
    plain({
      type: "call.ended",
      v: 1,
      callId: call.callId,
      try: call.tries,
      outcome: "unconfirmed",
      turnId: null,
      durationMs: null,
      server,
      reason,
    }),
  ]);
}

/** Only what a trusted server declares to be both a read and idempotent is ever repeated without asking. */
async function mayRepeat(deps: Deps, run: HeldRun, call: CallState, tool: Tool): Promise<boolean> {
  const { readOnly, idempotent } = tool.effects;
  if ((tool.builtin || tool.vetted) && readOnly && idempotent) return true;
  if (!tool.builtin || tool.repeatable === undefined) return false;
  const facts = await callFacts(deps, run, call);
  return tool.repeatable(facts.call.arguments);
}

/** A try that its worker did not live to end, without a payment. */
export async function recoverFreeTry(deps: Deps, run: HeldRun, call: CallState): Promise<StepEnd> {
  const { tool } = await callFacts(deps, run, call);
  if (tool !== null && (await mayRepeat(deps, run, call, tool))) return callStep(deps, run, call);
  await unconfirmed(run, call, {
    reason: "The worker stopped while the call was under way.",
    server: tool?.serverName ?? null,
  });
  return "go-on";
}

/** Nobody can know whether it happened, so the owner says whether to do it again. */
export async function askUnknownStep(deps: Deps, run: HeldRun, call: CallState): Promise<StepEnd> {
  const reason = `It is not known whether ${call.name} took effect. Should it be done again?`;
  if (run.state.created?.attended !== true) {
    const text = "It is not known whether this call took effect, and nobody is there to ask.";
    await endCall(deps, run, call, { outcome: "unknown", text, labels: systemLabels });
    return "go-on";
  }
  const facts = await callFacts(deps, run, call);
  const decision = { verdict: "ask" as const, ruleId: "call.unknown-outcome", reason };
  return askOwner(deps, run, call, {
    kind: "unknown-outcome",
    hash: facts.hash,
    decision,
    facts,
    payment: null,
    before: [],
  });
}
