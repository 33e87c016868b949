import type { Labels, TurnId } from "@freehold/core";
import { sql } from "@freehold/database";
import { verifies } from "@freehold/testkit";
import { expect, test } from "vitest";
import { createEmbeddingWorker } from "../embedding-worker.ts";
import { openTestMemory, wordEmbedder, type TestMemory } from "../test-memory.ts";

const needle = "xylophonequartz";
const labels: Labels = { integrity: "owner", confidentiality: "private", origins: ["owner", `web:${needle}.example`] };

/** Every row of every table of the schema as text; under row security, as the service sees them. */
async function everything(t: TestMemory): Promise<string> {
  const tables = await t.db.run(
    sql<{ name: string }>`select table_name as name from information_schema.tables where table_schema = 'memory'`,
  );
  expect(tables.length).toBeGreaterThanOrEqual(7);
  const texts: string[] = [];
  await t.db.transaction(async (tx) => {
    await t.db.run(sql`select set_config('freehold.scope', 'owner', true)`, tx);
    for (const { name } of tables) {
      const rows = await t.db.run(
        sql<{ row: string }>`select r::text as row from ${sql.table(`memory.${name}`)} r`,
        tx,
      );
      texts.push(...rows.map(({ row }) => `${name}: ${row}`));
    }
  });
  return texts.join("\n");
}

test("a forgotten turn leaves nothing of itself in any table", async () => {
  verifies("memory.forget.gone");
  const embedder = wordEmbedder([[needle]]);
  await using t = await openTestMemory(() => embedder);
  const thread = await t.memory.threads.create({ title: `${needle} is  the…` });
  const turn = await t.say(thread.id, `${needle}: ${needle} is\nthe secret`, { labels });
  await t.say(thread.id, "something else");
  await t.memory.remember({ text: `Note: ${needle}`, author: "assistant", labels, sourceTurnId: turn.id });
  const worker = createEmbeddingWorker({ db: t.db, clock: t.clock, embedder: () => embedder });
  await worker.runOnce();
  expect(await everything(t)).toContain(needle);

  const preview = await t.memory.previewForget({ ids: [turn.id] });
  const forgotten = await t.memory.forget({ ids: [turn.id] });
  expect(forgotten).toEqual(preview);
  expect(forgotten).toMatchObject({ turns: 1, notes: 1, vectors: 2 });
  expect(forgotten.postings).toBeGreaterThan(2);

  expect(await everything(t)).not.toContain(needle);
  expect(JSON.stringify(await t.memory.search(needle))).not.toContain(needle);
  expect(await t.memory.why(turn.id)).toBeNull();
  const [hole] = await t.memory.turns.thread(thread.id);
  expect(hole).toMatchObject({ id: turn.id, ordinal: 1, parts: [], forgotten: true });
  expect((await t.memory.turns.thread(thread.id)).map(({ ordinal }) => ordinal)).toEqual([1, 2]);
});

test("a forgotten thread is gone from the list with all that was said in it", async () => {
  verifies("memory.forget.gone");
  await using t = await openTestMemory();
  const thread = await t.memory.threads.create({ title: needle });
  for (let count = 0; count < 3; count += 1) await t.say(thread.id, `${needle} number ${count}`);
  const forgotten = await t.memory.forget({ threadId: thread.id });
  expect(forgotten).toMatchObject({ turns: 3, notes: 0 });
  expect(forgotten.ids).toHaveLength(3);
  expect(await t.memory.threads.get(thread.id)).toBeNull();
  expect((await t.memory.threads.list()).threads).toEqual([]);
  expect(await everything(t)).not.toContain(needle);
  expect(await t.memory.stats()).toMatchObject({ turns: 0, threads: 0, missingVectors: 0 });
});

test("forgetting again, or what never was, removes nothing", async () => {
  await using t = await openTestMemory();
  const thread = await t.memory.threads.create({});
  const turn = await t.say(thread.id, "once");
  await t.memory.forget({ ids: [turn.id] });
  const nothing = { turns: 0, notes: 0, postings: 0, vectors: 0, ids: [] };
  expect(await t.memory.forget({ ids: [turn.id, t.newId<TurnId>()] })).toEqual(nothing);
});

test("an embedding that was under way does not bring the turn back", async () => {
  verifies("memory.forget.jobs-in-flight");
  await using t = await openTestMemory();
  const thread = await t.memory.threads.create({});
  const turn = await t.say(thread.id, needle);
  const inner = wordEmbedder([[needle]]);
  const embedder = {
    ...inner,
    embed: async (texts: readonly string[], kind: "query" | "document") => {
      await t.memory.forget({ ids: [turn.id] });
      return inner.embed(texts, kind);
    },
  };
  const worker = createEmbeddingWorker({ db: t.db, clock: t.clock, embedder: () => embedder });
  await worker.runOnce();
  await worker.enqueueMissing(embedder.modelId);
  expect(await worker.runOnce()).toEqual({ outcome: "idle" });
  expect(await t.memory.stats()).toMatchObject({ vectors: 0, missingVectors: 0 });
  expect(await everything(t)).not.toContain(needle);
});

test("a title of the owner's own survives its turns", async () => {
  await using t = await openTestMemory();
  const thread = await t.memory.threads.create({ title: "Holiday" });
  const turn = await t.say(thread.id, "Book the ferry");
  await t.memory.forget({ ids: [turn.id] });
  expect(await t.memory.threads.get(thread.id)).toMatchObject({ title: "Holiday" });
});

test("corpus statistics follow what is forgotten", async () => {
  await using t = await openTestMemory();
  const thread = await t.memory.threads.create({});
  const first = await t.say(thread.id, "apples and pears");
  await t.say(thread.id, "plums");
  await t.memory.forget({ ids: [first.id] });
  const [row] = await t.db.transaction(async (tx) => {
    await t.db.run(sql`select set_config('freehold.scope', 'owner', true)`, tx);
    return t.db.run(sql`select indexed_turns, indexed_tokens from memory.threads`, tx);
  });
  expect(row).toEqual({ indexed_turns: 1, indexed_tokens: 1n });
});
