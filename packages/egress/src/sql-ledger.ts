import { asset, confidentialityLevels, integrityLevels, type Clock } from "@freehold/core";
import { json, sql, type Database } from "@freehold/database";
import { z } from "zod";
import { ledgerOutcomes, type Ledger, type LedgerQuery, type LedgerRow, type LedgerSummary } from "./ledger.ts";

const rowSchema = z
  .object({
    id: z.bigint(),
    who: z.string(),
    why: z.string(),
    run_id: z.string().nullable(),
    scheme: z.string(),
    host: z.string(),
    port: z.number(),
    method: z.string(),
    status: z.number().nullable(),
    bytes_out: z.bigint(),
    bytes_in: z.bigint(),
    cost_asset: z.string().nullable(),
    cost_units: z.string().nullable(),
    integrity: z.enum(integrityLevels),
    confidentiality: z.enum(confidentialityLevels),
    origins: z.array(z.string()),
    outcome: z.enum(ledgerOutcomes),
    problem: z.string().nullable(),
    started_at: z.date(),
    ended_at: z.date().nullable(),
  })
  .transform((row): LedgerRow => ({
    id: row.id.toString(),
    at: row.started_at,
    endedAt: row.ended_at,
    who: row.who,
    why: row.why,
    runId: row.run_id,
    scheme: row.scheme,
    host: row.host,
    port: row.port,
    method: row.method,
    status: row.status,
    bytesOut: Number(row.bytes_out),
    bytesIn: Number(row.bytes_in),
    outcome: row.outcome,
    problem: row.problem,
    labels: { integrity: row.integrity, confidentiality: row.confidentiality, origins: row.origins },
    cost:
      row.cost_asset === null || row.cost_units === null
        ? null
        : { asset: asset(row.cost_asset), units: BigInt(row.cost_units) },
  }));

/** The ledger in the agent's database. Rows that a dead process left open are closed by `closeAbandoned`. */
export interface SqlLedger extends Ledger {
  /**
   * To be called at start, before anything leaves. Returns how many rows it closed. A row of another worker that is
   * still on its way is put right when that worker ends it.
   */
  closeAbandoned(): Promise<number>;
}

export function createLedger(db: Database, clock: Clock): SqlLedger {
  return {
    async begin(start) {
      const { labels } = start;
      const rows = await db.run<{ id: bigint }>(sql`
        insert into egress.ledger
          (who, why, run_id, scheme, host, port, method, integrity, confidentiality, origins, started_at)
        values (${start.who}, ${start.why}, ${start.runId}, ${start.scheme}, ${start.host}, ${start.port},
          ${start.method}, ${labels.integrity}, ${labels.confidentiality}, ${json(labels.origins)},
          ${start.at})
        returning id`);
      return z.object({ id: z.bigint() }).parse(rows[0]).id.toString();
    },
    async end(id, end) {
      await db.run(sql`
        update egress.ledger
        set status = ${end.status}, bytes_out = ${end.bytesOut}, bytes_in = ${end.bytesIn},
          outcome = ${end.outcome}, problem = ${end.problem}, ended_at = ${end.at}
        where id = ${id}`);
    },
    list: (query) => list(db, query),
    summary: (range) => summary(db, range),
    async recordCost(of, cost, intent) {
      const { hostname, port, protocol } = new URL(of.origin);
      const number = Number(port === "" ? (protocol === "https:" ? 443 : 80) : port);
      const rows = await db.run(sql`
        update egress.ledger set cost_asset = ${cost.asset}, cost_units = ${cost.units.toString()}, intent_id = ${intent}
        where id = (
          select max(id) from egress.ledger
          where run_id = ${of.runId} and host = ${hostname} and port = ${number} and outcome in ('open', 'ok')
        )
        returning id`);
      return rows.length === 1;
    },
    async closeAbandoned() {
      const rows = await db.run(sql`
        update egress.ledger
        set outcome = 'failed', problem = 'Freehold stopped before this was over.', ended_at = ${clock.now()}
        where outcome = 'open'
        returning id`);
      return rows.length;
    },
  };
}

async function list(db: Database, query: LedgerQuery): Promise<readonly LedgerRow[]> {
  const rows = await db.run(sql`
    select * from egress.ledger
    where (${query.before ?? null}::bigint is null or id < ${query.before ?? null}::bigint)
      and (${query.host ?? null}::text is null or host = ${query.host ?? null})
      and (${query.runId ?? null}::text is null or run_id = ${query.runId ?? null})
    order by id desc
    limit ${query.limit}`);
  return z.array(rowSchema).parse(rows);
}

const summarySchema = z.object({
  host: z.string(),
  requests: z.bigint(),
  refused: z.bigint(),
  bytes_out: z.string(),
  bytes_in: z.string(),
});

async function summary(
  db: Database,
  range: { readonly from: Date; readonly to: Date },
): Promise<readonly LedgerSummary[]> {
  const rows = await db.run(sql`
    select host, count(*) as requests, count(*) filter (where outcome = 'refused') as refused,
      sum(bytes_out)::text as bytes_out, sum(bytes_in)::text as bytes_in
    from egress.ledger
    where started_at >= ${range.from} and started_at < ${range.to}
    group by host
    order by count(*) desc, host`);
  return z
    .array(summarySchema)
    .parse(rows)
    .map((row) => ({
      host: row.host,
      requests: Number(row.requests),
      refused: Number(row.refused),
      bytesOut: Number(row.bytes_out),
      bytesIn: Number(row.bytes_in),
    }));
}
