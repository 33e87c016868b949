import type { RunId, TurnId } from "@freehold/core";
import { systemLabels } from "@freehold/core";
import { assert, integer, nat, property } from "fast-check";
import { expect, test } from "vitest";
import { defaultConfig } from "./deps.ts";
import { type LoggedEvent, parseEvent, type RunEventInput } from "./events.ts";
import { next } from "./next.ts";
import { quoteToJson } from "./event-parts.ts";
import { foldAll, initialState, type RunState } from "./state.ts";
import { quoteOf } from "./testing/house.ts";

const runId = "018f3f6e-0000-7000-8000-00000000000a" as RunId;
const id = (n: number): TurnId => `018f3f6e-0000-7000-8000-${String(n).padStart(12, "0")}` as TurnId;
const threadId = id(1);
const callId = "c1";
const at = new Date("2026-01-01T00:00:00.000Z");
const callEnded = { type: "call.ended", v: 1, callId, durationMs: 1, server: null, reason: null } as const;

const story: readonly RunEventInput[] = [
  { type: "run.created", v: 1, threadId, userTurnId: id(2), attended: true, retries: [], compactedBefore: 0 },
  { type: "lease.taken", v: 1, lease: 1 },
  { type: "recall.done", v: 1, items: [], arms: [], missingVectors: 0, tools: [] },
  {
    type: "infer.started",
    v: 1,
    messageId: id(3),
    attempt: 1,
    replaces: null,
    model: { id: "m", label: "M", locality: "this-machine", demo: false },
    plannedTokens: 1,
    contextWindow: 2,
    maxTokens: 1,
  },
  {
    type: "infer.ended",
    v: 1,
    start: 4,
    outcome: "answered",
    turnId: id(3),
    noteIds: [],
    finish: "tool-calls",
    usage: null,
    calls: [{ callId, name: "buy" }],
    bad: [],
    error: null,
    retryAt: null,
  },
  { type: "call.gated", v: 1, callId, subject: "tool", verdict: "allow", ruleId: "r", reason: "", hash: "h" },
  { type: "call.started", v: 1, callId, try: 1, intentId: null },
  { ...callEnded, try: 1, outcome: "payment_required", turnId: null },
  { type: "payment.quoted", v: 1, callId, key: "k", quote: quoteToJson(quoteOf()), requestedMax: null },
  { type: "call.gated", v: 1, callId, subject: "payment", verdict: "ask", ruleId: "r", reason: "", hash: "quote-1" },
  {
    type: "approval.asked",
    v: 1,
    approvalId: id(4),
    callId,
    kind: "payment",
    hash: "quote-1",
    expiresAt: at.toISOString(),
  },
  { type: "approval.decided", v: 1, approvalId: id(4), callId, decision: "allowed" },
  { type: "payment.reserved", v: 1, callId, key: "k", intentId: id(5) },
  { type: "payment.authorized", v: 1, callId, intentId: id(5) },
  { type: "call.started", v: 1, callId, try: 2, intentId: id(5) },
  { type: "payment.ended", v: 1, callId, intentId: id(5), outcome: "delivered", reason: "" },
  { ...callEnded, try: 2, outcome: "ok", turnId: id(6) },
];
const logged: readonly LoggedEvent[] = story.map((event, index) => ({
  runId,
  seq: index + 1,
  at,
  labels: systemLabels,
  event: parseEvent(runId, index + 1, event),
}));
const stepAfter = (state: RunState): string => next(state, defaultConfig.limits).kind;

test("folding a prefix and then the rest is folding all", () => {
  assert(
    property(nat(logged.length), (cut) => {
      const resumed = foldAll(foldAll(initialState(runId), logged.slice(0, cut)), logged.slice(cut));
      expect(resumed).toEqual(foldAll(initialState(runId), logged));
    }),
  );
});

test("each point of the log leads to one step", () => {
  const steps = logged.map((_event, index) => stepAfter(foldAll(initialState(runId), logged.slice(0, index + 1))));
  expect(steps.join(" ")).toBe(
    "recall recall infer infer gate call recover recover gate-payment gate-payment await-approval reserve authorize call recover recover infer",
  );
});

test("after an answer with calls, nothing samples again until each call has ended", () => {
  assert(
    property(integer({ min: 5, max: logged.length - 1 }), (cut) => {
      expect(stepAfter(foldAll(initialState(runId), logged.slice(0, cut)))).not.toBe("infer");
    }),
  );
});

test("a log that this program cannot read says which event it is", () => {
  expect(() => parseEvent(runId, 7, { type: "run.created", v: 2 })).toThrow("Event 7 of run");
});
