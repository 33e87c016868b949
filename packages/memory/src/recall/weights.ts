/** What a score is made of. Chosen on development conversations; `pnpm bench memory` reports them held out. */
export interface RecallWeights {
  /** Share of a turn's own score that turns one and two places away get. */
  readonly neighbours: readonly [number, number];
  /** Share of how well its session covers the query. */
  readonly session: number;
  /** What is added for a turn spoken by somebody whom the query names. */
  readonly speaker: number;
}

export const defaultWeights: RecallWeights = { neighbours: [0.35, 0.25], session: 0.5, speaker: 0.5 };

/** BM25 with little length normalization: a long turn is rarely long for saying the same thing twice. */
export const bm25 = { k1: 1.2, b: 0.3 } as const;

/** Items below this share of the best score are noise more often than not. */
export const scoreGap = 0.55;

/** Best hits per arm that go into the fusion. */
export const armDepth = 200;
