import type { ThreadId, Tx } from "@freehold/core";
import { sql } from "@freehold/database";
import type { StoreContext } from "./context.ts";

/** Threads whose title contains the text, or of which one turn contains all its words. */
export async function findThreads(context: StoreContext, tx: Tx, text: string): Promise<readonly ThreadId[]> {
  const { db, scope } = context;
  const rows = await db.run(
    sql<{ id: ThreadId }>`
      with words as materialized (
        select lexeme from unnest(to_tsvector('english', ${text}::text))
      ), hits as (
        select p.turn from words w
        join memory.postings p on p.scope = ${scope} and p.term = w.lexeme
        group by p.turn
        having count(*) = (select count(*) from words)
      )
      select t.id from memory.threads t
      where t.scope = ${scope} and position(lower(${text}::text) in lower(t.title)) > 0
      union
      select t.thread_id from hits join memory.turns t on t.key = hits.turn`,
    tx,
  );
  return rows.map((row) => row.id);
}
