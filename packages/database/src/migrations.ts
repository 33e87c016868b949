import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { FreeholdError, sha256 } from "@freehold/core";
import { databaseErrors } from "./errors.ts";

/** A room's numbered SQL files (`001-name.sql`), which build the schema of the room's own name. */
export interface Migrations {
  /** Also the name of the schema. */
  readonly room: string;
  readonly directory: URL;
}

export interface Migration {
  readonly room: string;
  readonly number: number;
  readonly file: string;
  readonly text: string;
  readonly checksum: string;
}

/** Reads the files of all rooms, in the order given. Throws `DATABASE_MIGRATION_INVALID` for gaps in the numbers. */
export async function readMigrations(all: readonly Migrations[]): Promise<readonly Migration[]> {
  const rooms = await Promise.all(all.map(readRoom));
  return rooms.flat();
}

async function readRoom({ room, directory }: Migrations): Promise<readonly Migration[]> {
  const names = (await readdir(fileURLToPath(directory))).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(
    names.map(async (file, index) => {
      const number = Number(/^(\d{3})-[a-z0-9-]+\.sql$/.exec(file)?.[1]);
      if (number !== index + 1 || !/^[a-z]+$/.test(room)) {
        throw new FreeholdError(databaseErrors.DATABASE_MIGRATION_INVALID, { room, file });
      }
      const base = directory.href.endsWith("/") ? directory : new URL(`${directory.href}/`);
      const text = await readFile(new URL(file, base), "utf8");
      return { room, number, file, text, checksum: sha256(text) };
    }),
  );
}

/** Equal exactly when the files are. */
export function fingerprint(migrations: readonly Migration[]): string {
  return sha256(migrations.map(({ room, number, checksum }) => `${room}/${String(number)}/${checksum}`).join("\n"));
}
