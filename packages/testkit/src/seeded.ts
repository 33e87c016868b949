import { type Clock, createIds, type NewId } from "@freehold/core";

/** Repeatable numbers in [0, 1) (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Repeatable ids: the same seed and the same times give the same ids. */
export function seededIds(seed: number, clock: Clock): NewId {
  const random = seededRandom(seed);
  return createIds(
    () => clock.now().getTime(),
    (bytes) => Uint8Array.from({ length: bytes }, () => Math.floor(random() * 256)),
  );
}
