import { FreeholdError, type Labels, type RunId, type Tx } from "@freehold/core";
import { type Database, isUniqueViolation, json, sql } from "@freehold/database";
import { z } from "zod";
import { labelsSchema, runIdSchema } from "./event-parts.ts";
import { type LoggedEvent, type NewEvent, parseEvent } from "./events.ts";
import { runtimeErrors } from "./errors.ts";

/** Says that a run has new events, or that one may be taken: `<run id> <seq>`. */
export const runsChannel = "freehold_runs";

/** The append-only log of all runs. */
export interface RunLog {
  /**
   * Appends after `after`, the writer's own last sequence number. Throws `RUN_LEASE_LOST` when another worker has
   * appended there: the key `(run_id, seq)` is the fence. One statement, so one round trip and one commit without `tx`.
   */
  append(
    runId: RunId,
    after: number,
    events: readonly NewEvent[],
    options: { readonly at: Date; readonly tx?: Tx },
  ): Promise<readonly LoggedEvent[]>;
  load(runId: RunId, after?: number): Promise<readonly LoggedEvent[]>;
}

const rowSchema = z.object({
  run_id: runIdSchema,
  seq: z.number(),
  payload: z.record(z.string(), z.json()),
  type: z.string(),
  integrity: labelsSchema.shape.integrity,
  confidentiality: labelsSchema.shape.confidentiality,
  origins: z.array(z.string()),
  at: z.date(),
});

export function createRunLog(db: Database): RunLog {
  return {
    async append(runId, after, events, { at, tx }) {
      const logged = events.map((one, index) => toLogged(runId, after + index + 1, at, one));
      try {
        await db.run(insert(logged, events), tx);
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        throw new FreeholdError(runtimeErrors.RUN_LEASE_LOST, { runId }, { cause: error });
      }
      return logged;
    },
    async load(runId, after = 0) {
      const rows = await db.run(sql`
        select run_id, seq, type, payload, integrity, confidentiality, origins, at
        from runtime.events where run_id = ${runId} and seq > ${after} order by seq`);
      return rows.map(fromRow);
    },
  };
}

function toLogged(runId: RunId, seq: number, at: Date, { event, labels }: NewEvent): LoggedEvent {
  // What will be read back is what is handed on: the same parse, before anything is written.
  return { runId, seq, at, labels, event: parseEvent(runId, seq, event) };
}

function insert(logged: readonly LoggedEvent[], events: readonly NewEvent[]): ReturnType<typeof sql> {
  const rows = logged.map((one, index) => {
    const { type, ...payload } = events[index]?.event ?? one.event;
    return sql`(${one.runId}::uuid, ${one.seq}::int, ${type}::text, ${json(payload)}, ${one.labels.integrity}::text,
      ${one.labels.confidentiality}::text, ${[...one.labels.origins]}::text[], ${one.at}::timestamptz)`;
  });
  return sql`
    with appended as (
      insert into runtime.events (run_id, seq, type, payload, integrity, confidentiality, origins, at)
      values ${sql.join(rows)} returning run_id, seq
    )
    select pg_notify(${runsChannel}, run_id || ' ' || max(seq)) from appended group by run_id`;
}

export function fromRow(row: unknown): LoggedEvent {
  const { run_id: runId, seq, type, payload, at, ...rest } = rowSchema.parse(row);
  const labels: Labels = { integrity: rest.integrity, confidentiality: rest.confidentiality, origins: rest.origins };
  return { runId, seq, at, labels, event: parseEvent(runId, seq, { ...payload, type }) };
}
