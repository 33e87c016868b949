import type { Turn, TurnId } from "@freehold/core";
import { sql } from "@freehold/database";
import { cleanParts } from "../clean-text.ts";
import type { TurnStore } from "../memory.ts";
import type { StoreContext } from "./context.ts";
import { insertTurn } from "./insert-turn.ts";
import { turnColumns, turnFromRow, type TurnRow } from "./turn-row.ts";

export function createTurnStore(context: StoreContext): TurnStore {
  const { db, scope, inScope } = context;
  return {
    append: (tx, turn) =>
      inScope(tx, async () => {
        const { ordinal } = await insertTurn(context, tx, turn);
        return { ...turn, parts: cleanParts(turn.parts), ordinal, forgotten: false };
      }),
    thread: (id, window = {}, tx) =>
      inScope(tx, async (tx) => {
        const rows = await db.run(
          sql<TurnRow>`
            select * from (
              select ${turnColumns} from memory.turns t
              where t.scope = ${scope} and t.thread_id = ${id}::uuid
                and t.ordinal > ${window.after ?? 0}::int
                and t.ordinal < ${window.before ?? 2 ** 31 - 1}::int
              order by t.ordinal desc
              limit ${window.last ?? null}::int
            ) latest order by ordinal`,
          tx,
        );
        return rows.map(turnFromRow);
      }),
    byIds: (ids, tx) =>
      inScope(tx, async (tx) => {
        const rows = await db.run(
          sql<TurnRow>`
            select ${turnColumns} from memory.turns t
            where t.scope = ${scope} and t.id = any(${ids}::uuid[])`,
          tx,
        );
        const found = new Map<TurnId, Turn>(rows.map((row) => [row.id, turnFromRow(row)]));
        return ids.flatMap((id) => found.get(id) ?? []);
      }),
    byRun: (id, tx) =>
      inScope(tx, async (tx) => {
        const rows = await db.run(
          sql<TurnRow>`
            select ${turnColumns} from memory.turns t
            where t.scope = ${scope} and t.run_id = ${id}::uuid
            order by t.key`,
          tx,
        );
        return rows.map(turnFromRow);
      }),
  };
}
