import type { Tx } from "@freehold/core";
import { sql } from "@freehold/database";
import type { MemoryStats } from "../memory.ts";
import type { StoreContext } from "./context.ts";

interface StatsRow {
  readonly turns: number;
  readonly notes: number;
  readonly threads: number;
  readonly vectors: number;
  readonly missing: number;
  readonly bytes: bigint;
}

export async function stats({ db, scope }: StoreContext, tx: Tx, embedder: string | null): Promise<MemoryStats> {
  const [row] = await db.run(
    sql<StatsRow>`
      select
        (select coalesce(sum(indexed_turns), 0)::int from memory.threads where scope = ${scope} and kind = 'chat') as turns,
        (select coalesce(sum(indexed_turns), 0)::int from memory.threads where scope = ${scope} and kind = 'notes') as notes,
        (select count(*)::int from memory.threads
          where scope = ${scope} and kind = 'chat' and forgotten_at is null) as threads,
        (select count(*)::int from memory.vectors where scope = ${scope}) as vectors,
        (select count(*)::int from memory.embedding_jobs where scope = ${scope}) as missing,
        (select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint from pg_class c
          where c.relnamespace = 'memory'::regnamespace and c.relkind = 'r') as bytes`,
    tx,
  );
  const { missing = 0, bytes = 0n, ...counts } = row ?? { turns: 0, notes: 0, threads: 0, vectors: 0 };
  return { ...counts, missingVectors: missing, embedder, bytes: Number(bytes) };
}
