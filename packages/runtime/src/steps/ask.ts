import type { ApprovalId } from "@freehold/core";
import type { Decision } from "@freehold/policy";
import type { Approval, ApprovalFactsInput } from "../approvals.ts";
import type { Deps } from "../deps.ts";
import type { NewEvent } from "../events.ts";
import { type HeldRun, plain, type StepEnd } from "../held-run.ts";
import type { CallState } from "../state.ts";
import type { CallFacts } from "./call-facts.ts";
import { endCall } from "./end-call.ts";

interface Question {
  readonly kind: Approval["kind"];
  readonly hash: string;
  readonly decision: Decision;
  readonly facts: CallFacts;
  readonly payment: ApprovalFactsInput["payment"];
  readonly before: readonly NewEvent[];
}

/** Writes the question down and gives the run back until it is answered or expires: waiting costs nothing. */
export async function askOwner(deps: Deps, run: HeldRun, call: CallState, question: Question): Promise<StepEnd> {
  const { kind, hash, decision, facts } = question;
  const { runId, threadId } = run;
  const { callId, turnId } = call;
  const id = deps.newId<ApprovalId>();
  const expiresAt = new Date(deps.clock.now().getTime() + deps.config.approvalMs);
  const { labels } = run.state;
  const asked = plain(
    { type: "approval.asked", v: 1, approvalId: id, callId, kind, hash, expiresAt: expiresAt.toISOString() },
    labels,
  );
  await run.append([...question.before, asked], async (tx) => {
    await deps.approvals.insert(tx, {
      id,
      runId,
      threadId,
      kind,
      callId,
      turnId,
      labels,
      expiresAt,
      argumentsHash: hash,
      facts: {
        tool: call.name,
        serverId: facts.tool?.serverId ?? "gone",
        serverName: facts.tool?.serverName ?? "",
        builtin: facts.tool?.builtin ?? false,
        reason: decision.reason,
        ruleId: decision.ruleId,
        questions: [...(decision.questions ?? [decision.reason])],
        payment: question.payment,
      },
    });
    await deps.runs.park(tx, run.lease, "waiting", expiresAt);
  });
  deps.failpoint("approval.parked");
  return "parked";
}

/** Folds in what the owner decided; an unanswered question ends the call once it has expired. */
export async function awaitApprovalStep(deps: Deps, run: HeldRun, call: CallState): Promise<StepEnd> {
  const asked = call.approval;
  if (asked === null) return "go-on";
  const approvals = (await deps.approvals.expire(run.runId)).filter((one) => one.id === asked.approvalId);
  const state = approvals[0]?.state ?? "withdrawn";
  if (state === "waiting") {
    await deps.runs.park(undefined, run.lease, "waiting", asked.expiresAt);
    return "parked";
  }
  const { callId } = call;
  const decided = plain(
    { type: "approval.decided", v: 1, approvalId: asked.approvalId, callId, decision: state },
    run.state.labels,
  );
  if (state === "allowed") await run.append([decided]);
  else await endCall(deps, run, call, { ...declined(asked.kind, state), before: [decided] });
  deps.failpoint("approval.decided");
  return "go-on";
}

function declined(
  kind: Approval["kind"],
  state: "denied" | "expired" | "withdrawn",
): { readonly outcome: "denied" | "unknown"; readonly text: string } {
  if (kind === "unknown-outcome") {
    return {
      outcome: "unknown",
      text: "It is not known whether this call took effect. The owner chose not to repeat it.",
    };
  }
  const what = kind === "payment" ? "The owner did not allow the payment" : "The owner did not allow this call";
  return { outcome: "denied", text: state === "denied" ? `${what}.` : `${what}: the question ${state}.` };
}
