import type { Embedder } from "@freehold/core";
import { verifies } from "@freehold/testkit";
import { expect, test } from "vitest";
import { createEmbeddingWorker } from "./embedding-worker.ts";
import { openTestMemory, wordEmbedder, type TestMemory } from "./test-memory.ts";

const words = wordEmbedder([["cat"], ["dog"]]);

async function sayAll(t: TestMemory, texts: readonly string[]): Promise<void> {
  const thread = await t.memory.threads.create({});
  for (const text of texts) await t.say(thread.id, text);
}

test("jobs wait while there is no embedder, and nothing is lost", async () => {
  verifies("memory.embedding.missing-embedder");
  await using t = await openTestMemory();
  let embedder: Embedder | null = null;
  const worker = createEmbeddingWorker({ db: t.db, clock: t.clock, embedder: () => embedder, batch: 2 });
  await sayAll(t, ["cat", "dog", "bird", ""]);
  expect(await worker.runOnce()).toEqual({ outcome: "no-embedder" });
  embedder = words;
  expect(await worker.runOnce()).toEqual({ outcome: "embedded", count: 2 });
  expect(await worker.runOnce()).toEqual({ outcome: "embedded", count: 1 });
  expect(await worker.runOnce()).toEqual({ outcome: "idle" });
  expect(await t.memory.stats()).toMatchObject({ vectors: 3, missingVectors: 0 });
});

test("a failed batch is tried again later, with longer and longer waits", async () => {
  await using t = await openTestMemory();
  let down = true;
  const embedder: Embedder = {
    ...words,
    embed: (texts, kind) => (down ? Promise.reject(new Error("engine is down")) : words.embed(texts, kind)),
  };
  const problems: string[] = [];
  const onFailure = (problem: string): void => void problems.push(problem);
  const worker = createEmbeddingWorker({ db: t.db, clock: t.clock, embedder: () => embedder, onFailure });
  await sayAll(t, ["cat", "dog"]);
  expect(await worker.runOnce()).toMatchObject({ outcome: "failed", count: 2 });
  expect(await worker.runOnce()).toEqual({ outcome: "idle" });
  await t.clock.advance(5_000);
  expect(await worker.runOnce()).toMatchObject({ outcome: "failed" });
  await t.clock.advance(5_000);
  expect(await worker.runOnce()).toEqual({ outcome: "idle" });
  await t.clock.advance(5_000);
  down = false;
  expect(await worker.runOnce()).toEqual({ outcome: "embedded", count: 2 });
  expect(problems).toEqual(["engine is down", "engine is down"]);
});

test("one bad text does not hold up the others for ever", async () => {
  await using t = await openTestMemory();
  const embedder: Embedder = {
    ...words,
    embed: (texts, kind) =>
      texts.includes("poison") ? Promise.reject(new Error("bad text")) : words.embed(texts, kind),
  };
  const worker = createEmbeddingWorker({ db: t.db, clock: t.clock, embedder: () => embedder });
  await sayAll(t, ["cat", "poison", "dog"]);
  for (let round = 0; round < 8; round += 1) {
    await worker.runOnce();
    await t.clock.advance(600_000);
  }
  expect(await t.memory.stats()).toMatchObject({ vectors: 2, missingVectors: 1 });
});

test("a vector of the wrong size is a failure, not a row", async () => {
  await using t = await openTestMemory();
  const embedder: Embedder = { ...words, dimensions: 7 };
  const worker = createEmbeddingWorker({ db: t.db, clock: t.clock, embedder: () => embedder });
  await sayAll(t, ["cat"]);
  expect(await worker.runOnce()).toMatchObject({ outcome: "failed" });
  expect(await t.memory.stats()).toMatchObject({ vectors: 0, missingVectors: 1 });
});

test("another model embeds everything again, and the old vectors stay searchable", async () => {
  await using t = await openTestMemory();
  await sayAll(t, ["cat", "dog"]);
  await createEmbeddingWorker({ db: t.db, clock: t.clock, embedder: () => words }).runOnce();
  const other = wordEmbedder([["cat"], ["dog"], ["fish"]], "test:other");
  const worker = createEmbeddingWorker({ db: t.db, clock: t.clock, embedder: () => other });
  const stop = new AbortController();
  const running = worker.run(stop.signal);
  while (t.clock.sleeping === 0) await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  await running;
  expect(await t.memory.stats()).toMatchObject({ vectors: 4, missingVectors: 0 });
});
