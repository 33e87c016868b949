import { defaultWeights, type RecallWeights } from "@freehold/memory/bench";
import type { Conversation } from "./conversations.ts";
import type { Corpus } from "./corpus.ts";
import { type Answer, answers, recallAt } from "./quality.ts";

export interface Loaded {
  readonly conversation: Conversation;
  readonly corpus: Corpus;
}

const grid: readonly RecallWeights[] = [
  defaultWeights,
  { ...defaultWeights, neighbours: [0.25, 0.15] },
  { ...defaultWeights, neighbours: [0.5, 0.35] },
  { ...defaultWeights, session: 0.35 },
  { ...defaultWeights, session: 0.7 },
  { ...defaultWeights, speaker: 0.25 },
  { ...defaultWeights, speaker: 0.75 },
];

export interface HeldOut {
  /** Each conversation answered with the weights that were best on the others. */
  readonly answers: readonly Answer[];
  readonly chosen: readonly RecallWeights[];
}

/** Leave one conversation out: what the weights are worth on a conversation that did not choose them. */
export async function heldOut(loaded: readonly Loaded[]): Promise<HeldOut> {
  const table: { readonly weights: RecallWeights; readonly byConversation: readonly (readonly Answer[])[] }[] = [];
  for (const weights of grid) {
    const byConversation: (readonly Answer[])[] = [];
    for (const { conversation, corpus } of loaded) byConversation.push(await answers(corpus, conversation, weights));
    table.push({ weights, byConversation });
  }
  const picks = loaded.map((_, index) => {
    const others = (row: (typeof table)[number]): readonly Answer[] =>
      row.byConversation.filter((_answers, other) => other !== index).flat();
    const best = table.toSorted((a, b) => recallAt(others(b), 10) - recallAt(others(a), 10))[0];
    if (best === undefined) throw new Error("no weights to choose from");
    return { weights: best.weights, answers: best.byConversation[index] ?? [] };
  });
  return { answers: picks.flatMap(({ answers }) => answers), chosen: picks.map(({ weights }) => weights) };
}
