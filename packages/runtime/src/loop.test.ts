import { testDatabase, type TestDatabase } from "@freehold/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runtimeMigrations } from "./migrations.ts";
import { house, houseTool, okay } from "./testing/house.ts";
import { scriptedModel } from "./testing/scripted-model.ts";
import { fixtureMigrations } from "./testing/turn-store.ts";

let t: TestDatabase;
beforeEach(async () => {
  t = await testDatabase([runtimeMigrations, fixtureMigrations]);
});
afterEach(() => t[Symbol.asyncDispose]());

test("a message is answered", async () => {
  const model = scriptedModel(() => ["Hello, ", "Ada."]);
  await using h = await house({ db: t.db, model });
  const { runId, threadId } = await h.say("Hi");
  await h.runtime.worker.drain();
  expect(h.faults).toEqual([]);
  expect(await h.story(runId)).toEqual(["run.created", "recall.done", "infer.started", "infer.ended", "run.finished"]);
  expect(await h.transcript(threadId)).toEqual(["owner: Hi", "assistant: Hello, Ada."]);
  expect(await h.runtime.run(runId)).toMatchObject({ state: "completed" });
});

test("calls of one answer are gated and made in order, and their results go back to the model", async () => {
  const model = scriptedModel((messages) =>
    messages.at(-1)?.role === "tool"
      ? ["Done."]
      : [
          { call: "read", args: { path: "a" } },
          { call: "read", args: { path: "b" } },
        ],
  );
  const read = houseTool("read", (_context, { path }) => okay(`content of ${String(path)}`));
  await using h = await house({ db: t.db, model, tools: [read] });
  const { runId, threadId } = await h.say("Read a and b");
  await h.runtime.worker.drain();
  expect(h.faults).toEqual([]);
  const call = ["call.gated", "call.started", "call.ended"];
  expect((await h.story(runId)).slice(4, -3)).toEqual([...call, ...call]);
  expect(await h.transcript(threadId)).toEqual([
    "owner: Read a and b",
    "assistant: read()",
    "assistant: read()",
    "tool: content of a",
    "tool: content of b",
    "assistant: Done.",
  ]);
});
