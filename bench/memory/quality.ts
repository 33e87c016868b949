import type { TurnId } from "@freehold/core";
import { cutAtGap, defaultWeights, find, type RecallWeights } from "@freehold/memory/bench";
import type { Conversation, Question } from "./conversations.ts";
import type { Corpus } from "./corpus.ts";

/** What came back for one question, best first, and what should have. */
export interface Answer {
  readonly category: number;
  readonly wanted: number;
  /** Whether the n-th item was wanted. */
  readonly hits: readonly boolean[];
  /** How many items the score gap keeps. */
  readonly kept: number;
}

const depth = 40;
const recallLimit = 20;

/** Questions with usable evidence; category 5 has none by design. */
export function askable(conversation: Conversation): readonly Question[] {
  return conversation.questions.filter(({ category, evidence }) => category !== 5 && evidence.size > 0);
}

export async function answers(
  corpus: Corpus,
  conversation: Conversation,
  weights: RecallWeights = defaultWeights,
): Promise<readonly Answer[]> {
  const excluded = { ids: [], threadId: null, fromOrdinal: 1 };
  const all: Answer[] = [];
  for (const { text, category, evidence } of askable(conversation)) {
    const { hits } = await find(corpus.context, { text, limit: depth, excluded, embedder: null, weights });
    const wanted = new Set<TurnId | undefined>([...evidence].map((id) => corpus.ids.get(`${conversation.id} ${id}`)));
    const kept = cutAtGap(hits.slice(0, recallLimit)).length;
    all.push({ category, wanted: wanted.size, hits: hits.map(({ item }) => wanted.has(item.id)), kept });
  }
  return all;
}

function found(answer: Answer, k: number): number {
  return answer.hits.slice(0, k).filter(Boolean).length;
}

/** Mean share of the wanted turns among the best k, in percent. */
export function recallAt(all: readonly Answer[], k: number): number {
  return (100 * all.reduce((sum, answer) => sum + found(answer, k) / answer.wanted, 0)) / all.length;
}

export interface Point {
  /** Mean number of items returned. */
  readonly k: number;
  readonly precision: number;
  readonly recall: number;
}

function point(all: readonly Answer[], count: (answer: Answer) => number): Point {
  const mean = (of: (answer: Answer) => number): number =>
    all.reduce((sum, answer) => sum + of(answer), 0) / all.length;
  return {
    k: mean(count),
    precision: mean((answer) => (count(answer) === 0 ? 0 : found(answer, count(answer)) / count(answer))),
    recall: mean((answer) => found(answer, count(answer)) / answer.wanted),
  };
}

export function cutPoint(all: readonly Answer[]): Point {
  return point(all, ({ kept }) => kept);
}

/** Precision and recall of the best 1, 2, … `depth`. */
export function fixedCurve(all: readonly Answer[]): readonly Point[] {
  return Array.from({ length: depth }, (_, index) => point(all, () => index + 1));
}

/** Precision of a fixed k with this mean recall, between two points of the curve. */
export function precisionAt(curve: readonly Point[], recall: number): number {
  const above = curve.findIndex((one) => one.recall >= recall);
  const high = curve[above];
  const low = curve[above - 1];
  if (high === undefined || low === undefined) return (high ?? curve.at(-1))?.precision ?? 0;
  const share = (recall - low.recall) / (high.recall - low.recall);
  return low.precision + share * (high.precision - low.precision);
}
