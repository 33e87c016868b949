import type { Clock, Labels, NewId, ThreadId } from "@freehold/core";
import { json, sql, type Database } from "@freehold/database";
import { z } from "zod";
import { labelColumns, labelsOf } from "./registry/server-record.ts";

/** Most characters of one result that go into a prompt. */
export const resultCap = 16_000;
/** Most characters of one result that are kept for reading on. */
const keptChars = 2_000_000;
const keptMs = 30 * 24 * 60 * 60 * 1000;

export interface ResultPart {
  readonly text: string;
  readonly labels: Labels;
}

export interface ResultStore {
  /** Text that is short comes back as it is; of a longer one the start, with the handle that reads on. */
  cap(text: string, labels: Labels, threadId: ThreadId): Promise<string>;
  /** The next part; null when the handle is unknown in this thread or its text was forgotten. `offset` in characters. */
  read(handle: string, threadId: ThreadId, offset: number): Promise<ResultPart | null>;
  /** Ends every handle of a thread; called when something in the thread is forgotten. */
  forget(threadId: ThreadId): Promise<void>;
}

const rowSchema = z.object({ text: z.string(), ...labelColumns });

export function createResultStore(db: Database, clock: Clock, newId: NewId): ResultStore {
  return {
    async cap(text, labels, threadId) {
      if (text.length <= resultCap) return text;
      const handle: string = newId();
      const now = clock.now();
      await db.run(sql`delete from tools.results where stored_at < ${new Date(now.getTime() - keptMs)}`);
      await db.run(sql`
        insert into tools.results (id, thread_id, text, integrity, confidentiality, origins, stored_at)
        values (${handle}, ${threadId}, ${text.slice(0, keptChars).replaceAll("\0", "")}, ${labels.integrity},
          ${labels.confidentiality}, ${json(labels.origins)}, ${now})`);
      return part(text, 0, handle);
    },
    async read(handle, threadId, offset) {
      if (!z.uuid().safeParse(handle).success) return null;
      const rows = await db.run(sql`select * from tools.results where id = ${handle} and thread_id = ${threadId}`);
      if (rows[0] === undefined) return null;
      const row = rowSchema.parse(rows[0]);
      return { text: part(row.text, offset, handle), labels: labelsOf(row) };
    },
    async forget(threadId) {
      await db.run(sql`delete from tools.results where thread_id = ${threadId}`);
    },
  };
}

function part(text: string, offset: number, handle: string): string {
  const end = offset + resultCap;
  const shown = text.slice(offset, end);
  if (shown === "") return "(end of the result)";
  if (end >= text.length) return shown;
  return `${shown}\n[cut: ${end} of ${text.length} characters; read on with read_more {"handle":"${handle}","offset":${end}}]`;
}
