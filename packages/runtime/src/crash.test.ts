import { describeError } from "@freehold/core";
import { fakeClock, type TestDatabase, verifies } from "@freehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FailpointName, failpointNames } from "./ports.ts";
import { freshDatabase } from "./testing/fresh-database.ts";
import { house, type House, houseTool, later, okay } from "./testing/house.ts";
import { scriptedModel } from "./testing/scripted-model.ts";
import { buyCall, buyText, createWallet } from "./testing/wallet.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await freshDatabase();
});
afterAll(() => t[Symbol.asyncDispose]());

const note = houseTool("note", () => okay("noted"), {
  effects: { readOnly: false, idempotent: false, destructive: false, openWorld: false },
});
const read = houseTool("read", () => okay("content"));
const calls = [{ call: "read", args: {} }, { call: "note", args: { path: "a" } }, buyCall];

/** Answers everything that waits: payments are allowed, what is unknown is not done again. */
async function answerAll(h: House): Promise<void> {
  for (const { id, argumentsHash, kind } of await h.runtime.approvals("waiting")) {
    const decision = kind === "payment" ? "allow" : "deny";
    await h.runtime.decide({ id, argumentsHash, decision, rule: null });
  }
  await h.runtime.worker.drain();
}

/** Runs one message to its end, with a crash when the point is reached for the n-th time. */
async function crashAt(point: FailpointName, nth: number): Promise<{ reached: boolean; asked: readonly string[] }> {
  const clock = fakeClock();
  const wallet = createWallet();
  const asked: string[] = [];
  let passed = 0;
  const failpoint = (name: FailpointName): void => {
    if (name === point) passed += 1;
    if (name === point && passed === nth) throw new Error(`crash at ${name}`);
  };
  const model = () =>
    scriptedModel((messages) => (messages.at(-1)?.role === "tool" ? ["Done."] : ["On it. ", ...calls]));
  const options = { db: t.db, clock, tools: [read, note, wallet.seller], payer: wallet.payer };
  const first = await house({ ...options, model: model(), failpoint });
  const { runId } = await first.say(buyText);
  await first.runtime.worker.drain();
  await answerAll(first);
  await first[Symbol.asyncDispose]();
  const crashes = first.faults.filter((fault) => fault.includes("crash at"));
  expect(first.faults).toEqual(crashes);

  // Another process, with nothing but the database and the world as they are.
  await using second = await house({ ...options, model: model() });
  for (let round = 0; round < 4; round += 1) {
    await later(second, 30_000);
    asked.push(...(await second.runtime.approvals("waiting")).map(({ kind }) => kind));
    await answerAll(second);
  }
  expect(second.faults).toEqual([]);
  expect(await second.runtime.run(runId)).toMatchObject({ state: "completed" });
  expect(wallet.chain).toHaveLength(1);
  expect(wallet.signatures).toHaveLength(1);
  const effects = (await second.effects()).filter((effect) => effect.tool === "note");
  const events = (await second.runtime.events(runId)).map(({ event }) => event);
  const noted = events
    .flatMap((event) => (event.type === "infer.ended" ? event.calls : []))
    .filter((c) => c.name === "note");
  expect(noted).toHaveLength(1);
  expect(effects.filter((effect) => effect.call_id === noted[0]?.callId).length).toBeLessThanOrEqual(1);
  expect(events.filter((event) => event.type === "infer.ended" && event.outcome === "answered")).toHaveLength(2);
  return { reached: crashes.length > 0, asked };
}

test.each(failpointNames)("a worker that dies at %s loses nothing and does nothing twice", async (point) => {
  verifies("runtime.resume.every-edge");
  verifies("runtime.payment.once");
  verifies("runtime.answer.never-resampled");
  let reached = 0;
  for (let nth = 1; nth <= 6; nth += 1) {
    const outcome = await crashAt(point, nth).catch((error: unknown) => {
      throw new Error(`${point}, time ${String(nth)}: ${describeError(error)}`, { cause: error });
    });
    if (!outcome.reached) break;
    reached += 1;
  }
  expect(reached).toBeGreaterThan(0);
});

test("a call cut off by a crash is repeated only when it is a read that may be; else the owner is asked", async () => {
  verifies("runtime.resume.unknown-asks");
  // The answer asks for `read`, then `note`, then `buy`.
  expect((await crashAt("call.started", 1)).asked).not.toContain("unknown-outcome");
  expect((await crashAt("call.started", 2)).asked).toContain("unknown-outcome");
});

test("a run that kills its worker at the same point again and again is given up, visibly", async () => {
  await using fresh = await freshDatabase();
  const failpoint = (name: FailpointName): void => {
    if (name === "recall.before-append") throw new Error("crash");
  };
  const model = scriptedModel(() => ["Hi."]);
  await using h = await house({ db: fresh.db, model, failpoint });
  const { runId } = await h.say("Hi");
  await h.runtime.worker.drain();
  for (let round = 0; round < 6; round += 1) await later(h, 30_000);
  expect(await h.runtime.run(runId)).toMatchObject({ state: "failed", error: { code: "RUN_CRASHED" } });
});
