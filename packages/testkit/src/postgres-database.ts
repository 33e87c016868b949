import { randomBytes } from "node:crypto";
import { systemClock } from "@freehold/core";
import { type Database, type Migrations, openDatabase } from "@freehold/database";
import { Client } from "pg";
import type { TestDatabase } from "./test-database.ts";

export interface PostgresTestDatabase extends TestDatabase {
  /** The service role's address, to open more handles on the same database. */
  readonly url: string;
  readonly ownerUrl: string;
  /** One more handle, as another process would hold it. */
  open(): Promise<Database>;
}

/**
 * A fresh database on a real Postgres, for what the embedded one cannot show: races, leases, locks, pooled row
 * security. Takes the server that `FREEHOLD_TEST_POSTGRES` names (a superuser's URL). Null when there is none.
 */
export async function postgresDatabase(migrations: readonly Migrations[]): Promise<PostgresTestDatabase | null> {
  const server = process.env["FREEHOLD_TEST_POSTGRES"];
  if (server === undefined || server === "") return null;
  const name = `freehold_test_${randomBytes(6).toString("hex")}`;
  const password = "freehold_app";
  await asSuperuser(server, async (client) => {
    await client.query("select pg_advisory_lock(7717)");
    await client.query(`do $$ begin
      if not exists (select from pg_roles where rolname = 'freehold_app') then
        create role freehold_app login password '${password}';
      else
        alter role freehold_app login password '${password}';
      end if;
    end $$`);
    await client.query(`create database ${name}`);
  });
  const ownerUrl = withDatabase(server, name);
  const url = withUser(ownerUrl, "freehold_app", password);
  const open = (): Promise<Database> =>
    openDatabase({ kind: "postgres", url, ownerUrl }, { migrations, clock: systemClock });
  const db = await open();
  const opened = [db];
  return {
    db,
    url,
    ownerUrl,
    async open() {
      const another = await open();
      opened.push(another);
      return another;
    },
    async [Symbol.asyncDispose]() {
      for (const one of opened) await one[Symbol.asyncDispose]();
      await asSuperuser(server, async (client) => {
        await client.query(`drop database ${name} with (force)`);
      });
    },
  };
}

async function asSuperuser(url: string, body: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await body(client);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

function withUser(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed.href;
}
