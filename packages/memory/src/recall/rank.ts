import type { ThreadId } from "@freehold/core";
import type { ArmScores } from "../memory.ts";
import type { ArmHit, TextHits } from "./arms.ts";
import type { RecallWeights } from "./weights.ts";

/** A place in a thread that may come back: a hit, or the neighbour of one. */
export interface Candidate {
  readonly threadId: ThreadId;
  readonly ordinal: number;
  readonly text: number;
  readonly meaning: number;
  /** What neighbours lend, by the session that they lie in: a session's end lends nothing to the next one. */
  readonly lent: ReadonlyMap<bigint, number>;
  /** Known for hits; a neighbour's session comes with its row. */
  readonly session: bigint | null;
  /** False for notes, each of which is a session of its own. */
  readonly connected: boolean;
  readonly named: boolean;
}

export interface Ranking {
  readonly candidates: readonly Candidate[];
  /** How well each session covers the query, in units of the scores. */
  readonly sessions: ReadonlyMap<bigint, number>;
}

interface Draft {
  readonly threadId: ThreadId;
  readonly ordinal: number;
  text: number;
  meaning: number;
  readonly lent: Map<bigint, number>;
  session: bigint | null;
  connected: boolean;
  named: boolean;
}

/** Cosine differences below this say nothing, however few texts there are to compare. */
const smallestUnit = 0.02;

/** Puts both arms on one scale, adds them up by place, and spreads each own score to the places around it. */
export function rankPlaces(text: TextHits, meaning: readonly ArmHit[], weights: RecallWeights): Ranking {
  const drafts = new Map<string, Draft>();
  const sessions = new Map<bigint, { text: number; meaning: number }>();
  const textUnit = textScale(text.hits);
  for (const hit of text.hits) {
    const draft = draftOf(drafts, hit);
    draft.text = hit.score / textUnit;
    if (hit.connected) sessionOf(sessions, hit.session).text = (text.coverage.get(hit.session) ?? 0) / textUnit;
  }
  const { centre, unit } = zScores(meaning);
  for (const hit of meaning) {
    const draft = draftOf(drafts, hit);
    draft.meaning = Math.max(0, (hit.score - centre) / unit);
    const session = sessionOf(sessions, hit.session);
    if (hit.connected) session.meaning = Math.max(session.meaning, draft.meaning);
  }
  const found = [...drafts.values()];
  for (const hit of found) spread(drafts, hit, weights);
  return {
    candidates: [...drafts.values()],
    sessions: new Map([...sessions].map(([key, own]) => [key, own.text + own.meaning])),
  };
}

function draftOf(drafts: Map<string, Draft>, hit: ArmHit): Draft {
  const draft = placeOf(drafts, hit.thread_id, hit.ordinal);
  draft.session = hit.session;
  draft.connected = hit.connected;
  draft.named = hit.named;
  return draft;
}

function placeOf(drafts: Map<string, Draft>, threadId: ThreadId, ordinal: number): Draft {
  const key = `${threadId}/${ordinal}`;
  const known = drafts.get(key);
  if (known !== undefined) return known;
  const fresh = { threadId, ordinal, text: 0, meaning: 0, session: null, connected: true, named: false };
  const draft: Draft = { ...fresh, lent: new Map() };
  drafts.set(key, draft);
  return draft;
}

function sessionOf(sessions: Map<bigint, { text: number; meaning: number }>, key: bigint) {
  const known = sessions.get(key) ?? { text: 0, meaning: 0 };
  sessions.set(key, known);
  return known;
}

function spread(drafts: Map<string, Draft>, hit: Draft, weights: RecallWeights): void {
  const { session } = hit;
  if (!hit.connected || session === null) return;
  for (const [index, weight] of weights.neighbours.entries()) {
    for (const ordinal of [hit.ordinal - index - 1, hit.ordinal + index + 1]) {
      if (ordinal < 1) continue;
      const { lent } = placeOf(drafts, hit.threadId, ordinal);
      lent.set(session, (lent.get(session) ?? 0) + weight * (hit.text + hit.meaning));
    }
  }
}

/** The parts of a candidate's score, once its session and speaker are known. */
export function armScores(
  candidate: Pick<Candidate, "text" | "meaning" | "lent" | "connected">,
  place: { readonly session: bigint; readonly named: boolean },
  sessions: Ranking["sessions"],
  weights: RecallWeights,
): ArmScores {
  const own = candidate.text + candidate.meaning;
  const lent = candidate.lent.get(place.session) ?? 0;
  // Next to a hit of another session only: nothing speaks for it.
  if (own + lent === 0) return { text: 0, meaning: 0, neighbours: 0, session: 0 };
  const factor = place.named ? 1 + weights.speaker : 1;
  const session = candidate.connected ? (sessions.get(place.session) ?? 0) : own;
  return {
    text: factor * candidate.text,
    meaning: factor * candidate.meaning,
    neighbours: factor * lent,
    session: factor * weights.session * session,
  };
}

export function total(arms: ArmScores): number {
  return arms.text + arms.meaning + arms.neighbours + arms.session;
}

/** No score of the candidate can be higher than this; exact for hits. */
export function upperBound(candidate: Candidate, sessions: Ranking["sessions"], weights: RecallWeights): number {
  const { session } = candidate;
  if (session !== null) return total(armScores(candidate, { session, named: candidate.named }, sessions, weights));
  const options = [...candidate.lent.keys()].map((session) =>
    total(armScores(candidate, { session, named: true }, sessions, weights)),
  );
  return Math.max(0, ...options);
}

/** Size of a typical text score of this query: BM25 has a natural zero, so only its scale is evened out. */
function textScale(hits: readonly ArmHit[]): number {
  const squares = hits.reduce((sum, hit) => sum + hit.score ** 2, 0) / Math.max(1, hits.length);
  return squares > 0 ? Math.sqrt(squares) : 1;
}

/** Similarities of unrelated texts lie far from zero and depend on the model: z-scores against all but the best. */
function zScores(hits: readonly ArmHit[]): { readonly centre: number; readonly unit: number } {
  const [best, ...rest] = hits.map(({ score }) => score);
  if (best === undefined) return { centre: 0, unit: 1 };
  if (rest.length === 0) return { centre: best - 1, unit: 1 };
  const centre = rest.reduce((sum, score) => sum + score, 0) / rest.length;
  const variance = rest.reduce((sum, score) => sum + (score - centre) ** 2, 0) / rest.length;
  return { centre, unit: Math.max(smallestUnit, Math.sqrt(variance)) };
}
