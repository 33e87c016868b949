import type { ThreadId } from "@freehold/core";
import { sql } from "@freehold/database";
import { createBlockStore } from "../store/blocks.ts";
import type { StoreContext } from "../store/context.ts";
import { itemColumns, labelsFromRow, partsSchema, type ItemRow } from "../store/turn-row.ts";
import type { Line } from "./line.ts";

const pageSize = 200;

/** Threads before their turns, everything oldest first. Forgotten turns are not there; what follows them moves up. */
export async function* exportLines(context: StoreContext): AsyncIterable<string> {
  yield format({ type: "freehold-memory", version: 1 });
  for await (const row of pages((after) => threadPage(context, after))) {
    const times = { createdAt: row.created_at.toISOString(), updatedAt: row.updated_at.toISOString() };
    yield format({ type: "thread", id: row.id, title: row.title, ...times, archived: row.archived });
  }
  for await (const row of pages((after) => turnPage(context, after))) yield format(turnLine(row));
  for (const { name, text, position, updatedBy, labels } of await createBlockStore(context).list()) {
    const { integrity, confidentiality, origins } = labels;
    const plain = { integrity, confidentiality, origins: [...origins] };
    yield format({ type: "block", name, text, position, updatedBy, labels: plain });
  }
}

function format(line: Line): string {
  return JSON.stringify(line);
}

function turnLine(row: ItemRow): Line {
  const { integrity, confidentiality, origins } = labelsFromRow(row);
  const note = row.kind === "notes";
  return {
    type: note ? "note" : "turn",
    id: row.id,
    threadId: note ? null : row.thread_id,
    runId: row.run_id,
    sourceTurnId: row.source_turn_id,
    author: row.author,
    parts: partsSchema.parse(row.parts),
    labels: { integrity, confidentiality, origins: [...origins] },
    at: row.at.toISOString(),
  };
}

async function* pages<Row extends { readonly key: bigint }>(
  read: (after: bigint) => Promise<readonly Row[]>,
): AsyncIterable<Row> {
  let rows = await read(0n);
  while (rows.length > 0) {
    yield* rows;
    rows = await read(rows.at(-1)?.key ?? 0n);
  }
}

interface ThreadRow {
  readonly key: bigint;
  readonly id: ThreadId;
  readonly title: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly archived: boolean;
}

function threadPage({ db, scope, inScope }: StoreContext, after: bigint): Promise<readonly ThreadRow[]> {
  return inScope(undefined, (tx) =>
    db.run(
      sql<ThreadRow>`
        select key, id, title, created_at, updated_at, archived_at is not null as archived from memory.threads
        where scope = ${scope} and kind = 'chat' and forgotten_at is null and key > ${after}::bigint
        order by key limit ${pageSize}::int`,
      tx,
    ),
  );
}

function turnPage({ db, scope, inScope }: StoreContext, after: bigint): Promise<readonly ItemRow[]> {
  return inScope(undefined, (tx) =>
    db.run(
      sql<ItemRow>`
        select ${itemColumns} from memory.turns t join memory.threads h on h.id = t.thread_id
        where t.scope = ${scope} and not t.forgotten and t.key > ${after}::bigint
        order by t.key limit ${pageSize}::int`,
      tx,
    ),
  );
}
