import { type Clock, type NewId, type RunId, systemLabels, type ThreadId, type TurnId } from "@freehold/core";
import type { Database } from "@freehold/database";
import type { NewEvent } from "./events.ts";
import { createRunLog } from "./log.ts";
import { createRuns } from "./runs.ts";

/** For the benchmark: a run whose log takes one event at a time, as a step without text appends it. */
export interface Journal {
  append(): Promise<void>;
}

export async function openJournal(db: Database, clock: Clock, newId: NewId): Promise<Journal> {
  const id = newId<RunId>();
  const log = createRunLog(db);
  await db.transaction((tx) =>
    createRuns(db, clock).insert(tx, {
      id,
      threadId: newId<ThreadId>(),
      userTurnId: newId<TurnId>(),
      clientKey: null,
      compactedBefore: 0,
    }),
  );
  const gated: NewEvent = {
    event: {
      type: "call.gated",
      v: 1,
      callId: "0123456789",
      subject: "tool",
      verdict: "allow",
      ruleId: "tool.read",
      reason: "files__read_text_file only reads.",
      hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    },
    labels: systemLabels,
  };
  let seq = 0;
  return {
    async append() {
      const [logged] = await log.append(id, seq, [gated], { at: clock.now() });
      seq = logged?.seq ?? seq;
    },
  };
}
