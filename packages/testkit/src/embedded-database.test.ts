import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@freehold/core";
import { lockDirectory, openDatabase, sql } from "@freehold/database";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { verifies } from "./verifies.ts";

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "freehold-embedded-"));
});

afterEach(() => rm(dataDir, { recursive: true }));

/** Making a cluster takes a second, or many on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

const deps = { migrations: [], clock: systemClock };

test("the embedded database keeps what was committed, and its errors carry the SQLSTATE", async () => {
  const first = await openDatabase({ kind: "embedded", dataDir }, deps);
  const [row] = await first.run<{ who: string }>(sql`select current_user as who`);
  expect(row?.who).toBe("freehold_app");
  await expect(first.run(sql`select * from nothing`)).rejects.toMatchObject({ code: "42P01" });
  const second = openDatabase({ kind: "embedded", dataDir }, deps);
  await expect(second).rejects.toMatchObject({ code: "DATA_DIR_IN_USE", data: { pid: process.pid } });
  await first[Symbol.asyncDispose]();
  await expect(first.run(sql`select 1`)).rejects.toThrow();
  const again = await openDatabase({ kind: "embedded", dataDir }, deps);
  expect(await again.run(sql`select 1 as one`)).toEqual([{ one: 1 }]);
  await again[Symbol.asyncDispose]();
});

test("a lock names its holder and dies with it, however it dies", async () => {
  verifies("database.lock.one-process");
  const module = import.meta.resolve("@freehold/database");
  const program = `
    const { lockDirectory } = await import(${JSON.stringify(module)});
    await lockDirectory(process.argv[1]);
    console.log("held");
    setInterval(() => {}, 1000);
  `;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", program, dataDir]);
  await once(holder.stdout, "data");
  await expect(lockDirectory(dataDir)).rejects.toMatchObject({ code: "DATA_DIR_IN_USE", data: { pid: holder.pid } });
  holder.kill("SIGKILL");
  await once(holder, "exit");
  const lock = await lockDirectory(dataDir);
  await lock[Symbol.asyncDispose]();
});

test("a directory that cannot hold a database says so", async () => {
  await writeFile(join(dataDir, "file"), "");
  await writeFile(join(dataDir, "pgdata"), "");
  const noDirectory = openDatabase({ kind: "embedded", dataDir: join(dataDir, "file") }, deps);
  await expect(noDirectory).rejects.toMatchObject({ code: "DATA_DIR_UNUSABLE" });
  const noDatabase = openDatabase({ kind: "embedded", dataDir }, deps);
  await expect(noDatabase).rejects.toMatchObject({ code: "DATA_DIR_UNUSABLE" });
});
