import type { MemoryHit } from "../memory.ts";
import { scoreGap } from "./weights.ts";

/** Keeps the hits before the scores have fallen too far below the best one, and the first of those that say the same. */
export function cutAtGap(hits: readonly MemoryHit[]): readonly MemoryHit[] {
  const best = hits[0]?.score ?? 0;
  const seen = new Set<string>();
  const kept: MemoryHit[] = [];
  for (const hit of hits) {
    if (hit.score <= 0 || hit.score < scoreGap * best) break;
    if (hit.item.text === "" || seen.has(hit.item.text)) continue;
    seen.add(hit.item.text);
    kept.push(hit);
  }
  return kept;
}
