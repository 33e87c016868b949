import { randomBytes } from "node:crypto";
import { createIds, systemClock } from "@freehold/core";
import { sql } from "@freehold/database";
import { runtimeMigrations } from "@freehold/runtime";
import { openJournal } from "@freehold/runtime/bench";
import { postgresDatabase } from "@freehold/testkit";
import { type BenchResult, measure, quantile } from "../measure.ts";

const samples = 400;
const ids = ["journal.step_p50_ms", "journal.step_ratio"];

/** One event with its fence, committed, beside a bare row, committed: alternately on one Postgres with fsync. */
export async function measures(): Promise<BenchResult> {
  const bare = { room: "bare", directory: new URL("journal-migrations/", import.meta.url) };
  await using postgres = await postgresDatabase([runtimeMigrations, bare]);
  if (postgres === null) {
    return { measures: [], skipped: ids.map((id) => ({ id, why: "FREEHOLD_TEST_POSTGRES names no server" })) };
  }
  const { db } = postgres;
  const [settings] = await db.run<{ fsync: string }>(sql`select current_setting('fsync') as fsync`);
  const journal = await openJournal(db, systemClock, createIds(Date.now, randomBytes));
  const steps: number[] = [];
  const rows: number[] = [];
  for (let n = 0; n < samples; n += 1) {
    steps.push(await timed(() => journal.append()));
    rows.push(await timed(() => db.run(sql`insert into bare.lines values (${n}, 'a line of text')`)));
  }
  const step = quantile(steps.slice(20), 0.5);
  const row = quantile(rows.slice(20), 0.5);
  const note = `Postgres, fsync ${settings?.fsync ?? "unknown"}; a bare one-row commit took ${row.toFixed(2)} ms`;
  const n = samples - 20;
  return {
    measures: [
      measure("journal.step_p50_ms", step, { unit: "ms", goal: "<= 3", n, note }),
      measure("journal.step_ratio", step / row, { unit: "×", goal: "<= 2", n, note }),
    ],
    skipped: [],
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
