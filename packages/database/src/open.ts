import { join } from "node:path";
import { type Clock, describeError, FreeholdError } from "@freehold/core";
import { createDatabase, type Database } from "./database.ts";
import { lockDirectory } from "./directory-lock.ts";
import type { Engine } from "./engine.ts";
import { databaseErrors } from "./errors.ts";
import { appRole, checkMigrated, migrate } from "./migrate.ts";
import { fingerprint, readMigrations, type Migration, type Migrations } from "./migrations.ts";
import { createPgliteEngine } from "./pglite-engine.ts";
import { threadWire } from "./pglite-thread.ts";
import { localWire, openPglite } from "./pglite-wire.ts";
import { createPostgresEngine } from "./postgres-engine.ts";
import { checkRole } from "./row-security.ts";

export type DatabaseConfig =
  /** PGlite in a thread of its own. The directory is the database's alone and is locked for this process. */
  | { readonly kind: "embedded"; readonly dataDir: string }
  /** PGlite in this thread, gone with the process. `snapshot` comes from `createSnapshot`. */
  | { readonly kind: "memory"; readonly snapshot?: Blob }
  /** Without `ownerUrl` nothing is migrated; the start fails when something would have to be. */
  | { readonly kind: "postgres"; readonly url: string; readonly ownerUrl?: string; readonly connections?: number };

export interface DatabaseDeps {
  /** In the order in which they are applied. */
  readonly migrations: readonly Migrations[];
  readonly clock: Clock;
  /** Faults that no caller sees: a lost idle connection, a lost listener. */
  readonly onFault?: (problem: string) => void;
}

/** Opens, migrates and drops privileges. Everything that runs on the handle runs as `freehold_app`. */
export async function openDatabase(config: DatabaseConfig, deps: DatabaseDeps): Promise<Database> {
  const migrations = await readMigrations(deps.migrations);
  switch (config.kind) {
    case "embedded":
      return openEmbedded(config.dataDir, migrations, deps);
    case "memory": {
      const { snapshot } = config;
      const engine = createPgliteEngine(
        localWire(await openPglite(snapshot === undefined ? {} : { snapshot })),
        "memory",
      );
      return finish(engine, migrations, deps, async () => {});
    }
    case "postgres":
      return openPostgres(config, migrations, deps);
  }
}

/** A migrated data directory to give to `{ kind: "memory", snapshot }`, and a key that changes with the migrations. */
export async function createSnapshot(deps: DatabaseDeps): Promise<Blob> {
  const pglite = await openPglite({});
  const engine = createPgliteEngine(localWire(pglite), "memory");
  const migrations = await readMigrations(deps.migrations);
  await engine.withSession((session) => migrate(session, migrations, deps.clock));
  const dump = await pglite.dumpDataDir("none");
  await pglite.close();
  return dump;
}

/** Equal exactly when the migration files are. */
export async function migrationsFingerprint(all: readonly Migrations[]): Promise<string> {
  return fingerprint(await readMigrations(all));
}

async function openEmbedded(dataDir: string, migrations: readonly Migration[], deps: DatabaseDeps): Promise<Database> {
  const lock = await lockDirectory(dataDir);
  const release = async (): Promise<void> => lock[Symbol.asyncDispose]();
  try {
    const wire = await threadWire(join(dataDir, "pgdata")).catch((error: unknown) => {
      const data = { directory: dataDir, problem: describeError(error) };
      throw new FreeholdError(databaseErrors.DATA_DIR_UNUSABLE, data, { cause: error });
    });
    return await finish(createPgliteEngine(wire, "embedded"), migrations, deps, release);
  } catch (error) {
    await release();
    throw error;
  }
}

async function finish(
  engine: Engine,
  migrations: readonly Migration[],
  deps: DatabaseDeps,
  release: () => Promise<void>,
): Promise<Database> {
  try {
    await engine.withSession(async (session) => {
      await migrate(session, migrations, deps.clock);
      await session.script(`set role ${appRole}`);
    });
  } catch (error) {
    await engine.close();
    throw error;
  }
  return createDatabase(engine, release);
}

async function openPostgres(
  config: Extract<DatabaseConfig, { kind: "postgres" }>,
  migrations: readonly Migration[],
  deps: DatabaseDeps,
): Promise<Database> {
  const shared = { clock: deps.clock, onFault: deps.onFault ?? (() => {}) };
  if (config.ownerUrl !== undefined) {
    const owner = await createPostgresEngine({ ...shared, url: config.ownerUrl, connections: 1 });
    try {
      await owner.withSession((session) => migrate(session, migrations, deps.clock));
    } finally {
      await owner.close();
    }
  }
  const engine = await createPostgresEngine({ ...shared, url: config.url, connections: config.connections ?? 10 });
  try {
    await engine.withSession(async (session) => {
      await checkRole(session, ["database", ...new Set(migrations.map(({ room }) => room))]);
      await checkMigrated(session, migrations);
    });
  } catch (error) {
    await engine.close();
    throw error;
  }
  return createDatabase(engine, async () => {});
}
