import { verifies } from "@freehold/testkit";
import { expect, test } from "vitest";
import { freshDatabase } from "./testing/fresh-database.ts";
import { house, houseTool, okay } from "./testing/house.ts";
import { scriptedModel } from "./testing/scripted-model.ts";

const long = "word ".repeat(200);

test("when the prompt would not fit, whole old exchanges leave it, visibly, and the rest stays", async () => {
  verifies("runtime.compaction.visible");
  const model = scriptedModel((messages) => [`${String(messages.length)} messages`], { contextWindow: 4_096 });
  await using t = await freshDatabase();
  await using h = await house({ db: t.db, model, config: { answerTokens: 512 } });
  const { threadId } = await h.say(`first ${long}`);
  await h.runtime.worker.drain();
  let compacted = null;
  for (let n = 0; n < 15; n += 1) {
    const { runId } = await h.say(`message ${String(n)} ${long}`, { threadId });
    await h.runtime.worker.drain();
    expect(await h.runtime.run(runId)).toMatchObject({ state: "completed" });
    const events = await h.runtime.events(runId);
    compacted ??= events.find(({ event }) => event.type === "compacted")?.event ?? null;
  }
  expect(compacted).toMatchObject({ type: "compacted", withoutRecall: false });
  for (const request of model.requests) {
    expect(await model.count(request)).toBeLessThanOrEqual(4_096 - 512);
    expect(request.messages[0]?.content).toContain("The owner is called Ada.");
    expect(request.messages[1]?.role).toBe("user");
  }
  const last = model.requests.at(-1)?.messages;
  expect(last?.[0]?.content).toContain("Earlier messages of this conversation are not shown; recall finds them.");
  expect(last?.at(-1)?.content).toContain("message 14");
  const first = model.requests.at(-1)?.messages.some((message) => message.content.includes("first word"));
  expect(first).toBe(false);
});

test("the next run keeps the cut, so that the beginning of the prompt stays the same", async () => {
  const model = scriptedModel(() => ["ok"], { contextWindow: 2_048 });
  await using t = await freshDatabase();
  await using h = await house({ db: t.db, model, config: { answerTokens: 256 } });
  const { threadId } = await h.say(long);
  await h.runtime.worker.drain();
  for (let n = 0; n < 16; n += 1) {
    await h.say(long, { threadId });
    await h.runtime.worker.drain();
  }
  const cut = ({ messages }: (typeof model.requests)[number]): number => messages.length;
  const shrunk = model.requests.filter((request, index) => {
    const before = model.requests[index - 1];
    return before !== undefined && cut(request) <= cut(before);
  });
  expect(shrunk.length).toBeGreaterThan(1);
  expect(shrunk.length).toBeLessThan(8);
});

test("steps of the run itself may leave, but never the newest call and its result", async () => {
  let calls = 0;
  const read = houseTool("read", () => okay(long.slice(0, 900)));
  const model = scriptedModel(
    () => {
      calls += 1;
      return calls < 12 ? [{ call: "read", args: { path: String(calls) } }] : ["Done."];
    },
    { contextWindow: 2_048 },
  );
  await using t = await freshDatabase();
  await using h = await house({ db: t.db, model, tools: [read], config: { answerTokens: 256 } });
  const { runId } = await h.say("Read all");
  await h.runtime.worker.drain();
  expect(await h.runtime.run(runId)).toMatchObject({ state: "completed" });
  for (const { messages } of model.requests.slice(1)) {
    expect(messages.at(-1)?.role).toBe("tool");
    expect(messages.at(-2)?.role).toBe("assistant");
    expect(messages.some((message) => message.content.endsWith("Read all"))).toBe(true);
  }
});

test("a message that is too long by itself fails with figures", async () => {
  const model = scriptedModel(() => ["ok"], { contextWindow: 512 });
  await using t = await freshDatabase();
  await using h = await house({ db: t.db, model });
  const { runId } = await h.say(long.repeat(4));
  await h.runtime.worker.drain();
  expect(await h.runtime.run(runId)).toMatchObject({ state: "failed", error: { code: "CONTEXT_TOO_SMALL" } });
});
