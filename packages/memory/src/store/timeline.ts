import type { TurnId, Tx } from "@freehold/core";
import { sql } from "@freehold/database";
import type { MemoryItem, Why } from "../memory.ts";
import type { StoreContext } from "./context.ts";
import { formatCursor, integerPattern, parseCursor } from "./cursor.ts";
import { itemColumns, itemFromRow, type ItemRow } from "./turn-row.ts";

export interface TimelinePage {
  readonly items: readonly MemoryItem[];
  readonly next: string | null;
}

export async function timeline(
  { db, scope }: StoreContext,
  tx: Tx,
  query: { readonly limit?: number; readonly before?: string },
): Promise<TimelinePage> {
  const limit = query.limit ?? 50;
  const before = query.before === undefined ? null : parseCursor(query.before, integerPattern);
  const rows = await db.run(
    sql<ItemRow>`
      select ${itemColumns} from memory.turns t join memory.threads h on h.id = t.thread_id
      where t.scope = ${scope} and not t.forgotten
        and (${before?.at ?? null}::timestamptz is null
          or (t.at, t.key) < (${before?.at ?? null}::timestamptz, ${before?.key ?? null}::bigint))
      order by t.at desc, t.key desc
      limit ${limit}::int + 1`,
    tx,
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    items: shown.map(itemFromRow),
    next: more ? formatCursor({ at: last.at, key: String(last.key) }) : null,
  };
}

export async function why({ db, scope }: StoreContext, tx: Tx, id: TurnId): Promise<Why | null> {
  const [row] = await db.run(
    sql<ItemRow & { models: readonly string[]; terms: readonly string[]; counts: readonly number[] }>`
      select ${itemColumns},
        array(select v.model_id from memory.vectors v where v.turn = t.key order by v.model_id) as models,
        array(select p.term from memory.postings p where p.turn = t.key order by p.term) as terms,
        array(select p.tf from memory.postings p where p.turn = t.key order by p.term) as counts
      from memory.turns t join memory.threads h on h.id = t.thread_id
      where t.scope = ${scope} and t.id = ${id}::uuid and not t.forgotten`,
    tx,
  );
  if (row === undefined) return null;
  const terms = row.terms.map((term, index) => ({ term, count: row.counts[index] ?? 0 }));
  return { item: itemFromRow(row), runId: row.run_id, vectors: row.models, terms };
}
