import type { ApprovalCard } from "@freehold/contract";
import { verifies } from "@freehold/testkit";
import { expect, it } from "vitest";
import { decisionBody } from "./decision-body.ts";

it("binds a decision to the hash that was shown", () => {
  verifies("web.approval.bound");
  const shown = { argumentsHash: "b04e7d19" } as ApprovalCard;
  expect(decisionBody(shown, { decision: "allow" })).toEqual({ decision: "allow", argumentsHash: "b04e7d19" });
  expect(decisionBody(shown, { decision: "allow", rule: "allow-payee" }).rule).toBe("allow-payee");
});
