import { type Clock, type ErrorJson, type RunId, type ThreadId, type TurnId, type Tx } from "@freehold/core";
import { type Database, json, sql } from "@freehold/database";
import { z } from "zod";
import { errorJsonSchema, runIdSchema, threadIdSchema, turnIdSchema } from "./event-parts.ts";

export const runStates = ["queued", "running", "waiting", "completed", "failed", "stopped"] as const;
export type RunStatus = (typeof runStates)[number];

export interface RunView {
  readonly id: RunId;
  readonly threadId: ThreadId;
  readonly userTurnId: TurnId;
  readonly state: RunStatus;
  readonly error: ErrorJson | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

export interface Lease {
  readonly runId: RunId;
  readonly threadId: ThreadId;
  /** Counts up with each lease of the run. */
  readonly number: number;
}

export interface NewRun {
  readonly id: RunId;
  readonly threadId: ThreadId;
  readonly userTurnId: TurnId;
  readonly clientKey: string | null;
  readonly compactedBefore: number;
}

/** Rows of `runtime.runs`: who holds a run and when somebody should look at it. */
export interface Runs {
  insert(tx: Tx, run: NewRun): Promise<void>;
  get(id: RunId, tx?: Tx): Promise<RunView | null>;
  byClientKey(threadId: ThreadId, clientKey: string, tx?: Tx): Promise<RunView | null>;
  /** Where the newest run of the thread cut its prompt, so that the next one begins with the same. 0 when none did. */
  compactedBefore(threadId: ThreadId, tx: Tx): Promise<number>;
  compacted(tx: Tx, id: RunId, beforeOrdinal: number): Promise<void>;
  /** Oldest first. */
  ofThread(threadId: ThreadId, tx?: Tx): Promise<readonly RunView[]>;
  /** Not ended yet. */
  open(): Promise<readonly RunView[]>;
  /** Takes one run that is due, the longest waiting first; a thread's runs go one after the other. */
  lease(worker: string, ms: number): Promise<Lease | null>;
  /** False when the lease has gone to another worker. */
  renew(lease: Lease, worker: string, ms: number): Promise<boolean>;
  /** Gives the lease back; at once due again when a command came in meanwhile. */
  park(tx: Tx | undefined, lease: Lease, state: "queued" | "waiting", dueAt: Date): Promise<void>;
  finish(tx: Tx, lease: Lease, state: "completed" | "failed" | "stopped", error: ErrorJson | null): Promise<void>;
  /** Makes all queued runs due now. */
  makeDue(): Promise<void>;
  command(tx: Tx, id: string, runId: RunId, kind: "stop" | "decide"): Promise<void>;
  /** Commands that nobody folded in yet. */
  commands(runId: RunId): Promise<readonly { readonly id: string; readonly kind: "stop" | "decide" }[]>;
  folded(tx: Tx, ids: readonly string[]): Promise<void>;
}

const viewSchema = z
  .object({
    id: runIdSchema,
    thread_id: threadIdSchema,
    user_turn_id: turnIdSchema,
    state: z.enum(runStates),
    error: errorJsonSchema.nullable(),
    created_at: z.date(),
    ended_at: z.date().nullable(),
  })
  .transform((row): RunView => ({
    id: row.id,
    threadId: row.thread_id,
    userTurnId: row.user_turn_id,
    state: row.state,
    error: row.error,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  }));

const leaseSchema = z
  .object({ id: runIdSchema, thread_id: threadIdSchema, lease_no: z.number() })
  .transform((row): Lease => ({ runId: row.id, threadId: row.thread_id, number: row.lease_no }));

const columns = sql`id, thread_id, user_turn_id, state, error, created_at, ended_at`;

export function createRuns(db: Database, clock: Clock): Runs {
  const views = async (query: ReturnType<typeof sql>, tx?: Tx): Promise<readonly RunView[]> =>
    viewSchema.array().parse(await db.run(query, tx));
  const view = async (query: ReturnType<typeof sql>, tx?: Tx): Promise<RunView | null> =>
    (await views(query, tx))[0] ?? null;
  const later = (ms: number): Date => new Date(clock.now().getTime() + ms);

  return {
    async insert(tx, { id, threadId, userTurnId, clientKey, compactedBefore }) {
      const now = clock.now();
      await db.run(
        sql`insert into runtime.runs (id, thread_id, user_turn_id, client_key, compacted_before, state, due_at, created_at)
          values (${id}, ${threadId}, ${userTurnId}, ${clientKey}, ${compactedBefore}, 'queued', ${now}, ${now})`,
        tx,
      );
    },
    get: (id, tx) => view(sql`select ${columns} from runtime.runs where id = ${id}`, tx),
    byClientKey: (threadId, clientKey, tx) =>
      view(sql`select ${columns} from runtime.runs where thread_id = ${threadId} and client_key = ${clientKey}`, tx),
    ofThread: (threadId, tx) =>
      views(sql`select ${columns} from runtime.runs where thread_id = ${threadId} order by id`, tx),
    open: () => views(sql`select ${columns} from runtime.runs where due_at is not null order by id`),
    async lease(worker, ms) {
      const rows = await db.run(takeOne(worker, clock.now(), later(ms)));
      return leaseSchema.array().parse(rows)[0] ?? null;
    },
    async renew(lease, worker, ms) {
      const rows = await db.run(sql`
        update runtime.runs set due_at = ${later(ms)}
        where id = ${lease.runId} and lease_no = ${lease.number} and lease_holder = ${worker} returning id`);
      return rows.length > 0;
    },
    park: (tx, lease, state, dueAt) => park(db, tx, lease, { state, dueAt, now: clock.now() }),
    async finish(tx, lease, state, error) {
      await db.run(
        sql`update runtime.runs set state = ${state}, due_at = null, lease_holder = null, ended_at = ${clock.now()},
            error = ${error === null ? null : json(error)}
          where id = ${lease.runId}`,
        tx,
      );
    },
    async makeDue() {
      await db.run(sql`update runtime.runs set due_at = ${clock.now()} where state = 'queued'`);
    },
    ...compactionOf(db),
    ...commandsOf(db, clock),
  };
}

function compactionOf(db: Database): Pick<Runs, "compactedBefore" | "compacted"> {
  return {
    async compactedBefore(threadId, tx) {
      const rows = await db.run(
        sql`select compacted_before as before from runtime.runs
          where thread_id = ${threadId} order by id desc limit 1`,
        tx,
      );
      return z.array(z.object({ before: z.number() })).parse(rows)[0]?.before ?? 0;
    },
    async compacted(tx, id, beforeOrdinal) {
      await db.run(sql`update runtime.runs set compacted_before = ${beforeOrdinal} where id = ${id}`, tx);
    },
  };
}

function commandsOf(db: Database, clock: Clock): Pick<Runs, "command" | "commands" | "folded"> {
  return {
    command: (tx, id, runId, kind) => command(db, tx, { id, runId, kind, now: clock.now() }),
    async commands(runId) {
      const rows = await db.run(
        sql`select id, kind from runtime.commands where run_id = ${runId} and folded_at is null order by id`,
      );
      return z.array(z.object({ id: z.string(), kind: z.enum(["stop", "decide"]) })).parse(rows);
    },
    async folded(tx, ids) {
      await db.run(
        sql`update runtime.commands set folded_at = ${clock.now()} where id = any (${[...ids]}::uuid[])`,
        tx,
      );
    },
  };
}

function takeOne(worker: string, now: Date, until: Date): ReturnType<typeof sql> {
  return sql`
    update runtime.runs set state = 'running', lease_holder = ${worker}, lease_no = lease_no + 1, due_at = ${until}
    where id = (
      select run.id from runtime.runs run
      where run.due_at <= ${now} and not exists (
        select from runtime.runs earlier
        where earlier.thread_id = run.thread_id and earlier.id < run.id and earlier.due_at is not null
      )
      order by run.due_at for update skip locked limit 1
    )
    returning id, thread_id, lease_no`;
}

/** The row is locked first: a command that came before is seen below, one that comes after finds the run parked. */
async function park(
  db: Database,
  tx: Tx | undefined,
  lease: Lease,
  to: { readonly state: "queued" | "waiting"; readonly dueAt: Date; readonly now: Date },
): Promise<void> {
  await db.run(
    sql`update runtime.runs set state = ${to.state}, lease_holder = null, due_at = ${to.dueAt}
      where id = ${lease.runId} and lease_no = ${lease.number} and lease_holder is not null`,
    tx,
  );
  await db.run(
    sql`update runtime.runs set due_at = ${to.now}
      where id = ${lease.runId} and lease_no = ${lease.number} and lease_holder is null
        and exists (select from runtime.commands where run_id = ${lease.runId} and folded_at is null)`,
    tx,
  );
}

/**
 * A leased run is left to its holder; a parked one becomes due at once. The row is locked by a statement of its own:
 * an update alone would look at the row as it was before a park that is under way, and pass it by.
 */
async function command(
  db: Database,
  tx: Tx,
  given: { readonly id: string; readonly runId: RunId; readonly kind: "stop" | "decide"; readonly now: Date },
): Promise<void> {
  await db.run(sql`select from runtime.runs where id = ${given.runId} for update`, tx);
  await db.run(
    sql`insert into runtime.commands (id, run_id, kind, created_at)
      values (${given.id}, ${given.runId}, ${given.kind}, ${given.now})`,
    tx,
  );
  await db.run(
    sql`update runtime.runs set due_at = ${given.now}
      where id = ${given.runId} and lease_holder is null and due_at is not null`,
    tx,
  );
}
