import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { systemClock } from "@freehold/core";
import { openDatabase, sql, type Migrations } from "@freehold/database";
import { afterAll, beforeAll, expect, test, type TestContext } from "vitest";
import { postgresDatabase, type PostgresTestDatabase } from "./postgres-database.ts";
import { verifies } from "./verifies.ts";

let home: string;
let rooms: readonly Migrations[];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "freehold-postgres-"));
  const directory = join(home, "diary");
  await mkdir(directory);
  await writeFile(
    join(directory, "001-diary.sql"),
    `create schema diary;
     create table diary.pages (id int primary key, scope text not null);
     alter table diary.pages enable row level security;
     create policy scope on diary.pages using (scope = current_setting('freehold.scope', true));`,
  );
  rooms = [{ room: "diary", directory: pathToFileURL(`${directory}/`) }];
});

afterAll(() => rm(home, { recursive: true }));

async function server(context: TestContext): Promise<PostgresTestDatabase> {
  const found = await postgresDatabase(rooms);
  return found ?? context.skip("There is no Postgres with pgvector: set FREEHOLD_TEST_POSTGRES.");
}

test("row security binds every connection of the pool", async (context) => {
  verifies("database.row-security.binds");
  await using pg = await server(context);
  const insert = (id: number, scope: string): Promise<unknown> =>
    pg.db.transaction(async (tx) => {
      await pg.db.run(sql`select set_config('freehold.scope', ${scope}, true)`, tx);
      return pg.db.run(sql`insert into diary.pages values (${id}, ${scope})`, tx);
    });
  await Promise.all(Array.from({ length: 20 }, (_, id) => insert(id, id % 2 === 0 ? "ada" : "eve")));
  const [seen] = await pg.db.run<{ n: bigint }>(sql`select count(*) as n from diary.pages`);
  expect(seen?.n).toBe(0n);
  await expect(pg.db.run(sql`insert into diary.pages values (100, 'ada')`)).rejects.toThrow("row-level security");
  await expect(pg.db.run(sql`set role postgres`)).rejects.toThrow("permission denied");
});

test("a login that could pass row security is refused", async (context) => {
  verifies("database.row-security.safe-role");
  await using pg = await server(context);
  const attempt = openDatabase({ kind: "postgres", url: pg.ownerUrl }, { migrations: rooms, clock: systemClock });
  await expect(attempt).rejects.toMatchObject({ code: "DATABASE_ROLE_UNSAFE" });
});

test("without an owner's login, nothing is migrated, and a schema that is behind is refused", async (context) => {
  await using pg = await server(context);
  const url = { kind: "postgres" as const, url: pg.url };
  const current = await openDatabase(url, { migrations: rooms, clock: systemClock });
  await current[Symbol.asyncDispose]();
  const directory = join(home, "later");
  await mkdir(directory);
  await writeFile(join(directory, "001-later.sql"), "create schema later");
  const later = { room: "later", directory: pathToFileURL(`${directory}/`) };
  const behind = openDatabase(url, { migrations: [...rooms, later], clock: systemClock });
  await expect(behind).rejects.toMatchObject({ code: "DATABASE_OWNER_NEEDED", data: { migration: "later/001" } });
});

test("several processes may start and migrate at once", async (context) => {
  await using pg = await server(context);
  const handles = await Promise.all(Array.from({ length: 4 }, () => pg.open()));
  expect(handles).toHaveLength(4);
});

test("a notification reaches other processes, also after the listening connection was lost", async (context) => {
  await using pg = await server(context);
  const other = await pg.open();
  const heard: string[] = [];
  await other.listen("news", (payload) => heard.push(payload));
  await pg.db.notify(undefined, "news", "one");
  await expect.poll(() => heard).toEqual(["one"]);
  await pg.db.run(sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query ilike 'listen%' and pid <> pg_backend_pid()`);
  await expect
    .poll(
      async () => {
        await pg.db.notify(undefined, "news", "again");
        return heard.includes("again");
      },
      { timeout: 10_000 },
    )
    .toBe(true);
});

test("a server that is not there is named as the problem", async () => {
  const config = { kind: "postgres" as const, url: "postgres://freehold_app@127.0.0.1:1/none" };
  const attempt = openDatabase(config, { migrations: [], clock: systemClock });
  await expect(attempt).rejects.toMatchObject({ code: "DATABASE_UNREACHABLE" });
});
