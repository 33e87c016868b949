import type { ThreadId, Tx } from "@freehold/core";
import { type Database, sql } from "@freehold/database";
import { z } from "zod";

const rowSchema = z.object({ before: z.number() });

/** Where the last compaction of the thread cut, so that the next run begins with the same prompt. 0 when none did. */
export async function compactedBefore(db: Database, threadId: ThreadId, tx: Tx): Promise<number> {
  const rows = await db.run(
    sql`select (event.payload ->> 'beforeOrdinal')::int as before
      from runtime.events event join runtime.runs run on run.id = event.run_id
      where run.thread_id = ${threadId} and event.type = 'compacted'
      order by event.run_id desc, event.seq desc limit 1`,
    tx,
  );
  return rowSchema.array().parse(rows)[0]?.before ?? 0;
}
