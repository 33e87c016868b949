import { FreeholdError, type NewTurn, type TurnId, type Tx } from "@freehold/core";
import { json, sql } from "@freehold/database";
import { cleanParts, cleanText } from "../clean-text.ts";
import { memoryErrors } from "../errors.ts";
import { indexedCharacters, speakerOf, turnText } from "../turn-text.ts";
import type { StoreContext } from "./context.ts";

export interface Inserted {
  readonly ordinal: number;
  readonly session: bigint;
}

/**
 * Turn, postings, corpus statistics and embedding job in one statement. The thread's row is locked by its update,
 * so two writers get neighbouring ordinals, and a rolled back writer leaves no gap.
 */
export async function insertTurn(
  context: StoreContext,
  tx: Tx,
  turn: NewTurn,
  sourceTurnId: TurnId | null = null,
): Promise<Inserted> {
  const { scope } = context;
  const parts = cleanParts(turn.parts);
  const text = turnText(parts);
  const { integrity, confidentiality, origins } = turn.labels;
  const [inserted] = await context.db.run(
    sql<Inserted>`
      with words as materialized (
        select lexeme, cardinality(positions) as tf
        from unnest(to_tsvector('english', ${text.slice(0, indexedCharacters)}::text))
      ), size as (
        select coalesce(sum(tf), 0)::int as length from words
      ), thread as (
        update memory.threads t set
          last_ordinal = t.last_ordinal + 1,
          last_session = case when ${turn.at}::timestamptz - t.last_turn_at <= interval '4 hours'
            then t.last_session else greatest(t.last_session, t.key << 20) + 1 end,
          last_turn_at = greatest(t.last_turn_at, ${turn.at}::timestamptz),
          updated_at = greatest(t.updated_at, ${turn.at}::timestamptz),
          indexed_turns = t.indexed_turns + 1,
          indexed_tokens = t.indexed_tokens + (select length from size)
        where t.id = ${turn.threadId}::uuid and t.scope = ${scope} and t.forgotten_at is null
        returning t.last_ordinal, t.last_session
      ), turn as (
        insert into memory.turns (id, scope, thread_id, ordinal, session, speaker, run_id, source_turn_id, author,
          parts, length, integrity, confidentiality, origins, at)
        select ${turn.id}::uuid, ${scope}, ${turn.threadId}::uuid, last_ordinal, last_session,
          tsvector_to_array(to_tsvector('english', ${speakerOf(text)}::text)),
          ${turn.runId}::uuid, ${sourceTurnId}::uuid, ${turn.author}, ${json(parts)}, (select length from size),
          ${integrity}, ${confidentiality}, ${origins.map(cleanText)}::text[], ${turn.at}::timestamptz
        from thread
        returning key, ordinal, session, length
      ), posted as (
        insert into memory.postings (scope, term, turn, session, tf, length)
        select ${scope}, words.lexeme, turn.key, turn.session, words.tf, turn.length from turn, words
      ), queued as (
        insert into memory.embedding_jobs (turn, scope, due_at)
        select key, ${scope}, ${context.clock.now()}::timestamptz from turn where ${text !== ""}::boolean
      )
      select ordinal, session from turn`,
    tx,
  );
  if (inserted === undefined) throw new FreeholdError(memoryErrors.THREAD_NOT_FOUND, { threadId: turn.threadId });
  return inserted;
}
