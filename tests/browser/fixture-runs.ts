import type { ApprovalCard, CustomEventName, RunEvent, RunEventFrame, TurnJson } from "@freehold/contract";
import { runEventSchema } from "@freehold/contract";
import { labels, makeCard, makeReceipt, newId, type Thread, type World } from "./fixture-world.ts";

/** A run as the fixture plays it: frames so far, and who listens for more. */
export interface Run {
  readonly id: string;
  readonly thread: Thread;
  readonly text: string;
  readonly frames: RunEventFrame[];
  readonly listeners: Set<() => void>;
  state: "running" | "waiting" | "completed" | "failed" | "stopped";
  stopped: boolean;
  decide: ((card: ApprovalCard) => void) | null;
}

export const marvel = [
  "## A heading",
  "The **answer** has a [link](https://leak.example/?q=secret), a picture ![chart](https://leak.example/pixel.png), raw <img src=https://leak.example/raw.png> HTML and `code`.",
  "| Hours | Sun on the roof | Expected |\n| --- | --- | --- |\n| 09:00 | broken cloud | 1.9 kWh |\n| 11:00 | mostly clear | 6.2 kWh |",
  '```yaml\nalias: Charge the car in the cheap window\ntrigger:\n  - platform: time\n    at: "00:30:00"\n```',
  "- one\n- two\n- Donaudampfschifffahrtsgesellschaftskapitaenswitwenrentenversicherungsverein",
  "הטיפול הבא בנובמבר 2027.",
].join("\n\n");

const words =
  "It has rained on the harbour since noon and the wind turns west before the evening so take the red coat with you.";

interface Stage {
  readonly world: World;
  readonly run: Run;
  readonly pause: (ms: number) => Promise<void>;
}

function emit({ run }: Stage, id: string, event: RunEvent): void {
  run.frames.push({ id, event: runEventSchema.parse(event) });
  for (const listener of run.listeners) listener();
}

function custom(stage: Stage, name: CustomEventName, value: unknown): void {
  emit(stage, String(stage.run.frames.length + 1), { type: "CUSTOM", name, value });
}

function commit({ run }: Stage, author: TurnJson["author"], parts: TurnJson["parts"], label = labels.owner): string {
  const turn: TurnJson = {
    id: newId(),
    threadId: run.thread.id,
    ordinal: run.thread.turns.length,
    runId: run.id,
    author,
    parts,
    labels: label,
    at: new Date().toISOString(),
    forgotten: false,
  };
  run.thread.turns.push(turn);
  run.thread.updatedAt = turn.at;
  return turn.id;
}

async function say(stage: Stage, text: string): Promise<void> {
  const { run, pause } = stage;
  custom(stage, "freehold.inference", {
    model: "demo",
    label: "Demo model",
    locality: "this-machine",
    demo: true,
    plannedTokens: 1120,
    contextWindow: 8192,
    attempt: 1,
  });
  const messageId = newId();
  const seq = run.frames.length + 1;
  emit(stage, `${seq}.0`, { type: "TEXT_MESSAGE_START", messageId, role: "assistant" });
  let said = "";
  let n = 0;
  for (const delta of text.match(/\S+\s*|\s+/g) ?? []) {
    if (run.stopped) break;
    n += 1;
    said += delta;
    emit(stage, `${seq}.${n}`, { type: "TEXT_MESSAGE_CONTENT", messageId, delta });
    await pause(12);
  }
  emit(stage, `${seq}.${n + 1}`, { type: "TEXT_MESSAGE_END", messageId });
  const turnId = commit(stage, "assistant", [{ type: "text", text: said }]);
  custom(stage, "freehold.turn", { turnId, messageId });
  custom(stage, "freehold.usage", { promptTokens: 1120, cachedTokens: 1100, outputTokens: n, engineMs: n * 12 });
}

async function call(stage: Stage, name: string, args: Record<string, string>): Promise<string> {
  const callId = newId();
  emit(stage, "", { type: "TOOL_CALL_START", toolCallId: callId, toolCallName: name });
  emit(stage, "", { type: "TOOL_CALL_ARGS", toolCallId: callId, delta: JSON.stringify(args) });
  emit(stage, String(stage.run.frames.length + 1), { type: "TOOL_CALL_END", toolCallId: callId });
  commit(stage, "assistant", [{ type: "tool-call", callId, name, arguments: args }]);
  custom(stage, "freehold.verdict", {
    callId,
    subject: "tool",
    verdict: "allow",
    ruleId: "builtin.allow",
    reason: "A built-in that only reads.",
  });
  custom(stage, "freehold.call", { callId, try: 1, state: "started", durationMs: null, server: null });
  await stage.pause(40);
  return callId;
}

interface Finished {
  readonly callId: string;
  readonly name: string;
  readonly text: string;
  readonly tries?: number;
}

function finishCall(stage: Stage, { callId, name, text, tries = 1 }: Finished): void {
  custom(stage, "freehold.call", { callId, try: tries, state: "ok", durationMs: 61, server: null });
  const seq = String(stage.run.frames.length + 1);
  emit(stage, seq, { type: "TOOL_CALL_RESULT", messageId: newId(), toolCallId: callId, content: text });
  commit(stage, "tool", [{ type: "tool-result", callId, name, status: "ok", text }], labels.untrusted);
}

async function pay(stage: Stage): Promise<void> {
  const { run, world } = stage;
  const callId = await call(stage, "http_request", { method: "GET", url: "http://127.0.0.1:4021/joke" });
  custom(stage, "freehold.call", { callId, try: 1, state: "payment-required", durationMs: 12, server: null });
  custom(stage, "freehold.verdict", {
    callId,
    subject: "payment",
    verdict: "ask",
    ruleId: "pay.first-payee",
    reason: "First payment.",
  });
  const card = makeCard(run.id, run.thread.id, "payment");
  world.approvals.push(card);
  custom(stage, "freehold.approval", card);
  custom(stage, "freehold.waiting", { approvalId: card.id });
  run.state = "waiting";
  const decided = await new Promise<ApprovalCard>((resolve) => {
    run.decide = resolve;
  });
  run.state = "running";
  custom(stage, "freehold.approval", decided);
  if (decided.state !== "allowed") {
    custom(stage, "freehold.call", { callId, try: 1, state: "denied", durationMs: 12, server: null });
    await say(stage, "As you wish: nothing was paid.");
    return;
  }
  const receipt = makeReceipt("authorized", { at: new Date().toISOString() });
  custom(stage, "freehold.receipt", { callId, receipt });
  await stage.pause(60);
  const done = { ...receipt, state: "delivered" as const, proof: `0x5be1${"cd".repeat(28)}90ac` };
  world.journal.unshift(done);
  custom(stage, "freehold.receipt", { callId, receipt: done });
  const text = "Why did the invoice cross the road? To be settled.";
  finishCall(stage, { callId, name: "http_request", text, tries: 2 });
  await say(stage, "The seller says: why did the invoice cross the road? To be **settled**.");
}

async function play(stage: Stage): Promise<void> {
  const { run } = stage;
  emit(stage, "1", { type: "RUN_STARTED", threadId: run.thread.id, runId: run.id });
  const [remembered] = run.thread.turns;
  custom(stage, "freehold.recall", {
    arms: ["text"],
    items:
      remembered === undefined
        ? []
        : [{ id: remembered.id, score: 2.66, excerpt: "The car must be at 80 % by Monday 07:00" }],
    missingVectors: 0,
  });
  const text = run.text.toLowerCase();
  if (text.includes("fail")) {
    run.state = "failed";
    emit(stage, "9", {
      type: "RUN_ERROR",
      code: "MODEL_UNREACHABLE",
      message: "The model does not answer. Start it, or choose another one.",
    });
    return;
  }
  if (text.includes("pay")) await pay(stage);
  else if (text.includes("time")) {
    const callId = await call(stage, "time", { zone: "Europe/Lisbon" });
    finishCall(stage, { callId, name: "time", text: "14:03" });
    await say(stage, "It is three past two.");
  } else await say(stage, text.includes("marvel") ? marvel : text.includes("long") ? `${words}\n\n`.repeat(14) : words);
  run.state = run.stopped ? "stopped" : "completed";
  emit(stage, String(run.frames.length + 1), {
    type: "RUN_FINISHED",
    threadId: run.thread.id,
    runId: run.id,
    result: { status: run.stopped ? "stopped" : "completed" },
  });
}

export function startRun(world: World, runs: Map<string, Run>, thread: Thread, text: string): Run {
  const run: Run = {
    id: newId(),
    thread,
    text,
    frames: [],
    listeners: new Set(),
    state: "running",
    stopped: false,
    decide: null,
  };
  runs.set(run.id, run);
  thread.runs.push(run.id);
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  void pause(10).then(() => play({ world, run, pause }));
  return run;
}

/** What a reader gets that saw everything up to `after`: inside a message, its text so far once more, as the real agent does. */
export function framesAfter(
  run: Run,
  after: string | undefined,
): { readonly again: RunEventFrame[]; readonly from: number } {
  const at = after === undefined ? -1 : run.frames.findLastIndex(({ id }) => id === after);
  const seen = run.frames[at];
  if (seen === undefined || seen.event.type !== "TEXT_MESSAGE_CONTENT") return { again: [], from: at + 1 };
  const { messageId } = seen.event;
  const soFar = run.frames.filter(
    ({ event }) => event.type === "TEXT_MESSAGE_CONTENT" && event.messageId === messageId,
  );
  const text = soFar.map(({ event }) => (event.type === "TEXT_MESSAGE_CONTENT" ? event.delta : "")).join("");
  const newest = soFar.at(-1) ?? seen;
  const again: RunEventFrame[] = [
    { id: "", event: { type: "TEXT_MESSAGE_START", messageId, role: "assistant" } },
    { id: newest.id, event: { type: "TEXT_MESSAGE_CONTENT", messageId, delta: text } },
  ];
  return { again, from: run.frames.indexOf(newest) + 1 };
}
