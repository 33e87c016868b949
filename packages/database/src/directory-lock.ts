import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describeError, FreeholdError } from "@freehold/core";
import { z } from "zod";
import { databaseErrors } from "./errors.ts";

/** Held until disposed, or until the process ends in whatever way. */
export interface DirectoryLock extends AsyncDisposable {
  readonly directory: string;
}

const holderSchema = z.object({ pid: z.number().int() });

/**
 * Takes a directory for this process alone. The lock is the operating system's (SQLite holds it on `lock.db`), so it
 * cannot outlive its process and needs no guess about process ids; `lock.json` only names the holder.
 * Throws `DATA_DIR_IN_USE` or `DATA_DIR_UNUSABLE`.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const note = join(directory, "lock.json");
  let file: DatabaseSync;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    file = new DatabaseSync(join(directory, "lock.db"));
  } catch (error) {
    throw unusable(directory, error);
  }
  try {
    file.exec(
      "pragma locking_mode = exclusive; pragma journal_mode = memory; begin exclusive; create table if not exists lock (held int); commit",
    );
  } catch (error) {
    file.close();
    if (!/lock|busy/i.test(describeError(error))) throw unusable(directory, error);
    throw new FreeholdError(databaseErrors.DATA_DIR_IN_USE, { directory, pid: await holder(note) }, { cause: error });
  }
  try {
    await writeFile(note, JSON.stringify({ pid: process.pid }), { mode: 0o600 });
  } catch (error) {
    file.close();
    throw unusable(directory, error);
  }
  return {
    directory,
    async [Symbol.asyncDispose]() {
      await rm(note, { force: true });
      file.close();
    },
  };
}

function unusable(directory: string, error: unknown): FreeholdError {
  const data = { directory, problem: describeError(error) };
  return new FreeholdError(databaseErrors.DATA_DIR_UNUSABLE, data, { cause: error });
}

async function holder(note: string): Promise<number | null> {
  const text = await readFile(note, "utf8").catch(() => "null");
  const parsed = holderSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data.pid : null;
}
