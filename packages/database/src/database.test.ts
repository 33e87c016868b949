import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { systemClock, type Tx } from "@freehold/core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createSnapshot, type Database, json, type Migrations, openDatabase, sql } from "./index.ts";
import { isUniqueViolation } from "./sql-state.ts";

/** Making a cluster takes a second, or many on a busy machine. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let home: string;
let notes: Migrations;
let db: Database;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "freehold-database-"));
  notes = await room("notes", {
    "001-notes.sql": "create schema notes; create table notes.items (id int primary key)",
  });
  db = await openDatabase({ kind: "memory" }, { migrations: [notes], clock: systemClock });
});

afterAll(async () => {
  await db[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

async function room(name: string, files: Record<string, string>, folder = name): Promise<Migrations> {
  const directory = join(home, folder);
  await mkdir(directory, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(directory, file), text);
  return { room: name, directory: pathToFileURL(`${directory}/`) };
}

async function count(): Promise<bigint> {
  const [row] = await db.run<{ n: bigint }>(sql`select count(*) as n from notes.items`);
  return row?.n ?? -1n;
}

test("values come back as the types that the handle promises", async () => {
  const at = new Date("2026-01-02T03:04:05.678Z");
  const [row] = await db.run(sql`select 7::int4 as int4, ${7n}::int8 as int8, ${"1.50"}::numeric as num,
    ${at}::timestamptz as at, ${json({ a: [1, null] })} as json, ${json([1, 2])} as list,
    ${new Uint8Array([0, 255])}::bytea as bytes, ${["a,b", 'q"\\', null]}::text[] as texts, ${[1n, 2n]}::int8[] as eights,
    ${"018f3f6e-0000-7000-8000-000000000000"}::uuid as id, ${null}::text as nothing, ${true}::bool as yes`);
  expect(row).toEqual({
    int4: 7,
    int8: 7n,
    num: "1.50",
    at,
    json: { a: [1, null] },
    list: [1, 2],
    bytes: new Uint8Array([0, 255]),
    texts: ["a,b", 'q"\\', null],
    eights: [1n, 2n],
    id: "018f3f6e-0000-7000-8000-000000000000",
    nothing: null,
    yes: true,
  });
});

describe("transactions", () => {
  test("a rejected body leaves nothing and runs no hook", async () => {
    const before = await count();
    let ran = false;
    const attempt = db.transaction(async (tx) => {
      db.afterCommit(tx, () => {
        ran = true;
      });
      await db.run(sql`insert into notes.items values (1)`, tx);
      throw new Error("no");
    });
    await expect(attempt).rejects.toThrow("no");
    expect(await count()).toBe(before);
    expect(ran).toBe(false);
  });

  test("a statement that failed and was caught fails the transaction instead of losing it silently", async () => {
    const before = await count();
    const attempt = db.transaction(async (tx) => {
      await db.run(sql`insert into notes.items values (2)`, tx);
      await db.run(sql`select 1 / 0`, tx).catch(() => []);
    });
    await expect(attempt).rejects.toThrow("division by zero");
    expect(await count()).toBe(before);
  });

  test("a query that forgets its transaction is refused, not left waiting for ever", async () => {
    const forgotten = db.transaction(() => db.run(sql`select 1`));
    await expect(forgotten).rejects.toMatchObject({ code: "DATABASE_TX_FORGOTTEN" });
    const nested = db.transaction(() => db.transaction(async () => {}));
    await expect(nested).rejects.toMatchObject({ code: "DATABASE_TX_FORGOTTEN" });
  });

  test("an ended transaction takes no more queries", async () => {
    const kept: Tx[] = [];
    await db.transaction(async (tx) => {
      kept.push(tx);
    });
    await expect(db.run(sql`select 1`, kept[0])).rejects.toMatchObject({ code: "DATABASE_TX_ENDED" });
  });

  test("a hook runs after the commit and may query", async () => {
    const seen = await new Promise<bigint>((resolve, reject) => {
      db.transaction(async (tx) => {
        db.afterCommit(tx, () => void count().then(resolve, reject));
        await db.run(sql`insert into notes.items values (3)`, tx);
      }).catch(reject);
    });
    expect(seen).toBeGreaterThan(0n);
  });

  test("a second row of the same key is told apart from other failures", async () => {
    await db.run(sql`insert into notes.items values (4)`);
    const error: unknown = await db.run(sql`insert into notes.items values (4)`).catch((cause: unknown) => cause);
    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(await db.run(sql`select 1 / 0`).catch((cause: unknown) => cause))).toBe(false);
  });
});

test("a notification arrives when its transaction commits, and not when it rolls back", async () => {
  const heard: string[] = [];
  const stop = await db.listen("news", (payload) => heard.push(payload));
  await db
    .transaction((tx) => db.notify(tx, "news", "dropped").then(() => Promise.reject(new Error("no"))))
    .catch(() => {});
  await db.transaction((tx) => db.notify(tx, "news", "kept"));
  await stop();
  await db.notify(undefined, "news", "too late");
  expect(heard).toEqual(["kept"]);
});

test("everything runs as a role that owns nothing", async () => {
  const [row] = await db.run<{ who: string; super: boolean }>(
    sql`select current_user as who, (select rolsuper from pg_roles where rolname = current_user) as super`,
  );
  expect(row).toEqual({ who: "freehold_app", super: false });
  await expect(db.run(sql`drop table notes.items`)).rejects.toThrow("must be owner");
});

describe("migrations", () => {
  const first = { "001-a.sql": "create schema ledger; create table ledger.a (id int)" };
  const second = { ...first, "002-b.sql": "create table ledger.b (id int)" };

  test("new ones are applied to an old database; an older program refuses a newer one", async () => {
    const old = { migrations: [await room("ledger", first, "v1")], clock: systemClock };
    const next = { migrations: [await room("ledger", second, "v2")], clock: systemClock };
    const upgraded = await openDatabase({ kind: "memory", snapshot: await createSnapshot(old) }, next);
    await upgraded.run(sql`insert into ledger.b values (1)`);
    await upgraded[Symbol.asyncDispose]();
    const newer = await createSnapshot(next);
    await expect(openDatabase({ kind: "memory", snapshot: newer }, old)).rejects.toMatchObject({
      code: "DATABASE_NEWER",
    });
  });

  test("an edited one is refused", async () => {
    const snapshot = await createSnapshot({ migrations: [await room("ledger", first, "v1")], clock: systemClock });
    const edited = await room("ledger", { "001-a.sql": `${first["001-a.sql"]}; select 1` }, "edited");
    const attempt = openDatabase({ kind: "memory", snapshot }, { migrations: [edited], clock: systemClock });
    await expect(attempt).rejects.toMatchObject({ code: "DATABASE_MIGRATION_CHANGED" });
  });

  test("a failing one is named, and gaps in the numbers are refused", async () => {
    const broken = await room("ledger", { "001-a.sql": "create schema ledger; create tabel x" }, "broken");
    const failed = openDatabase({ kind: "memory" }, { migrations: [broken], clock: systemClock });
    await expect(failed).rejects.toMatchObject({
      code: "DATABASE_MIGRATION_FAILED",
      data: { migration: "ledger/001" },
    });
    const gap = await room("ledger", { "002-b.sql": "select 1" }, "gap");
    const refused = openDatabase({ kind: "memory" }, { migrations: [gap], clock: systemClock });
    await expect(refused).rejects.toMatchObject({ code: "DATABASE_MIGRATION_INVALID" });
  });
});
