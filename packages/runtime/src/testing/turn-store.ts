import type { ThreadId, Turn, TurnId } from "@freehold/core";
import { type Database, json, type Migrations, sql } from "@freehold/database";
import type { TurnStore } from "../ports.ts";

export const fixtureMigrations: Migrations = {
  room: "fixture",
  directory: new URL("migrations/", import.meta.url),
};

interface Row {
  readonly id: TurnId;
  readonly thread_id: ThreadId;
  readonly ordinal: number;
  readonly run_id: Turn["runId"];
  readonly author: Turn["author"];
  readonly parts: Turn["parts"];
  readonly labels: Turn["labels"];
  readonly at: Date;
}

export function createTurnStore(db: Database): TurnStore {
  return {
    async append(tx, turn) {
      const [row] = await db.run<{ ordinal: number }>(
        sql`insert into fixture.turns (id, thread_id, ordinal, run_id, author, parts, labels, at)
          values (${turn.id}, ${turn.threadId},
            (select coalesce(max(ordinal), 0) + 1 from fixture.turns where thread_id = ${turn.threadId}),
            ${turn.runId}, ${turn.author}, ${json(turn.parts)}, ${json(turn.labels)}, ${turn.at})
          returning ordinal`,
        tx,
      );
      return { ...turn, ordinal: row?.ordinal ?? 0, forgotten: false };
    },
    async thread(id, { after = 0 } = {}) {
      const rows = await db.run<Row>(
        sql`select * from fixture.turns where thread_id = ${id} and ordinal > ${after} order by ordinal`,
      );
      return rows.map(toTurn);
    },
    async byIds(ids) {
      const rows = await db.run<Row>(sql`select * from fixture.turns where id = any (${[...ids]}::uuid[])`);
      return ids.flatMap((id) => rows.filter((row) => row.id === id).map(toTurn));
    },
  };
}

function toTurn(row: Row): Turn {
  const { id, ordinal, author, parts, labels, at } = row;
  return { id, threadId: row.thread_id, ordinal, runId: row.run_id, author, parts, labels, at, forgotten: false };
}
