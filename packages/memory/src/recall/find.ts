import { describeError, type Embedder, type Tx } from "@freehold/core";
import { sql } from "@freehold/database";
import { cleanText } from "../clean-text.ts";
import type { MemoryHit, RecallArm, RecallCoverage } from "../memory.ts";
import type { StoreContext } from "../store/context.ts";
import { itemColumns, itemFromRow, type ItemRow } from "../store/turn-row.ts";
import { type Excluded, excludedKeys, meaningArm, queryCharacters, textArm, type VectorQuery } from "./arms.ts";
import { armScores, rankPlaces, total, upperBound, type Candidate } from "./rank.ts";
import type { RecallWeights } from "./weights.ts";

export interface FindQuery {
  readonly text: string;
  readonly limit: number;
  readonly excluded: Excluded;
  readonly embedder: Embedder | null;
  readonly weights: RecallWeights;
  readonly signal?: AbortSignal | undefined;
}

export interface Found extends RecallCoverage {
  /** Best first. */
  readonly hits: readonly MemoryHit[];
}

/** Runs the arms that can run, fuses them, and reads the best items. The only model call is the query's embedding. */
export async function find(context: StoreContext, raw: FindQuery): Promise<Found> {
  const query = { ...raw, text: cleanText(raw.text) };
  const { weights } = query;
  const meaning = await embedQuery(query);
  return context.inScope(undefined, async (tx) => {
    const excluded = await excludedKeys(context, tx, query.excluded);
    const textHits = await textArm(context, tx, query.text, excluded);
    const meaningHits = "vector" in meaning ? await meaningArm(context, tx, meaning, excluded) : [];
    const { candidates, sessions } = rankPlaces(textHits, meaningHits, weights);
    const likely = candidates
      .map((candidate) => ({ candidate, bound: upperBound(candidate, sessions, weights) }))
      .sort((a, b) => b.bound - a.bound)
      .slice(0, 3 * query.limit + 20)
      .map(({ candidate }) => candidate);
    const places = await readPlaces(context, tx, { candidates: likely, text: query.text, excluded });
    const ranked = places
      .map((place) => ({ key: place.key, arms: armScores(place.candidate, place, sessions, weights) }))
      .filter(({ arms }) => total(arms) > 0)
      .sort((a, b) => total(b.arms) - total(a.arms) || Number(b.key - a.key))
      .slice(0, query.limit);
    const items = await readItems(
      context,
      tx,
      ranked.map(({ key }) => key),
    );
    const hits = ranked.flatMap(({ key, arms }) => {
      const item = items.get(key);
      return item === undefined ? [] : [{ item, score: total(arms), arms }];
    });
    return { hits, ...(await coverage(context, tx, meaning)) };
  });
}

type QueryVector = VectorQuery | { readonly degraded: string };

async function embedQuery({ embedder, text, signal }: FindQuery): Promise<QueryVector> {
  if (embedder === null) return { degraded: "There is no embedding model." };
  try {
    const [vector] = await embedder.embed([text], "query", signal);
    if (vector?.length === embedder.dimensions) return { embedder, vector, text };
    return { degraded: `The embedding model ${embedder.modelId} gave no usable vector.` };
  } catch (error) {
    if (signal?.aborted === true) throw error;
    return { degraded: `The embedding model ${embedder.modelId} failed: ${describeError(error)}` };
  }
}

interface PlaceRow {
  readonly key: bigint;
  readonly index: number;
  readonly session: bigint;
  readonly named: boolean;
}

interface Place extends PlaceRow {
  readonly candidate: Candidate;
}

interface PlacesQuery {
  readonly candidates: readonly Candidate[];
  readonly text: string;
  readonly excluded: readonly bigint[];
}

async function readPlaces(
  { db, scope }: StoreContext,
  tx: Tx,
  { candidates, text, excluded }: PlacesQuery,
): Promise<readonly Place[]> {
  const rows = await db.run(
    sql<PlaceRow>`
      select t.key, (c.index - 1)::int as index, t.session,
        t.speaker && tsvector_to_array(to_tsvector('english', ${text.slice(0, queryCharacters)}::text)) as named
      from unnest(${candidates.map(({ threadId }) => threadId)}::uuid[],
        ${candidates.map(({ ordinal }) => ordinal)}::int[]) with ordinality c(thread_id, ordinal, index)
      cross join lateral (
        select t.key, t.session, t.speaker from memory.turns t
        where t.scope = ${scope} and t.thread_id = c.thread_id and t.ordinal = c.ordinal and not t.forgotten
        limit 1
      ) t
      where t.key <> all(${excluded}::bigint[])`,
    tx,
  );
  return rows.flatMap((row) => {
    const candidate = candidates[row.index];
    return candidate === undefined ? [] : [{ ...row, candidate }];
  });
}

export async function readItems({ db, scope }: StoreContext, tx: Tx, keys: readonly bigint[]) {
  const rows = await db.run(
    sql<ItemRow>`
      select ${itemColumns} from memory.turns t join memory.threads h on h.id = t.thread_id
      where t.scope = ${scope} and t.key = any(${keys}::bigint[]) and not t.forgotten`,
    tx,
  );
  return new Map(rows.map((row) => [row.key, itemFromRow(row)]));
}

async function coverage({ db, scope }: StoreContext, tx: Tx, meaning: QueryVector): Promise<RecallCoverage> {
  const [row] = await db.run(
    sql<{ missing: bigint }>`select count(*) as missing from memory.embedding_jobs where scope = ${scope}`,
    tx,
  );
  const ran: RecallArm[] = "vector" in meaning ? ["text", "meaning"] : ["text"];
  const degraded = "degraded" in meaning ? meaning.degraded : null;
  return { ran, degraded, missingVectors: Number(row?.missing ?? 0n) };
}
