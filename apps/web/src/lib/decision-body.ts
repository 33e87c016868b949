import type { ApprovalCard, RouteInput } from "@freehold/contract";

export interface Decision {
  readonly decision: "allow" | "deny";
  /** A standing rule that the owner makes with it. */
  readonly rule?: ApprovalCard["offers"][number];
}

/** Binds the decision to what was on the screen: the agent refuses it when the terms have changed since. */
export function decisionBody(
  shown: ApprovalCard,
  { decision, rule }: Decision,
): RouteInput<"approvals.decide">["body"] {
  return { decision, argumentsHash: shown.argumentsHash, ...(rule === undefined ? {} : { rule }) };
}
