import type { Embedder, ThreadId, TurnId, Tx } from "@freehold/core";
import { sql } from "@freehold/database";
import { toSql } from "pgvector";
import type { StoreContext } from "../store/context.ts";
import { armDepth, bm25 } from "./weights.ts";

/** A turn that one arm found. */
export interface ArmHit {
  readonly key: bigint;
  readonly thread_id: ThreadId;
  readonly ordinal: number;
  readonly session: bigint;
  /** False in the thread of notes, where neighbours have nothing to do with each other. */
  readonly connected: boolean;
  /** The query names its speaker. */
  readonly named: boolean;
  readonly score: number;
}

export interface TextHit extends ArmHit {
  /** Sum over the query's terms of the best score that the term has anywhere in the session. */
  readonly coverage: number;
}

/** What the prompt holds already; it neither comes back nor lends its neighbours a score. */
export interface Excluded {
  readonly ids: readonly TurnId[];
  readonly threadId: ThreadId | null;
  readonly fromOrdinal: number;
}

/** Longest query that is looked up, in characters; and how many distinct terms of it. */
const queryCharacters = 4_000;
const queryTerms = 48;

function excludedKeys(scope: string, { ids, threadId, fromOrdinal }: Excluded) {
  return sql`
    select key from memory.turns where scope = ${scope} and id = any(${ids}::uuid[])
    union
    select key from memory.turns
    where scope = ${scope} and thread_id = ${threadId}::uuid and ordinal >= ${fromOrdinal}::int`;
}

function queryLexemes(text: string) {
  return sql`
    select lexeme from unnest(to_tsvector('english', ${text.slice(0, queryCharacters)}::text))
    order by positions[1] limit ${queryTerms}::int`;
}

/** BM25 over the postings. Document frequencies are counted on the way: all postings of a term are read anyhow. */
export async function textArm(
  { db, scope }: StoreContext,
  tx: Tx,
  text: string,
  excluded: Excluded,
): Promise<readonly TextHit[]> {
  return db.run(
    sql<TextHit>`
      with words as materialized (${queryLexemes(text)}),
      excluded as materialized (${excludedKeys(scope, excluded)}),
      corpus as materialized (
        select sum(indexed_turns)::float8 as turns,
          sum(indexed_tokens)::float8 / greatest(sum(indexed_turns), 1)::float8 as length
        from memory.threads where scope = ${scope}
      ), found as materialized (
        select p.term, p.turn, p.session, p.tf, p.length
        from words w join memory.postings p on p.scope = ${scope} and p.term = w.lexeme
        where not exists (select from excluded e where e.key = p.turn)
      ), idf as materialized (
        select term, ln(1 + (greatest(max(c.turns), count(*)) - count(*) + 0.5) / (count(*) + 0.5)) as weight
        from found, corpus c group by term
      ), scored as materialized (
        select f.turn, f.session, f.term, i.weight * f.tf * ${bm25.k1 + 1}::float8
          / (f.tf + ${bm25.k1}::float8 * (1 - ${bm25.b}::float8 + ${bm25.b}::float8 * f.length / greatest(c.length, 1)))
          as score
        from found f join idf i using (term) cross join corpus c
      ), sessions as (
        select session, sum(best) as coverage
        from (select session, max(score) as best from scored group by session, term) terms group by session
      ), best as (
        select turn, session, sum(score) as score from scored
        group by turn, session order by score desc, turn desc limit ${armDepth}::int
      )
      select t.key, t.thread_id, t.ordinal, t.session, h.kind = 'chat' as connected,
        t.speaker && (select array_agg(lexeme) from words) as named, best.score, sessions.coverage
      from best
      join sessions using (session)
      join memory.turns t on t.key = best.turn
      join memory.threads h on h.id = t.thread_id
      order by best.score desc, t.key desc`,
    tx,
  );
}

export interface VectorQuery {
  readonly embedder: Embedder;
  readonly vector: Float32Array;
  /** The query's words, for the names of speakers. */
  readonly text: string;
}

/** Cosine similarity by an exact scan: nothing is missed, whatever is filtered. */
export async function meaningArm(
  { db, scope }: StoreContext,
  tx: Tx,
  { embedder, vector, text }: VectorQuery,
  excluded: Excluded,
): Promise<readonly ArmHit[]> {
  return db.run(
    sql<ArmHit>`
      with excluded as materialized (${excludedKeys(scope, excluded)}),
      best as materialized (
        select v.turn, v.embedding <=> ${toSql([...vector])}::halfvec as distance
        from memory.vectors v
        where v.scope = ${scope} and v.model_id = ${embedder.modelId} and v.dimensions = ${embedder.dimensions}::int
          and not exists (select from excluded e where e.key = v.turn)
        order by distance limit ${armDepth}::int
      )
      select t.key, t.thread_id, t.ordinal, t.session, h.kind = 'chat' as connected,
        t.speaker && array(${queryLexemes(text)}) as named, 1 - best.distance as score
      from best
      join memory.turns t on t.key = best.turn
      join memory.threads h on h.id = t.thread_id
      order by best.distance, t.key desc`,
    tx,
  );
}
