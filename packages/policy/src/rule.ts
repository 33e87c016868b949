import type { Verdict } from "./subject.ts";

/** One line of a rule table. All lines are tried; the strictest verdict wins, and within it the first line. */
export interface Rule<Facts> {
  readonly id: string;
  readonly verdict: Verdict;
  readonly when: (facts: Facts) => boolean;
  /** A sentence for the owner. */
  readonly reason: (facts: Facts) => string;
}
