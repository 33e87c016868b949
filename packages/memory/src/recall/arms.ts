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

export interface TextHits {
  /** Best first. */
  readonly hits: readonly ArmHit[];
  /** By session: the sum over the query's terms of the best score that the term has anywhere in it. */
  readonly coverage: ReadonlyMap<bigint, number>;
}

/** What the prompt holds already; it neither comes back nor lends its neighbours a score. */
export interface Excluded {
  readonly ids: readonly TurnId[];
  readonly threadId: ThreadId | null;
  readonly fromOrdinal: number;
}

/** Longest query that is looked up, in characters; and how many distinct terms of it. */
export const queryCharacters = 4_000;
const queryTerms = 48;

/** Keys instead of a sub-query in each arm: as a constant, Postgres hashes the list. */
export async function excludedKeys(
  { db, scope }: StoreContext,
  tx: Tx,
  { ids, threadId, fromOrdinal }: Excluded,
): Promise<readonly bigint[]> {
  if (ids.length === 0 && threadId === null) return [];
  const rows = await db.run(
    sql<{ key: bigint }>`
      select key from memory.turns where scope = ${scope} and id = any(${ids}::uuid[])
      union
      select key from memory.turns
      where scope = ${scope} and thread_id = ${threadId}::uuid and ordinal >= ${fromOrdinal}::int`,
    tx,
  );
  return rows.map(({ key }) => key);
}

function queryWords(text: string) {
  return sql`
    select lexeme, row_number() over (order by positions[1])::int as place
    from unnest(to_tsvector('english', ${text.slice(0, queryCharacters)}::text))
    order by place limit ${queryTerms}::int`;
}

/** Where the turns of `best` lie. The limit makes it one index look-up each, whatever the planner believes. */
const located = sql`
  cross join lateral (
    select t.key, t.thread_id, t.ordinal, t.session, t.speaker from memory.turns t where t.key = best.turn limit 1
  ) t
  join memory.threads h on h.id = t.thread_id`;

interface TextRow extends Omit<ArmHit, "key"> {
  /** Null in rows that tell a session's coverage. */
  readonly key: bigint | null;
}

/** BM25 over the postings. Document frequencies are counted on the way: all postings of a term are read anyhow. */
export async function textArm(
  { db, scope }: StoreContext,
  tx: Tx,
  text: string,
  excluded: readonly bigint[],
): Promise<TextHits> {
  const rows = await db.run(
    sql<TextRow>`
      with words as materialized (${queryWords(text)}),
      corpus as materialized (
        select sum(indexed_turns)::float8 as turns,
          sum(indexed_tokens)::float8 / greatest(sum(indexed_turns), 1)::float8 as length
        from memory.threads where scope = ${scope}
      ), found as materialized (
        select w.place, p.turn, p.session, p.tf, p.length
        from words w join memory.postings p on p.scope = ${scope} and p.term = w.lexeme
        where p.turn <> all(${excluded}::bigint[])
      ), idf as materialized (
        select place, ${bm25.k1 + 1}::float8
            * ln(1 + (greatest(c.turns, count(*)) - count(*) + 0.5) / (count(*) + 0.5)) as weight,
          ${bm25.k1 * (1 - bm25.b)}::float8 as flat, ${bm25.k1 * bm25.b}::float8 / greatest(c.length, 1) as steep
        from found, corpus c group by place, c.turns, c.length
      ), scored as materialized (
        select f.turn, f.session, f.place, i.weight * f.tf / (f.tf + i.flat + i.steep * f.length) as score
        from found f join idf i using (place)
      ), sessions as (
        select session, sum(best) as coverage
        from (select session, max(score) as best from scored group by session, place) terms group by session
      ), best as (
        select turn, sum(score) as score from scored group by turn order by score desc, turn desc limit ${armDepth}::int
      )
      select t.key, t.thread_id, t.ordinal, t.session, h.kind = 'chat' as connected,
        t.speaker && array(select lexeme from words) as named, best.score
      from best ${located}
      union all
      select null, null, null, session, null, null, coverage from sessions`,
    tx,
  );
  const hits = rows.flatMap(({ key, ...row }) => (key === null ? [] : [{ key, ...row }]));
  const coverage = rows.flatMap(({ key, session, score }) => (key === null ? [[session, score] as const] : []));
  return { hits: hits.sort((a, b) => b.score - a.score || Number(b.key - a.key)), coverage: new Map(coverage) };
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
  excluded: readonly bigint[],
): Promise<readonly ArmHit[]> {
  return db.run(
    sql<ArmHit>`
      with words as materialized (${queryWords(text)}),
      best as materialized (
        select v.turn, v.embedding <=> ${toSql([...vector])}::halfvec as distance
        from memory.vectors v
        where v.scope = ${scope} and v.model_id = ${embedder.modelId} and v.dimensions = ${embedder.dimensions}::int
          and v.turn <> all(${excluded}::bigint[])
        order by distance limit ${armDepth}::int
      )
      select t.key, t.thread_id, t.ordinal, t.session, h.kind = 'chat' as connected,
        t.speaker && array(select lexeme from words) as named, 1 - best.distance as score
      from best ${located}
      order by best.distance, t.key desc`,
    tx,
  );
}
