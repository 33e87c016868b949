import { asset, money } from "@freehold/core";
import { verifies } from "@freehold/testkit";
import { describe, expect, it } from "vitest";
import { decide } from "./decide.ts";
import type { PaymentSubject, PolicyContext, Verdict } from "./subject.ts";
import { config, context, payeeGrant, payment, quote, untrustedLabels, usdc } from "./test-subjects.ts";

const granted: Partial<PolicyContext> = { grants: [payeeGrant] };
const first: Partial<PaymentSubject> = { firstPayment: true, payeeKnown: false };
const sats = asset("lightning:msat");

type Case = readonly [
  name: string,
  change: Partial<PaymentSubject>,
  context: Partial<PolicyContext>,
  decision: { readonly verdict: Verdict; readonly ruleId: string },
];

const decides = (verdict: Verdict, ruleId: string): Case[3] => ({ verdict, ruleId });

const cases: readonly Case[] = [
  ["a small payment to an approved payee", {}, granted, decides("allow", "payment.standing-rule")],
  ["the same on a schedule", {}, { ...granted, attended: false }, decides("allow", "payment.standing-rule")],
  [
    "the same beside a page",
    { requestSource: "derived" },
    { ...granted, labels: untrustedLabels },
    decides("allow", "payment.standing-rule"),
  ],
  [
    "an upper-case form of the approved payee",
    { quote: quote({ payee: payeeGrant.payee.toUpperCase() }) },
    granted,
    decides("allow", "payment.standing-rule"),
  ],
  [
    "exactly what the rule allows",
    { quote: quote({ amount: money(usdc, 50_000n) }) },
    granted,
    decides("allow", "payment.standing-rule"),
  ],
  [
    "one unit more than the rule",
    { quote: quote({ amount: money(usdc, 50_001n) }) },
    granted,
    decides("ask", "payment.over-standing-rule"),
  ],
  [
    "more than the rule's day",
    {},
    { grants: [{ ...payeeGrant, usedToday: 190_001n }] },
    decides("ask", "payment.over-standing-rule"),
  ],
  ["a first payment", first, {}, decides("ask", "payment.first-payment")],
  ["a first payment on a schedule", first, { attended: false }, decides("deny", "unattended.would-ask")],
  ["a payee without a rule", {}, {}, decides("ask", "payment.no-standing-rule")],
  [
    "a seller that names another payee",
    { quote: quote({ payee: "0xbb" }) },
    granted,
    decides("ask", "payment.payee-changed"),
  ],
  [
    "a rule for another origin",
    { quote: quote({ origin: "https://b.example" }) },
    granted,
    decides("ask", "payment.no-standing-rule"),
  ],
  [
    "an approved payee, led there by a page",
    { requestSource: "untrusted" },
    granted,
    decides("ask", "payment.untrusted-trigger"),
  ],
  [
    "a new payee, led there by a page",
    { ...first, requestSource: "untrusted" },
    {},
    decides("deny", "payment.untrusted-request"),
  ],
  [
    "a known payee without a rule, led there by a page",
    { requestSource: "untrusted" },
    {},
    decides("deny", "payment.untrusted-request"),
  ],
  [
    "an approved payee at a listed origin, led there by a page",
    { requestSource: "untrusted", quote: quote({ origin: "http://127.0.0.1:4021" }) },
    { grants: [{ ...payeeGrant, origin: "http://127.0.0.1:4021" }] },
    decides("ask", "payment.untrusted-trigger"),
  ],
  [
    "a known payee at a listed origin, led there by a page",
    { requestSource: "untrusted", quote: quote({ origin: "http://127.0.0.1:4021" }) },
    {},
    decides("ask", "payment.untrusted-trigger"),
  ],
  ["after the kill switch", {}, { ...granted, halted: true }, decides("deny", "halt.kill-switch")],
  [
    "after spending was stopped",
    {},
    { ...granted, spendingStopped: true },
    decides("deny", "payment.spending-stopped"),
  ],
  ["local only", {}, { ...granted, localOnly: true }, decides("deny", "local-only.payment")],
  ["no budget", { budgets: [] }, granted, decides("deny", "payment.no-budget")],
  [
    "a budget in another asset only",
    { budgets: [{ id: "b", name: "sats", asset: sats, cap: 10n ** 9n, held: 0n, spent: 0n }] },
    granted,
    decides("deny", "payment.no-budget"),
  ],
  ["over the ceiling", { perPaymentCap: money(usdc, 9_999n) }, granted, decides("deny", "payment.over-cap")],
  [
    "a ceiling in another asset",
    { perPaymentCap: money(sats, 10n ** 9n) },
    granted,
    decides("deny", "payment.over-cap"),
  ],
  [
    "over what the call allowed",
    { requestedMax: money(usdc, 9_999n) },
    granted,
    decides("deny", "payment.over-requested-max"),
  ],
  ["no amount", { quote: quote({ amount: money(usdc, 0n) }) }, granted, decides("deny", "payment.not-an-amount")],
];

describe("payments", () => {
  it.each(cases)("decides: %s", (_name, change, where, decision) => {
    verifies("security.policy.payment-table");
    expect(decide(payment(change), context(where), config)).toMatchObject(decision);
  });

  it("never lets untrusted text bring a new payee", () => {
    verifies("security.policy.untrusted-never-pays");
    const subject = payment({ ...first, requestSource: "untrusted" });
    expect(decide(subject, context({ labels: untrustedLabels }), config).verdict).toBe("deny");
  });

  it("asks before the first payment to a payee, whatever standing rule there is", () => {
    verifies("security.policy.first-payment-asks");
    expect(decide(payment(first), context(granted), config).ruleId).toBe("payment.first-payment");
  });

  it.each([
    [50_000n, "allow"],
    [90_000n, "allow"],
    [90_001n, "deny"],
    [100_001n, "deny"],
  ])("counts what is held and spent (%s of 100000) against every budget: %s", (used, verdict) => {
    verifies("security.policy.over-budget-denied");
    const tight = {
      id: "b2",
      name: "research thread",
      asset: usdc,
      cap: 100_000n,
      held: used - 40_000n,
      spent: 40_000n,
    };
    const subject = payment({ budgets: [...payment().budgets, tight] });
    expect(decide(subject, context(granted), config).verdict).toBe(verdict);
  });

  it("names the budget that is too small and what is left of it", () => {
    verifies("security.policy.over-budget-denied");
    const day = { id: "b1", name: "day", asset: usdc, cap: 100_000n, held: 50_000n, spent: 45_000n };
    expect(decide(payment({ budgets: [day] }), context(granted), config)).toMatchObject({
      ruleId: "payment.over-budget",
      reason: '0.01 USDC does not fit into the budget "day": 0.005 USDC of 0.1 USDC is left.',
    });
  });

  it("asks with every reason there is", () => {
    const decision = decide(payment(first), context(), config);
    expect(decision.questions).toHaveLength(2);
  });

  it("lets only the owner widen what the agent may do", () => {
    verifies("security.policy.owner-widens");
    for (const change of ["add-payee", "raise-cap", "add-budget", "vet-server", "add-grant", "list-origin"] as const) {
      expect(decide({ kind: "authority", change, actor: "agent" }, context(), config).verdict).toBe("deny");
      expect(decide({ kind: "authority", change, actor: "peer" }, context(), config).verdict).toBe("deny");
      expect(decide({ kind: "authority", change, actor: "owner" }, context(), config).verdict).toBe("allow");
    }
  });
});
