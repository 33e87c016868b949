import { randomUUID } from "node:crypto";
import { openAsBlob } from "node:fs";
import { mkdir, rename, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@freehold/core";
import {
  createSnapshot,
  type Database,
  type Migrations,
  migrationsFingerprint,
  openDatabase,
} from "@freehold/database";

export interface TestDatabase extends AsyncDisposable {
  readonly db: Database;
}

/**
 * A fresh embedded database with the rooms' schemas, in memory. The first call for a set of migrations builds a
 * template and keeps it in the temporary directory; later calls, from other processes too, copy it (about 0.4 s).
 */
export async function testDatabase(migrations: readonly Migrations[]): Promise<TestDatabase> {
  const deps = { migrations, clock: systemClock };
  const db = await openDatabase({ kind: "memory", snapshot: await template(migrations) }, deps);
  return { db, [Symbol.asyncDispose]: () => disposeOf(db) };
}

async function disposeOf(db: Database): Promise<void> {
  await db[Symbol.asyncDispose]();
}

async function template(migrations: readonly Migrations[]): Promise<Blob> {
  const directory = join(tmpdir(), "freehold-test-templates");
  const path = join(directory, `${await migrationsFingerprint(migrations)}.tar`);
  const known = await stat(path).catch(() => null);
  if (known !== null) return openAsBlob(path);
  const snapshot = await createSnapshot({ migrations, clock: systemClock });
  await mkdir(directory, { recursive: true });
  const own = `${path}.${randomUUID()}`;
  await writeFile(own, Buffer.from(await snapshot.arrayBuffer()));
  // Two processes may build the same template: the rename leaves one whole file.
  await rename(own, path);
  return snapshot;
}
