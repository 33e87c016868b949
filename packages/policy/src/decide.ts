import { paymentFacts, paymentRules } from "./payment-rules.ts";
import type { Rule } from "./rule.ts";
import type {
  AuthoritySubject,
  Decision,
  PolicyConfig,
  PolicyContext,
  PolicySubject,
  ToolSubject,
  PaymentSubject,
} from "./subject.ts";
import { toolFacts } from "./tool-facts.ts";
import { toolRules } from "./tool-rules.ts";

/**
 * Decides one tool call, one quote or one change of authority. Pure: the same input gives the same decision.
 * All rules are tried; deny beats ask beats allow; what no rule allows is denied. Whoever is not there to
 * answer is not asked: unattended, an `ask` becomes a `deny`.
 */
export function decide(subject: PolicySubject, context: PolicyContext, config: PolicyConfig): Decision {
  const decision = strictest(subject, context, config);
  if (decision.verdict !== "ask" || context.attended) return decision;
  return {
    verdict: "deny",
    ruleId: "unattended.would-ask",
    reason: `Nobody is there to ask (${decision.ruleId}): ${decision.reason}`,
  };
}

function strictest(subject: PolicySubject, context: PolicyContext, config: PolicyConfig): Decision {
  switch (subject.kind) {
    case "tool":
      return decideTool(subject, context, config);
    case "payment":
      return decidePayment(subject, context, config);
    case "authority":
      return decideAuthority(subject);
  }
}

function decideTool(subject: ToolSubject, context: PolicyContext, config: PolicyConfig): Decision {
  const fallback = `No rule allows ${subject.name}.`;
  return weigh(toolRules, toolFacts(subject, context, config), fallback);
}

function decidePayment(subject: PaymentSubject, context: PolicyContext, config: PolicyConfig): Decision {
  return weigh(paymentRules, paymentFacts(subject, context, config), "No rule allows this payment.");
}

/** Neither the agent nor a page nor a peer can widen what the agent may do. */
function decideAuthority(subject: AuthoritySubject): Decision {
  if (subject.actor === "owner") {
    return { verdict: "allow", ruleId: "authority.owner", reason: "You decide what the agent may do." };
  }
  return {
    verdict: "deny",
    ruleId: "authority.owner-only",
    reason: "Only you can add a payee, raise a limit or allow something for good, on its own page.",
  };
}

function weigh<Facts>(rules: readonly Rule<Facts>[], facts: Facts, fallback: string): Decision {
  const matching = rules.filter((rule) => rule.when(facts));
  const asking = matching.filter((rule) => rule.verdict === "ask");
  const first = matching.find((rule) => rule.verdict === "deny") ?? asking[0] ?? matching[0];
  if (first === undefined) return { verdict: "deny", ruleId: "default.deny", reason: fallback };
  const decision = { verdict: first.verdict, ruleId: first.id, reason: first.reason(facts) };
  if (first.verdict !== "ask") return decision;
  return { ...decision, questions: asking.map((rule) => rule.reason(facts)) };
}
