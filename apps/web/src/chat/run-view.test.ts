import type { ApprovalCard, CustomEventName, ReceiptJson, RunEvent } from "@freehold/contract";
import { verifies } from "@freehold/testkit";
import { describe, expect, it } from "vitest";
import { applyRunEvent, emptyRunView, shownItems, type RunItem, type RunView } from "./run-view.ts";

const runId = "01990000-0000-7000-8000-000000000001";
const threadId = "01990000-0000-7000-8000-000000000002";
const turnId = "01990000-0000-7000-8000-000000000003";
const approvalId = "01990000-0000-7000-8000-000000000004";
const intentId = "01990000-0000-7000-8000-000000000005";
const asset = "eip155:84532/erc20:0x036c";

const custom = (name: CustomEventName, value: unknown): RunEvent => ({ type: "CUSTOM", name, value });
const start = (messageId: string): RunEvent => ({ type: "TEXT_MESSAGE_START", messageId, role: "assistant" });
const delta = (messageId: string, text: string): RunEvent => ({ type: "TEXT_MESSAGE_CONTENT", messageId, delta: text });
const end = (messageId: string): RunEvent => ({ type: "TEXT_MESSAGE_END", messageId });
const inference = (attempt: number): RunEvent =>
  custom("freehold.inference", {
    model: "m",
    label: "M",
    locality: "this-machine",
    demo: false,
    plannedTokens: 900,
    contextWindow: 8192,
    attempt,
  });
const card = (state: ApprovalCard["state"]): ApprovalCard => ({
  id: approvalId,
  runId,
  threadId,
  kind: "payment",
  state,
  title: "Pay 127.0.0.1:4021",
  tool: { name: "http_request", server: null, arguments: {} },
  payment: {
    amount: { asset, units: "10000" },
    payee: "0xabc",
    origin: "http://127.0.0.1:4021",
    network: "eip155:84532",
    description: "A joke",
    remaining: null,
    budget: null,
    firstPayment: true,
  },
  reason: "first payment to this payee",
  ruleId: "pay.first-payee",
  labels: { integrity: "owner", confidentiality: "private", origins: ["owner"] },
  argumentsHash: "h",
  createdAt: "2026-11-21T14:03:00.000Z",
  expiresAt: "2026-11-21T14:13:00.000Z",
  decidedAt: null,
  offers: [],
});
const receipt = (state: ReceiptJson["state"]): ReceiptJson => ({
  intentId,
  state,
  rail: "x402",
  amount: { asset, units: "10000" },
  payee: "0xabc",
  origin: "http://127.0.0.1:4021",
  request: { method: "GET", url: "http://127.0.0.1:4021/joke" },
  network: "eip155:84532",
  proof: state === "settled" ? "0xdead" : null,
  decidedBy: "owner",
  at: "2026-11-21T14:03:10.000Z",
});

function play(events: readonly RunEvent[], from: RunView = emptyRunView(runId)): RunView {
  return events.reduce(applyRunEvent, from);
}
const texts = (view: RunView): string[] => view.items.flatMap((item) => (item.kind === "text" ? [item.text] : []));
const kinds = (view: RunView): RunItem["kind"][] => shownItems(view.items).map((item) => item.kind);

const wholeRun: RunEvent[] = [
  { type: "RUN_STARTED", threadId, runId },
  custom("freehold.recall", { arms: ["text"], items: [], missingVectors: 0 }),
  inference(1),
  { type: "TOOL_CALL_START", toolCallId: "c1", toolCallName: "http_request" },
  { type: "TOOL_CALL_ARGS", toolCallId: "c1", delta: '{"url":' },
  { type: "TOOL_CALL_ARGS", toolCallId: "c1", delta: '"x"}' },
  { type: "TOOL_CALL_END", toolCallId: "c1" },
  custom("freehold.verdict", { callId: "c1", subject: "tool", verdict: "allow", ruleId: "a", reason: "ok" }),
  custom("freehold.call", { callId: "c1", try: 1, state: "payment-required", durationMs: 12, server: null }),
  custom("freehold.verdict", { callId: "c1", subject: "payment", verdict: "ask", ruleId: "b", reason: "new" }),
  custom("freehold.approval", card("waiting")),
  custom("freehold.waiting", { approvalId }),
  custom("freehold.approval", card("allowed")),
  custom("freehold.receipt", { callId: "c1", receipt: receipt("authorized") }),
  custom("freehold.receipt", { callId: "c1", receipt: receipt("settled") }),
  custom("freehold.call", { callId: "c1", try: 2, state: "ok", durationMs: 90, server: null }),
  { type: "TOOL_CALL_RESULT", messageId: "r1", toolCallId: "c1", content: "Ha." },
  inference(2),
  start("m1"),
  delta("m1", "Here "),
  delta("m1", "it is."),
  end("m1"),
  custom("freehold.turn", { turnId, messageId: "m1" }),
  { type: "RUN_FINISHED", threadId, runId, result: { status: "completed" } },
];

describe("run view", () => {
  it("tells a run with a payment in order: call, receipt in the approval's place, answer", () => {
    const view = play(wholeRun);
    expect(kinds(view)).toEqual(["call", "receipt", "text"]);
    expect(texts(view)).toEqual(["Here it is."]);
    expect(view.status).toBe("completed");
    const [call, slip] = shownItems(view.items);
    expect(call).toMatchObject({ argumentsText: '{"url":"x"}', state: "ok", tries: 2, result: "Ha.", durationMs: 90 });
    expect(call).toMatchObject({ verdict: { verdict: "allow" }, paymentVerdict: { verdict: "ask" } });
    expect(slip).toMatchObject({ receipt: { state: "settled", proof: "0xdead" } });
  });

  it("waits for the owner until the decision is told", () => {
    const waiting = play(wholeRun.slice(0, 12));
    expect(waiting.status).toBe("waiting");
    expect(kinds(waiting)).toEqual(["call", "approval"]);
    expect(play([custom("freehold.approval", card("denied"))], waiting).items[1]).toMatchObject({
      card: { state: "denied" },
    });
  });

  it("ends in the same view when any part is told twice", () => {
    verifies("web.stream.once");
    const once = play(wholeRun);
    expect(play(wholeRun, once)).toEqual(once);
    for (let cutAt = 0; cutAt < wholeRun.length; cutAt += 1) {
      expect(play(wholeRun, play(wholeRun.slice(0, cutAt)))).toEqual(once);
    }
  });

  it("shows text that is sent again after a cut once", () => {
    verifies("web.stream.once");
    const before = play([inference(1), start("m1"), delta("m1", "It has "), delta("m1", "rained")]);
    const resent = play([start("m1"), delta("m1", "It has rained"), delta("m1", " all day.")], before);
    expect(texts(resent)).toEqual(["It has rained all day."]);
    const continued = play([delta("m1", " all day.")], before);
    expect(texts(continued)).toEqual(["It has rained all day."]);
  });

  it("drops the text of an inference that died when its successor speaks", () => {
    verifies("web.stream.once");
    const died = play([inference(1), start("m1"), delta("m1", "It has ra")]);
    expect(texts(play([inference(2)], died))).toEqual([]);
    expect(texts(play([start("m2"), delta("m2", "It has rained.")], died))).toEqual(["It has rained."]);
    expect(texts(play([{ type: "RUN_FINISHED", threadId, runId }], died))).toEqual([]);
  });

  it("keeps the committed part of a stopped run", () => {
    const view = play([
      start("m1"),
      delta("m1", "Half"),
      end("m1"),
      custom("freehold.turn", { turnId, messageId: "m1" }),
      { type: "RUN_FINISHED", threadId, runId, result: { status: "stopped" } },
    ]);
    expect(texts(view)).toEqual(["Half"]);
    expect(view.status).toBe("stopped");
  });

  it("says why a run failed", () => {
    const view = play([{ type: "RUN_ERROR", message: "The model does not answer.", code: "MODEL_UNREACHABLE" }]);
    expect(view).toMatchObject({ status: "failed", failure: { code: "MODEL_UNREACHABLE" } });
  });
});
