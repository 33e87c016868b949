import type { JsonObject, Labels } from "@freehold/core";
import { addressOf, stringLeaves } from "./arguments.ts";
import type { ArgumentSource } from "./subject.ts";

/** A text that the model had before it when it made the call. */
export interface ContextText {
  readonly text: string;
  readonly labels: Labels;
  /** `private` marks what must not travel in an address: memory and the system prompt. */
  readonly kind: "message" | "private";
}

/** A shared run of this many characters counts as a passage that was carried over. */
const passage = 24;

/**
 * Finds for each string argument where it comes from.
 * What stands in the owner's words is the owner's, even if a page repeats it; what stands in untrusted text and
 * not in the owner's is untrusted; what stands nowhere was composed by the model (`derived`).
 */
export function traceArguments(
  argument: JsonObject,
  texts: readonly ContextText[],
): Readonly<Record<string, ArgumentSource>> {
  const traced = stringLeaves(argument).map(({ path, text }) => [path, sourceOf(text, texts)] as const);
  return Object.fromEntries(traced);
}

/** Where one value (an argument, an address) comes from. */
export function sourceOf(value: string, texts: readonly ContextText[]): ArgumentSource {
  const needle = value.trim();
  if (needle === "") return "owner";
  const holds = (text: ContextText): boolean => standsIn(needle, text.text);
  if (texts.some((text) => text.labels.integrity === "owner" && holds(text))) return "owner";
  if (addressOf(needle) !== null && carriesPassage(needle, texts)) return "memory";
  if (texts.some((text) => text.labels.integrity === "untrusted" && holds(text))) return "untrusted";
  return texts.some(holds) ? "vetted" : "derived";
}

/** As a whole word or phrase: "a" does not stand in "cat", nor `https://a.io/x` in `https://a.io/xyz`. */
function standsIn(needle: string, text: string): boolean {
  const isWord = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}_/-]/u.test(char);
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
    if (!isWord(text[at - 1]) && !isWord(text[at + needle.length])) return true;
  }
  return false;
}

function carriesPassage(address: string, texts: readonly ContextText[]): boolean {
  const url = addressOf(address);
  if (url === null) return false;
  const carried = readable(url.pathname + url.search + url.hash);
  const secrets = texts.filter((text) => text.kind === "private").map((text) => readable(text.text));
  for (let at = 0; at + passage <= carried.length; at += 1) {
    const part = carried.slice(at, at + passage);
    if (secrets.some((text) => text.includes(part))) return true;
  }
  return false;
}

/** Undoes what hides a passage in an address: escapes, plus signs, case, spacing. */
function readable(text: string): string {
  const unescaped = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return unescaped.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}
