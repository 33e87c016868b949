import { confidentialityLevels, integrityLevels, money } from "@freehold/core";
import { verifies } from "@freehold/testkit";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "./decide.ts";
import { paymentRules } from "./payment-rules.ts";
import { argumentSources, type Grant, type PolicyContext, type PolicySubject, type Verdict } from "./subject.ts";
import { config, payeeGrant, payment, quote, tool, toolGrant, usdc } from "./test-subjects.ts";
import { toolRules } from "./tool-rules.ts";

const strictness: Record<Verdict, number> = { allow: 0, ask: 1, deny: 2 };
const grants: fc.Arbitrary<Grant[]> = fc.subarray<Grant>([
  toolGrant,
  { ...toolGrant, whenUntrusted: true },
  payeeGrant,
]);
const source = fc.constantFrom(...argumentSources);

const contexts: fc.Arbitrary<PolicyContext> = fc.record({
  labels: fc.record({
    integrity: fc.constantFrom(...integrityLevels),
    confidentiality: fc.constantFrom(...confidentialityLevels),
    origins: fc.constant(["owner", "web:blog.example"]),
  }),
  attended: fc.boolean(),
  grants,
  halted: fc.boolean(),
  spendingStopped: fc.boolean(),
  localOnly: fc.boolean(),
});

const tools = fc
  .record({
    builtin: fc.boolean(),
    vetted: fc.boolean(),
    offered: fc.boolean(),
    name: fc.constantFrom("files__write", "remember", "http_request"),
    effects: fc.record({
      readOnly: fc.boolean(),
      idempotent: fc.boolean(),
      destructive: fc.boolean(),
      openWorld: fc.boolean(),
    }),
    arguments: fc.constantFrom(
      {},
      { text: "hello" },
      { url: "https://a.example/x" },
      { url: "http://127.0.0.1:4021/x", method: "POST" },
    ),
    sources: fc.record({ url: source, text: source, method: source }),
  })
  .map((change) => tool(change));

const payments = fc
  .record({
    requestSource: source,
    payeeKnown: fc.boolean(),
    firstPayment: fc.boolean(),
    units: fc.bigInt(0n, 600_000n),
    held: fc.bigInt(0n, 5_000_000n),
  })
  .map(({ units, held, ...change }) =>
    payment({
      ...change,
      quote: quote({ amount: money(usdc, units) }),
      budgets: [{ id: "b1", name: "day", asset: usdc, cap: 5_000_000n, held, spent: 0n }],
    }),
  );

const subjects: fc.Arbitrary<PolicySubject> = fc.oneof(tools, payments);

/** The same situation with less reason to trust it. */
function lessTrust(
  subject: PolicySubject,
  context: PolicyContext,
): readonly (readonly [PolicySubject, PolicyContext])[] {
  const { labels } = context;
  const contextsWorse: PolicyContext[] = [
    { ...context, labels: { ...labels, integrity: "untrusted" } },
    { ...context, labels: { ...labels, confidentiality: "secret" } },
    { ...context, labels: { ...labels, confidentiality: labels.confidentiality === "public" ? "private" : "secret" } },
    { ...context, attended: false },
    { ...context, halted: true },
    { ...context, spendingStopped: true },
    { ...context, localOnly: true },
    { ...context, grants: [] },
  ];
  return [
    ...contextsWorse.map((worse) => [subject, worse] as const),
    ...worseSubjects(subject).map((worse) => [worse, context] as const),
  ];
}

function worseSubjects(subject: PolicySubject): readonly PolicySubject[] {
  if (subject.kind === "tool") {
    return [
      { ...subject, sources: {} },
      { ...subject, offered: false },
      ...(subject.builtin ? [] : [{ ...subject, vetted: false }]),
    ];
  }
  if (subject.kind === "payment") {
    const { quote } = subject;
    return [
      { ...subject, requestSource: "untrusted" },
      { ...subject, payeeKnown: false },
      { ...subject, firstPayment: true },
      { ...subject, requestedMax: money(usdc, 0n) },
      { ...subject, quote: { ...quote, amount: money(usdc, quote.amount.units + 100_000n) } },
    ];
  }
  return [];
}

describe("decide", () => {
  it("never becomes laxer when there is less to trust", () => {
    verifies("security.policy.monotonic");
    fc.assert(
      fc.property(subjects, contexts, (subject, context) => {
        const before = decide(subject, context, config);
        for (const [worse, where] of lessTrust(subject, context)) {
          // An amount of nothing is refused, so a higher price may be the saner one.
          if (before.ruleId === "payment.not-an-amount") continue;
          const after = decide(worse, where, config);
          expect(strictness[after.verdict]).toBeGreaterThanOrEqual(strictness[before.verdict]);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("denies once the kill switch is thrown, whatever else holds", () => {
    verifies("security.policy.kill-switch");
    fc.assert(
      fc.property(subjects, contexts, (subject, context) => {
        expect(decide(subject, { ...context, halted: true }, config).verdict).toBe("deny");
      }),
    );
  });

  it("never allows what any line of its table denies", () => {
    verifies("security.policy.deny-dominates");
    fc.assert(
      fc.property(payments, contexts, (subject, context) => {
        const over = { ...subject, perPaymentCap: money(usdc, 0n) };
        expect(decide(over, context, config).verdict).toBe("deny");
      }),
    );
  });

  it("never asks when nobody is there", () => {
    verifies("security.policy.unattended-denies");
    fc.assert(
      fc.property(subjects, contexts, (subject, context) => {
        expect(decide(subject, { ...context, attended: false }, config).verdict).not.toBe("ask");
      }),
    );
  });

  it("gives a whole sentence for every decision", () => {
    fc.assert(
      fc.property(subjects, contexts, (subject, context) => {
        const { reason, questions = [] } = decide(subject, context, config);
        for (const sentence of [reason, ...questions]) expect(sentence).toMatch(/^[\S].{10,}\.$/);
      }),
    );
  });

  it("has one id for each rule, but the kill switch that both tables begin with", () => {
    const ids = [...toolRules, ...paymentRules].map((rule) => rule.id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual(["halt.kill-switch"]);
  });
});
