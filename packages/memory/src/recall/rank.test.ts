import type { ThreadId } from "@freehold/core";
import { assert, boolean, double, integer, property, record, uniqueArray } from "fast-check";
import { expect, test } from "vitest";
import type { ArmHit } from "./arms.ts";
import { armScores, rankPlaces, total, upperBound } from "./rank.ts";
import { defaultWeights } from "./weights.ts";

const thread = "t" as ThreadId;
const none = { hits: [], coverage: new Map() };

function hit(ordinal: number, score: number, more: Partial<ArmHit> = {}): ArmHit {
  const base = { key: BigInt(ordinal), thread_id: thread, ordinal, session: 1n, connected: true, named: false };
  return { ...base, score, ...more };
}

test("a hit lends to the places around it, and to none beyond two", () => {
  const { candidates } = rankPlaces({ hits: [hit(5, 2)], coverage: new Map() }, [], defaultWeights);
  const lent = Object.fromEntries(candidates.map(({ ordinal, lent }) => [ordinal, lent.get(1n) ?? 0]));
  expect(lent).toEqual({ 3: 0.25, 4: 0.35, 5: 0, 6: 0.35, 7: 0.25 });
});

test("a note neither lends nor borrows", () => {
  const notes = [hit(1, 2, { connected: false }), hit(2, 2, { connected: false })];
  const { candidates } = rankPlaces({ hits: notes, coverage: new Map() }, [], defaultWeights);
  expect(candidates).toHaveLength(2);
  expect(candidates.every(({ lent }) => lent.size === 0)).toBe(true);
});

test("one vector alone still counts", () => {
  const { candidates } = rankPlaces(none, [hit(1, 0.9, { connected: false })], defaultWeights);
  expect(candidates[0]?.meaning).toBe(1);
});

test("the bound is never below a score", () => {
  const hits = uniqueArray(
    record({
      ordinal: integer({ min: 1, max: 12 }),
      score: double({ min: 0.01, max: 9, noNaN: true }),
      named: boolean(),
    }),
    { selector: ({ ordinal }) => ordinal },
  );
  assert(
    property(hits, hits, boolean(), (text, meaning, named) => {
      // Places 1 to 6 are one session, the rest another.
      const session = (ordinal: number): bigint => (ordinal <= 6 ? 1n : 2n);
      const named1 = new Map([...text, ...meaning].map((one) => [one.ordinal, one.named]));
      const make = (one: { ordinal: number; score: number }): ArmHit =>
        hit(one.ordinal, one.score, { session: session(one.ordinal), named: named1.get(one.ordinal) ?? false });
      const coverage = new Map([
        [1n, 3],
        [2n, 1],
      ]);
      const { candidates, sessions } = rankPlaces(
        { hits: text.map(make), coverage },
        meaning.map(make),
        defaultWeights,
      );
      for (const candidate of candidates) {
        const place = { session: session(candidate.ordinal), named: named1.get(candidate.ordinal) ?? named };
        const score = total(armScores(candidate, place, sessions, defaultWeights));
        expect(score).toBeLessThanOrEqual(upperBound(candidate, sessions, defaultWeights) + 1e-9);
      }
    }),
  );
});
