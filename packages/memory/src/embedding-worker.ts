import { describeError, type Clock, type Embedder, type Tx } from "@freehold/core";
import { sql, type Database } from "@freehold/database";
import { toSql } from "pgvector";
import { createInScope } from "./in-scope.ts";
import { partsSchema } from "./store/turn-row.ts";
import { turnText } from "./turn-text.ts";

export interface EmbeddingWorkerOptions {
  readonly db: Database;
  readonly clock: Clock;
  /** Null while there is none: the jobs wait. */
  readonly embedder: () => Embedder | null;
  readonly scope?: string;
  /** Texts per call of the embedder. Default 16. */
  readonly batch?: number;
  /** Told about every failed batch; the jobs stay and are tried again later. */
  readonly onFailure?: (problem: string) => void;
}

export type EmbeddingRound =
  | { readonly outcome: "embedded"; readonly count: number }
  | { readonly outcome: "idle" }
  | { readonly outcome: "no-embedder" }
  | { readonly outcome: "failed"; readonly count: number; readonly problem: string };

export interface EmbeddingWorker {
  /** Embeds at most one batch of due jobs. Never throws for the embedder's failures. */
  runOnce(signal?: AbortSignal): Promise<EmbeddingRound>;
  /** Queues every item that this model has not seen, e.g. after the owner chose another one. Returns how many. */
  enqueueMissing(modelId: string): Promise<number>;
  /** Works until the signal aborts, then resolves. Asks the database every `pollMs` (default 1,000) when idle. */
  run(signal: AbortSignal, pollMs?: number): Promise<void>;
}

interface JobRow {
  readonly turn: bigint;
  readonly parts: unknown;
}

/** A claimed job comes back after this time, should the worker die. */
const leaseMs = 120_000;
const firstRetryMs = 5_000;
const longestRetryMs = 600_000;

/** A job that failed this often is tried alone, so that one bad text does not hold up its batch for ever. */
const batchedAttempts = 3;

/** Longest text that is embedded, in characters; embedders see a few hundred tokens and cut the rest. */
const embeddedCharacters = 4_000;

export function createEmbeddingWorker(options: EmbeddingWorkerOptions): EmbeddingWorker {
  const { db, clock, scope = "owner" } = options;
  const inScope = createInScope(db, scope);
  const queue: Queue = { db, clock, scope };
  const inOwn = <T>(body: (tx: Tx) => Promise<T>): Promise<T> => inScope(undefined, body);

  const runOnce: EmbeddingWorker["runOnce"] = async (signal) => {
    const embedder = options.embedder();
    if (embedder === null) return { outcome: "no-embedder" };
    const jobs = await inOwn((tx) => claim(queue, tx, options.batch ?? 16));
    if (jobs.length === 0) return { outcome: "idle" };
    try {
      const texts = jobs.map((job) => turnText(partsSchema.parse(job.parts)).slice(0, embeddedCharacters));
      const vectors = await embedder.embed(texts, "document", signal);
      await inOwn((tx) => store(queue, tx, { jobs, vectors, embedder }));
      return { outcome: "embedded", count: jobs.length };
    } catch (error) {
      await inOwn((tx) => postpone(queue, tx, jobs));
      const problem = describeError(error);
      options.onFailure?.(problem);
      return { outcome: "failed", count: jobs.length, problem };
    }
  };

  return {
    runOnce,
    enqueueMissing: (modelId) => inOwn((tx) => enqueueMissing(queue, tx, modelId)),
    async run(signal, pollMs = 1_000) {
      let model: string | null = null;
      while (!signal.aborted) {
        const current = options.embedder()?.modelId ?? null;
        if (current !== null && current !== model) {
          await inOwn((tx) => enqueueMissing(queue, tx, current));
          model = current;
        }
        const { outcome } = await runOnce(signal);
        if (outcome !== "embedded") await pause(clock, pollMs, signal);
      }
    },
  };
}

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

interface Queue {
  readonly db: Database;
  readonly clock: Clock;
  readonly scope: string;
}

function later(clock: Clock, ms: number): Date {
  return new Date(clock.now().getTime() + ms);
}

function claim({ db, clock, scope }: Queue, tx: Tx, batch: number): Promise<JobRow[]> {
  return db.run(
    sql<JobRow>`
      with due as materialized (
        select turn, attempts, due_at from memory.embedding_jobs
        where scope = ${scope} and due_at <= ${clock.now()}::timestamptz
        order by attempts >= ${batchedAttempts}::int, due_at, turn limit ${batch}::int for update skip locked
      ), placed as (
        select turn, attempts, row_number() over (order by attempts >= ${batchedAttempts}::int, due_at, turn) as place from due
      ), claimed as (
        update memory.embedding_jobs j set attempts = j.attempts + 1, due_at = ${later(clock, leaseMs)}::timestamptz
        from placed where j.turn = placed.turn and (placed.attempts < ${batchedAttempts}::int or placed.place = 1)
        returning j.turn
      )
      select t.key as turn, t.parts from claimed join memory.turns t on t.key = claimed.turn order by t.key`,
    tx,
  );
}

interface Embedded {
  readonly jobs: readonly JobRow[];
  readonly vectors: readonly Float32Array[];
  readonly embedder: Embedder;
}

/** The lock waits for a `forget` that is under way and then sees what it did: no vector outlives its text. */
async function store({ db, scope }: Queue, tx: Tx, { jobs, vectors, embedder }: Embedded): Promise<void> {
  const rows = jobs.map(({ turn }, index) => {
    const vector = vectors[index];
    if (vector?.length !== embedder.dimensions) throw new Error(`${embedder.modelId} gave a vector of the wrong size.`);
    return { turn, vector: toSql([...vector]) };
  });
  const keys = rows.map(({ turn }) => turn);
  await db.run(
    sql`
      with alive as materialized (
        select key from memory.turns
        where scope = ${scope} and key = any(${keys}::bigint[]) and not forgotten
        order by key for share
      )
      insert into memory.vectors (scope, turn, model_id, dimensions, embedding)
      select ${scope}, alive.key, ${embedder.modelId}, ${embedder.dimensions}::int, made.embedding::halfvec
      from unnest(${keys}::bigint[], ${rows.map(({ vector }) => vector)}::text[]) made(turn, embedding)
      join alive on alive.key = made.turn
      on conflict (turn, model_id) do update set embedding = excluded.embedding, dimensions = excluded.dimensions`,
    tx,
  );
  await db.run(sql`delete from memory.embedding_jobs where turn = any(${keys}::bigint[])`, tx);
}

/** Doubles the wait with each attempt. */
async function postpone({ db, clock }: Queue, tx: Tx, jobs: readonly JobRow[]): Promise<void> {
  await db.run(
    sql`
      update memory.embedding_jobs set due_at = ${clock.now()}::timestamptz
        + least(${longestRetryMs}::float8, ${firstRetryMs}::float8 * 2 ^ least(attempts - 1, 20)) * interval '1 millisecond'
      where turn = any(${jobs.map(({ turn }) => turn)}::bigint[])`,
    tx,
  );
}

async function enqueueMissing({ db, clock, scope }: Queue, tx: Tx, modelId: string): Promise<number> {
  const rows = await db.run(
    sql`
      insert into memory.embedding_jobs (turn, scope, due_at)
      select t.key, ${scope}, ${clock.now()}::timestamptz from memory.turns t
      where t.scope = ${scope} and not t.forgotten
        and not exists (select from memory.vectors v where v.turn = t.key and v.model_id = ${modelId})
        and exists (select from jsonb_array_elements(t.parts) part
          where part ->> 'type' in ('text', 'tool-result') and part ->> 'text' <> '')
      on conflict (turn) do nothing returning turn`,
    tx,
  );
  return rows.length;
}
