import { type Clock, describeError, FreeholdError } from "@freehold/core";
import { z } from "zod";
import type { Session } from "./engine.ts";
import { databaseErrors } from "./errors.ts";
import type { Migration } from "./migrations.ts";
import { toParameter } from "./parameters.ts";

/** Role that the service works as: no superuser, no BYPASSRLS, owner of nothing. */
export const appRole = "freehold_app";

/** Any fixed number; held while migrations run, so that two processes do not run them at once. */
const advisoryKey = 7_717_001;

const bootstrap = `
  create schema if not exists database;
  create table if not exists database.migrations (
    room text not null,
    number int not null,
    file text not null,
    checksum text not null,
    applied_at timestamptz not null,
    primary key (room, number)
  );
  do $$ begin
    if not exists (select from pg_roles where rolname = '${appRole}') then create role ${appRole} nologin; end if;
  end $$;
  grant usage on schema database to ${appRole};
  grant select on database.migrations to ${appRole};
`;

const appliedSchema = z.array(z.object({ room: z.string(), number: z.number(), checksum: z.string() }));
type Applied = z.infer<typeof appliedSchema>[number];

/** Brings the database up to the given migrations, as an owner of the schemas. */
export async function migrate(session: Session, migrations: readonly Migration[], clock: Clock): Promise<void> {
  const key = toParameter(advisoryKey);
  await session.query("select pg_advisory_lock($1)", [key]);
  try {
    await session.script(bootstrap);
    await ensureVector(session);
    for (const migration of pending(migrations, await applied(session))) await apply(session, migration, clock);
    for (const room of new Set(migrations.map((migration) => migration.room))) await session.script(grants(room));
  } finally {
    await session.query("select pg_advisory_unlock($1)", [key]);
  }
}

/** Throws `DATABASE_OWNER_NEEDED` when something would have to be applied. */
export async function checkMigrated(session: Session, migrations: readonly Migration[]): Promise<void> {
  const table = await session.query("select to_regclass('database.migrations')::text as name", []);
  const [{ name }] = z.tuple([z.object({ name: z.string().nullable() })]).parse(table.rows);
  const [first] = pending(migrations, name === null ? [] : await applied(session));
  if (first === undefined) return;
  throw new FreeholdError(databaseErrors.DATABASE_OWNER_NEEDED, { migration: title(first) });
}

async function applied(session: Session): Promise<readonly Applied[]> {
  const { rows } = await session.query("select room, number, checksum from database.migrations", []);
  return appliedSchema.parse(rows);
}

/** What is still to be applied. Refuses a database from the future and migrations that were edited. */
function pending(migrations: readonly Migration[], done: readonly Applied[]): readonly Migration[] {
  const same = (one: Applied) => (other: Migration) => one.room === other.room && one.number === other.number;
  const rooms = new Set(migrations.map((migration) => migration.room));
  for (const one of done.filter(({ room }) => rooms.has(room))) {
    const known = migrations.find(same(one));
    if (known === undefined) throw new FreeholdError(databaseErrors.DATABASE_NEWER, { migration: title(one) });
    if (known.checksum !== one.checksum) {
      throw new FreeholdError(databaseErrors.DATABASE_MIGRATION_CHANGED, { migration: title(known) });
    }
  }
  return migrations.filter((migration) => !done.some((one) => same(one)(migration)));
}

function title(migration: { readonly room: string; readonly number: number }): string {
  return `${migration.room}/${String(migration.number).padStart(3, "0")}`;
}

async function apply(session: Session, migration: Migration, clock: Clock): Promise<void> {
  const { room, number, file, checksum } = migration;
  await session.script("begin");
  try {
    await session.script(migration.text);
    await session.query("insert into database.migrations values ($1, $2, $3, $4, $5)", [
      room,
      toParameter(number),
      file,
      checksum,
      toParameter(clock.now()),
    ]);
    await session.script("commit");
  } catch (error) {
    await session.script("rollback");
    const data = { migration: title(migration), problem: describeError(error) };
    throw new FreeholdError(databaseErrors.DATABASE_MIGRATION_FAILED, data, { cause: error });
  }
}

async function ensureVector(session: Session): Promise<void> {
  const found = await session.query("select 1 from pg_extension where extname = 'vector'", []);
  if (found.rows.length > 0) return;
  try {
    await session.script("create extension vector with schema public");
  } catch (error) {
    const data = { extension: "vector", problem: describeError(error) };
    throw new FreeholdError(databaseErrors.DATABASE_EXTENSION_MISSING, data, { cause: error });
  }
}

/** The room's name was checked to be lower-case letters. */
function grants(room: string): string {
  return `
    grant usage on schema ${room} to ${appRole};
    grant select, insert, update, delete on all tables in schema ${room} to ${appRole};
    grant usage, select on all sequences in schema ${room} to ${appRole};
    alter default privileges in schema ${room} grant select, insert, update, delete on tables to ${appRole};
    alter default privileges in schema ${room} grant usage, select on sequences to ${appRole};
  `;
}
