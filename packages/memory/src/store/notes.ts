import { FreeholdError, type ThreadId, type TurnId, type Tx } from "@freehold/core";
import { sql } from "@freehold/database";
import { cleanText } from "../clean-text.ts";
import { memoryErrors } from "../errors.ts";
import type { MemoryItem, NewNote } from "../memory.ts";
import type { StoreContext } from "./context.ts";
import { insertTurn } from "./insert-turn.ts";
import { sessionNumber } from "./turn-row.ts";

/** Writes a note as a turn of the scope's thread of notes, so that it is indexed, recalled and forgotten like any turn. */
export async function insertNote(context: StoreContext, tx: Tx, note: NewNote): Promise<MemoryItem> {
  const text = cleanText(note.text).trim();
  if (text === "") throw new FreeholdError(memoryErrors.NOTE_EMPTY);
  const at = context.clock.now();
  const id = note.id ?? context.newId<TurnId>();
  const { author, labels } = note;
  const sourceTurnId = note.sourceTurnId ?? null;
  const threadId = await notesThread(context, tx, at);
  const turn = {
    id,
    threadId,
    runId: note.runId ?? null,
    author,
    parts: [{ type: "text", text }],
    labels,
    at,
  } as const;
  const { ordinal, session } = await insertTurn(context, tx, turn, sourceTurnId);
  const place = { threadId: null, threadTitle: null, ordinal, session: sessionNumber(session) };
  return { id, kind: "note", ...place, author, text, at, labels, sourceTurnId };
}

/** The scope's one thread of notes, made when the first note comes. */
export async function notesThread({ db, newId, scope }: StoreContext, tx: Tx, at: Date): Promise<ThreadId> {
  await db.run(
    sql`
      insert into memory.threads (id, scope, kind, title, created_at, updated_at)
      values (${newId<ThreadId>()}::uuid, ${scope}, 'notes', '', ${at}::timestamptz, ${at}::timestamptz)
      on conflict (scope) where kind = 'notes' do nothing`,
    tx,
  );
  const [row] = await db.run(
    sql<{ id: ThreadId }>`select id from memory.threads where scope = ${scope} and kind = 'notes'`,
    tx,
  );
  if (row === undefined) throw new FreeholdError(memoryErrors.THREAD_NOT_FOUND, { threadId: "notes" });
  return row.id;
}
