import { decide, type Decision } from "@freehold/policy";
import type { Deps } from "../deps.ts";
import { plain, type HeldRun, type StepEnd } from "../held-run.ts";
import type { CallState } from "../state.ts";
import { askOwner } from "./ask.ts";
import { callFacts, type CallFacts, toolSubject } from "./call-facts.ts";
import { endCall } from "./end-call.ts";

/** Policy decides about one tool call: it may run, the owner is asked, or the model is told no. */
export async function gateStep(deps: Deps, run: HeldRun, call: CallState): Promise<StepEnd> {
  const facts = await callFacts(deps, run, call);
  const decision = decideTool(facts);
  const { verdict, ruleId, reason } = decision;
  const gated = plain(
    { type: "call.gated", v: 1, callId: call.callId, subject: "tool", verdict, ruleId, reason, hash: facts.hash },
    run.state.labels,
  );
  deps.failpoint("gate.before-append");
  switch (verdict) {
    case "allow":
      await run.append([gated]);
      break;
    case "deny":
      await endCall(deps, run, call, { outcome: "denied", text: `Not allowed: ${reason}`, before: [gated] });
      break;
    case "ask":
      return askOwner(deps, run, call, {
        kind: "tool",
        hash: facts.hash,
        decision,
        facts,
        payment: null,
        before: [gated],
      });
  }
  deps.failpoint("gate.ended");
  return "go-on";
}

export function decideTool(facts: CallFacts): Decision {
  return decide(toolSubject(facts), facts.context, facts.standing.config);
}
