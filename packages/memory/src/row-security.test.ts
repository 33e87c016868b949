import { ownerLabels } from "@freehold/core";
import { sql } from "@freehold/database";
import { fakeClock, postgresDatabase, seededIds, verifies } from "@freehold/testkit";
import { expect, test } from "vitest";
import { createMemory } from "./create-memory.ts";
import { memoryMigrations } from "./migrations.ts";
import { openTestMemory, say } from "./test-memory.ts";

test("every table is held by row security", async () => {
  verifies("memory.scope.row-security");
  await using t = await openTestMemory();
  const open = await t.db.run(
    sql`select relname from pg_class where relnamespace = 'memory'::regnamespace and relkind = 'r' and not relrowsecurity`,
  );
  expect(open).toEqual([]);
});

test("without a scope there is nothing to see and nothing to write", async () => {
  verifies("memory.scope.row-security");
  verifies("memory.scope.pooled");
  await using t = await openTestMemory();
  const thread = await t.memory.threads.create({ title: "private" });
  await t.say(thread.id, "secret");
  expect(await t.db.run(sql`select 1 from memory.turns`)).toEqual([]);
  const write = t.db.run(
    sql`insert into memory.tombstones (id, scope, forgotten_at) values (${t.newId()}::uuid, 'owner', ${t.clock.now()})`,
  );
  await expect(write).rejects.toThrow(/row-level security/);
});

test("another scope sees nothing, finds nothing and forgets nothing", async () => {
  verifies("memory.scope.row-security");
  await using t = await openTestMemory();
  const guest = createMemory({ db: t.db, clock: t.clock, newId: t.newId, scope: "guest" });
  const thread = await t.memory.threads.create({ title: "private" });
  const turn = await t.say(thread.id, "the secret is blue");
  await t.memory.blocks.put({ name: "persona", text: "Calm", version: 0, updatedBy: "owner", labels: ownerLabels });
  expect(await guest.threads.get(thread.id)).toBeNull();
  expect(await guest.turns.byIds([turn.id])).toEqual([]);
  expect((await guest.search("secret")).hits).toEqual([]);
  expect(await guest.blocks.list()).toEqual([]);
  expect(await guest.forget({ ids: [turn.id] })).toMatchObject({ turns: 0 });
  expect(await guest.stats()).toMatchObject({ turns: 0, threads: 0, missingVectors: 0 });
  await expect(say({ ...t, memory: guest }, thread.id, "mine now")).rejects.toMatchObject({
    spec: { code: "THREAD_NOT_FOUND" },
  });
  expect((await t.memory.search("secret")).hits).toHaveLength(1);
});

test("a pooled connection does not keep the scope of who used it before", async (context) => {
  verifies("memory.scope.pooled");
  await using database = await postgresDatabase([memoryMigrations]);
  if (database === null) {
    context.skip("FREEHOLD_TEST_POSTGRES names no server");
    return;
  }
  const clock = fakeClock();
  const newId = seededIds(3, clock);
  const memory = createMemory({ db: database.db, clock, newId });
  const thread = await memory.threads.create({ title: "private" });
  await say({ db: database.db, clock, newId, memory }, thread.id, "secret");
  const reads = Array.from({ length: 40 }, (_, index) =>
    index % 2 === 0 ? memory.threads.list().then(() => []) : database.db.run(sql`select 1 from memory.turns`),
  );
  expect((await Promise.all(reads)).flat()).toEqual([]);
});
