import type { Labels, NewTurn, RunId, TurnId } from "@freehold/core";
import { sql } from "@freehold/database";
import { postgresDatabase, seededIds, fakeClock, verifies } from "@freehold/testkit";
import { expect, test } from "vitest";
import { createMemory } from "../create-memory.ts";
import { memoryMigrations } from "../migrations.ts";
import { openTestMemory, say } from "../test-memory.ts";

test("a turn comes back verbatim, with its labels", async () => {
  verifies("memory.turn.verbatim");
  await using t = await openTestMemory();
  const thread = await t.memory.threads.create({ title: "Trip" });
  const labels: Labels = {
    integrity: "untrusted",
    confidentiality: "private",
    origins: ["tool:files", "web:a.example"],
  };
  const runId = t.newId<RunId>();
  const turn: NewTurn = {
    id: t.newId<TurnId>(),
    threadId: thread.id,
    runId,
    author: "tool",
    parts: [
      { type: "text", text: "  two  spaces\n\ttab 🧭 " },
      { type: "reasoning", text: "hm" },
      {
        type: "tool-call",
        callId: "c1",
        name: "files__read",
        arguments: { path: "a", deep: { list: [1, null, "x"] } },
      },
      { type: "tool-result", callId: "c1", name: "files__read", status: "error", text: "no such file" },
    ],
    labels,
    at: new Date("2026-01-01T10:00:00.123Z"),
  };
  const written = await t.db.transaction((tx) => t.memory.turns.append(tx, turn));
  expect(written).toEqual({ ...turn, ordinal: 1, forgotten: false });
  expect(await t.memory.turns.thread(thread.id)).toEqual([written]);
  expect(await t.memory.turns.byIds([turn.id])).toEqual([written]);
  expect(await t.memory.turns.byRun(runId)).toEqual([written]);
});

test("text that Postgres cannot hold is kept with a replacement character", async () => {
  await using t = await openTestMemory();
  const thread = await t.memory.threads.create({});
  const turn = await say(t, thread.id, "a\u0000b \uD83D c");
  expect(turn.parts).toEqual([{ type: "text", text: "a\uFFFDb \uFFFD c" }]);
  expect(await t.memory.turns.thread(thread.id)).toEqual([turn]);
});

test("a huge turn is kept whole and found by its beginning", async () => {
  await using t = await openTestMemory();
  const thread = await t.memory.threads.create({});
  const filler = Array.from({ length: 200_000 }, (_, index) => `w${index}`).join(" ");
  await say(t, thread.id, `marmalade ${filler}`);
  const [turn] = await t.memory.turns.thread(thread.id);
  expect(turn?.parts).toEqual([{ type: "text", text: `marmalade ${filler}` }]);
  const { hits } = await t.memory.search("marmalade");
  expect(hits).toHaveLength(1);
});

test("a rolled back turn leaves no gap and nothing behind", async () => {
  verifies("memory.turn.one-transaction");
  await using t = await openTestMemory();
  const thread = await t.memory.threads.create({});
  await say(t, thread.id, "first");
  const failing = t.db.transaction(async (tx) => {
    const turn = {
      id: t.newId<TurnId>(),
      threadId: thread.id,
      runId: null,
      author: "owner",
      at: t.clock.now(),
    } as const;
    const labels: Labels = { integrity: "owner", confidentiality: "private", origins: [] };
    await t.memory.turns.append(tx, { ...turn, labels, parts: [{ type: "text", text: "unspoken" }] });
    throw new Error("crash");
  });
  await expect(failing).rejects.toThrow("crash");
  const second = await say(t, thread.id, "second");
  expect(second.ordinal).toBe(2);
  expect((await t.memory.search("unspoken")).hits).toEqual([]);
  expect(await t.memory.stats()).toMatchObject({ turns: 2, missingVectors: 2 });
});

test("an unknown or forgotten thread takes no turn", async () => {
  await using t = await openTestMemory();
  const thread = await t.memory.threads.create({});
  await t.memory.forget({ threadId: thread.id });
  await expect(say(t, thread.id, "late")).rejects.toMatchObject({ spec: { code: "THREAD_NOT_FOUND" } });
});

test("a window of a thread is cut by ordinals", async () => {
  await using t = await openTestMemory();
  const thread = await t.memory.threads.create({});
  for (const text of ["a", "b", "c", "d", "e"]) await say(t, thread.id, text);
  const ordinals = async (window: { after?: number; before?: number; last?: number }): Promise<number[]> =>
    (await t.memory.turns.thread(thread.id, window)).map(({ ordinal }) => ordinal);
  expect(await ordinals({ after: 2 })).toEqual([3, 4, 5]);
  expect(await ordinals({ before: 3 })).toEqual([1, 2]);
  expect(await ordinals({ last: 2 })).toEqual([4, 5]);
});

test("labels are columns that cannot be empty", async () => {
  verifies("memory.labels.not-null");
  await using t = await openTestMemory();
  const rows = await t.db.run(
    sql<{ name: string }>`
      select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = 'memory' and is_nullable = 'NO'
        and column_name in ('integrity', 'confidentiality', 'origins')
      order by 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual([
    "blocks.confidentiality",
    "blocks.integrity",
    "blocks.origins",
    "turns.confidentiality",
    "turns.integrity",
    "turns.origins",
  ]);
});

test("ordinals have no gaps when many write at once", async (context) => {
  verifies("memory.turn.ordinals");
  await using database = await postgresDatabase([memoryMigrations]);
  if (database === null) {
    context.skip("FREEHOLD_TEST_POSTGRES names no server");
    return;
  }
  const clock = fakeClock();
  const newId = seededIds(7, clock);
  const memory = createMemory({ db: database.db, clock, newId });
  const thread = await memory.threads.create({});
  const other = await database.open();
  const speakers = [database.db, other].map((db) => ({ db, clock, newId, memory: createMemory({ db, clock, newId }) }));
  const results = await Promise.allSettled(
    Array.from({ length: 60 }, (_, index) => {
      const speaker = speakers[index % 2];
      if (speaker === undefined) throw new Error("no speaker");
      return index % 10 === 9
        ? speaker.db.transaction(async (tx) => {
            const turn = {
              id: newId<TurnId>(),
              threadId: thread.id,
              runId: null,
              author: "owner",
              at: clock.now(),
            } as const;
            const labels: Labels = { integrity: "owner", confidentiality: "private", origins: [] };
            await speaker.memory.turns.append(tx, { ...turn, labels, parts: [] });
            throw new Error("rolled back");
          })
        : say(speaker, thread.id, `message number ${index}`);
    }),
  );
  expect(results.filter(({ status }) => status === "rejected")).toHaveLength(6);
  const turns = await memory.turns.thread(thread.id);
  expect(turns.map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: 54 }, (_, index) => index + 1));
});
