import type { TurnPart } from "@freehold/core";

/** What people and recall read of a turn: its text and its tool results. Reasoning and call arguments stay out. */
export function turnText(parts: readonly TurnPart[]): string {
  return parts
    .flatMap((part) => (part.type === "text" || part.type === "tool-result" ? [part.text] : []))
    .join("\n")
    .trim();
}

/**
 * Longest text that is indexed, in characters. Postgres takes at most 1 MiB of lexemes per call;
 * the turn itself is kept whole.
 */
export const indexedCharacters = 100_000;

const speakerPattern = /^\s*(\p{Lu}[\p{L}\p{M}'.-]{0,30}(?: \p{Lu}[\p{L}\p{M}'.-]{0,30}){0,2}):\s/u;

/** The name before the colon in a line of a chat log or of a shared room ("Ann Lee: see you"); empty without one. */
export function speakerOf(text: string): string {
  return speakerPattern.exec(text)?.[1] ?? "";
}
