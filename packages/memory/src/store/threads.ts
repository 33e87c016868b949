import { FreeholdError, type ThreadId, type Tx } from "@freehold/core";
import { sql, type Database } from "@freehold/database";
import { cleanText } from "../clean-text.ts";
import { memoryErrors } from "../errors.ts";
import type { Thread, ThreadPage, ThreadStore } from "../memory.ts";
import { findThreads } from "./find-threads.ts";
import type { StoreContext } from "./context.ts";
import { formatCursor, parseCursor, uuidPattern } from "./cursor.ts";

interface ThreadRow {
  readonly id: ThreadId;
  readonly title: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly archived: boolean;
  readonly turns: number;
}

const threadColumns = sql`t.id, t.title, t.created_at, t.updated_at, t.archived_at is not null as archived,
  t.last_ordinal as turns`;

/** Chats that are still there; the thread of the notes is no chat. */
const visible = sql`t.kind = 'chat' and t.forgotten_at is null`;

function threadFromRow(row: ThreadRow): Thread {
  return {
    id: row.id,
    title: row.title,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    archived: row.archived,
    turns: row.turns,
  };
}

export function createThreadStore(context: StoreContext): ThreadStore {
  const { db, clock, scope, inScope } = context;
  return {
    create: (input, tx) =>
      inScope(tx, async (tx) => {
        const now = clock.now();
        const id = input.id ?? context.newId<ThreadId>();
        const [row] = await db.run(
          sql<ThreadRow>`
            insert into memory.threads as t (id, scope, title, created_at, updated_at)
            values (${id}::uuid, ${scope}, ${cleanText(input.title ?? "")}, ${now}::timestamptz, ${now}::timestamptz)
            returning ${threadColumns}`,
          tx,
        );
        return found(row, id);
      }),
    get: (id, tx) =>
      inScope(tx, async (tx) => {
        const [row] = await db.run(
          sql<ThreadRow>`
            select ${threadColumns} from memory.threads t
            where t.scope = ${scope} and t.id = ${id}::uuid and ${visible}`,
          tx,
        );
        return row === undefined ? null : threadFromRow(row);
      }),
    list: (query = {}) => inScope(undefined, (tx) => listThreads(context, tx, query)),
    rename: (id, title, tx) =>
      inScope(tx, async (tx) => {
        const [row] = await db.run(
          sql<ThreadRow>`
            update memory.threads t set title = ${cleanText(title)}
            where t.scope = ${scope} and t.id = ${id}::uuid and ${visible}
            returning ${threadColumns}`,
          tx,
        );
        return found(row, id);
      }),
    archive: (id, archived, tx) =>
      inScope(tx, (tx) => archiveThread(db, tx, { scope, id, archived, now: clock.now() })),
  };
}

interface Archiving {
  readonly scope: string;
  readonly id: ThreadId;
  readonly archived: boolean;
  readonly now: Date;
}

async function archiveThread(db: Database, tx: Tx, { scope, id, archived, now }: Archiving): Promise<Thread> {
  const [row] = await db.run(
    sql<ThreadRow>`
      update memory.threads t set archived_at = ${archived ? now : null}::timestamptz
      where t.scope = ${scope} and t.id = ${id}::uuid and ${visible}
      returning ${threadColumns}`,
    tx,
  );
  return found(row, id);
}

async function listThreads(
  context: StoreContext,
  tx: Tx,
  query: NonNullable<Parameters<ThreadStore["list"]>[0]>,
): Promise<ThreadPage> {
  const limit = query.limit ?? 50;
  const search = query.search?.trim() ?? "";
  const before = query.before === undefined ? null : parseCursor(query.before, uuidPattern);
  const matching = search === "" ? null : await findThreads(context, tx, cleanText(search));
  const rows = await context.db.run(
    sql<ThreadRow>`
      select ${threadColumns} from memory.threads t
      where t.scope = ${context.scope} and ${visible}
        and (t.archived_at is not null) = ${query.archived ?? false}::boolean
        and (${matching}::uuid[] is null or t.id = any(${matching}::uuid[]))
        and (${before?.at ?? null}::timestamptz is null
          or (t.updated_at, t.id) < (${before?.at ?? null}::timestamptz, ${before?.key ?? null}::uuid))
      order by t.updated_at desc, t.id desc
      limit ${limit}::int + 1`,
    tx,
  );
  const threads = rows.slice(0, limit).map(threadFromRow);
  const last = threads.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { threads, next: more ? formatCursor({ at: last.updatedAt, key: last.id }) : null };
}

function found(row: ThreadRow | undefined, id: ThreadId): Thread {
  if (row === undefined) throw new FreeholdError(memoryErrors.THREAD_NOT_FOUND, { threadId: id });
  return threadFromRow(row);
}
