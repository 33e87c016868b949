import type { ThreadId, TurnId, Tx } from "@freehold/core";
import { sql } from "@freehold/database";
import type { Forgotten, ForgetTarget } from "../memory.ts";
import { turnText } from "../turn-text.ts";
import type { StoreContext } from "./context.ts";
import { partsSchema } from "./turn-row.ts";

interface DoomedRow {
  readonly key: bigint;
  readonly id: TurnId;
  readonly thread_id: ThreadId;
  readonly kind: "chat" | "notes";
  readonly parts: unknown;
}

/** The turns and notes of the target, with the notes that were taken from them. Locks them, so that jobs in flight wait. */
async function doomed({ db, scope }: StoreContext, tx: Tx, target: ForgetTarget): Promise<readonly DoomedRow[]> {
  const ids = "ids" in target ? target.ids : [];
  const threadId = "threadId" in target ? target.threadId : null;
  return db.run(
    sql<DoomedRow>`
      with recursive gone as (
        select t.id from memory.turns t
        where t.scope = ${scope} and (t.id = any(${ids}::uuid[]) or t.thread_id = ${threadId}::uuid)
        union
        select n.id from gone g join memory.turns n on n.source_turn_id = g.id and n.scope = ${scope}
      )
      select t.key, t.id, t.thread_id, h.kind, t.parts
      from gone join memory.turns t on t.id = gone.id join memory.threads h on h.id = t.thread_id
      where not t.forgotten
      order by t.key
      for update of t`,
    tx,
  );
}

/** Counts what `forget` would remove. */
export async function previewForget(context: StoreContext, tx: Tx, target: ForgetTarget): Promise<Forgotten> {
  const rows = await doomed(context, tx, target);
  const keys = rows.map(({ key }) => key);
  const [counts] = await context.db.run(
    sql<{ postings: number; vectors: number }>`
      select (select count(*)::int from memory.postings where turn = any(${keys}::bigint[])) as postings,
        (select count(*)::int from memory.vectors where turn = any(${keys}::bigint[])) as vectors`,
    tx,
  );
  return summary(rows, counts ?? { postings: 0, vectors: 0 });
}

export async function forget(context: StoreContext, tx: Tx, target: ForgetTarget): Promise<Forgotten> {
  const { db, scope, clock } = context;
  const now = clock.now();
  if ("threadId" in target) {
    // First, so that a message on its way waits for this lock and then finds no thread.
    await db.run(
      sql`
        update memory.threads set title = '', forgotten_at = ${now}::timestamptz
        where scope = ${scope} and id = ${target.threadId}::uuid and kind = 'chat' and forgotten_at is null`,
      tx,
    );
  }
  const rows = await doomed(context, tx, target);
  const keys = rows.map(({ key }) => key);
  const [counts] = await db.run(
    sql<{ postings: number; vectors: number }>`
      with postings as (delete from memory.postings where turn = any(${keys}::bigint[]) returning 1),
      vectors as (delete from memory.vectors where turn = any(${keys}::bigint[]) returning 1),
      jobs as (delete from memory.embedding_jobs where turn = any(${keys}::bigint[]) returning 1),
      graves as (
        insert into memory.tombstones (id, scope, forgotten_at)
        select id, ${scope}, ${now}::timestamptz from unnest(${rows.map(({ id }) => id)}::uuid[]) id
        on conflict (id) do nothing
      ), shrunk as (
        update memory.threads h set
          indexed_turns = h.indexed_turns - gone.turns, indexed_tokens = h.indexed_tokens - gone.tokens
        from (
          select thread_id, count(*)::int as turns, sum(length) as tokens
          from memory.turns where key = any(${keys}::bigint[]) group by thread_id
        ) gone
        where h.id = gone.thread_id
      )
      select (select count(*)::int from postings) as postings, (select count(*)::int from vectors) as vectors`,
    tx,
  );
  await db.run(
    sql`
      update memory.turns set parts = '[]', speaker = '{}', origins = '{}', length = 0, forgotten = true
      where key = any(${keys}::bigint[])`,
    tx,
  );
  await clearTitles(context, tx, rows);
  return summary(rows, counts ?? { postings: 0, vectors: 0 });
}

/** A thread is often named after its first message: a title that repeats forgotten text goes with it. */
async function clearTitles({ db, scope }: StoreContext, tx: Tx, rows: readonly DoomedRow[]): Promise<void> {
  const threads = await db.run(
    sql<{ id: ThreadId; title: string }>`
      select id, title from memory.threads
      where scope = ${scope} and title <> '' and id = any(${rows.map((row) => row.thread_id)}::uuid[])`,
    tx,
  );
  const repeated = threads.filter(({ id, title }) =>
    rows.some((row) => row.thread_id === id && repeats(turnText(partsSchema.parse(row.parts)), title)),
  );
  if (repeated.length === 0) return;
  await db.run(sql`update memory.threads set title = '' where id = any(${repeated.map(({ id }) => id)}::uuid[])`, tx);
}

function repeats(text: string, title: string): boolean {
  const plain = (value: string): string => value.replaceAll(/\s+/g, " ").trim().toLowerCase();
  const core = plain(title).replace(/\s*(?:…|\.{3})$/, "");
  return core !== "" && plain(text).includes(core);
}

function summary(rows: readonly DoomedRow[], counts: { postings: number; vectors: number }): Forgotten {
  const notes = rows.filter(({ kind }) => kind === "notes").length;
  return { turns: rows.length - notes, notes, ...counts, ids: rows.map(({ id }) => id) };
}
