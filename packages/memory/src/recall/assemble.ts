import { joinLabels } from "@freehold/core";
import type { MemoryHit, MemoryItem, Recall } from "../memory.ts";

/** Longest share of one item in a prompt, in characters; the rest can be read by its id. */
const itemCharacters = 1_500;

/** Tokens of a text, guessed from its bytes; on the high side for English, about right for code and other scripts. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3.5);
}

/** Takes the best hits that fit the budget and orders them as they happened, under a heading per session. */
export function assemble(
  hits: readonly MemoryHit[],
  budgetTokens: number,
): Pick<Recall, "hits" | "text" | "tokens" | "labels"> {
  const chosen: MemoryHit[] = [];
  const headings = new Set<string>();
  let tokens = 0;
  for (const hit of hits) {
    const heading = headingOf(hit.item);
    const cost = estimateTokens(`${lineOf(hit.item)}\n`) + (headings.has(heading) ? 0 : estimateTokens(`${heading}\n`));
    if (tokens + cost > budgetTokens) continue;
    tokens += cost;
    headings.add(heading);
    chosen.push(hit);
  }
  const ordered = inOrder(chosen);
  const text = render(ordered.map(({ item }) => item));
  const labels = ordered.length === 0 ? null : joinLabels(ordered.map(({ item }) => item.labels));
  return { hits: ordered, text, tokens: estimateTokens(text), labels };
}

/** Sessions by their earliest item, items within a session by place. */
function inOrder(hits: readonly MemoryHit[]): readonly MemoryHit[] {
  const starts = new Map<string, number>();
  for (const { item } of hits) {
    const key = sessionKey(item);
    starts.set(key, Math.min(starts.get(key) ?? Number.POSITIVE_INFINITY, item.at.getTime()));
  }
  const start = ({ item }: MemoryHit): number => starts.get(sessionKey(item)) ?? 0;
  return hits.toSorted(
    (a, b) =>
      start(a) - start(b) || sessionKey(a.item).localeCompare(sessionKey(b.item)) || a.item.ordinal - b.item.ordinal,
  );
}

function sessionKey(item: MemoryItem): string {
  return `${item.threadId ?? "notes"}/${item.session}`;
}

function headingOf(item: MemoryItem): string {
  if (item.kind === "note") return "## Notes";
  const title = item.threadTitle?.replaceAll(/\s+/g, " ").trim() ?? "";
  return `## ${title === "" ? "Conversation" : title}, ${item.at.toISOString().slice(0, 10)}`;
}

function lineOf(item: MemoryItem): string {
  const short = item.text.length > itemCharacters ? `${item.text.slice(0, itemCharacters)} […]` : item.text;
  const time = item.at.toISOString().slice(0, 16).replace("T", " ");
  // Later lines are indented, so that text from outside cannot pose as another item or heading.
  return `[${time}] ${item.author} (${item.id}): ${short.toWellFormed().replaceAll(/\r\n|[\r\n\u2028\u2029]/g, "\n    ")}`;
}

function render(items: readonly MemoryItem[]): string {
  let session = "";
  const lines = items.flatMap((item) => {
    const key = item.kind === "note" ? "notes" : sessionKey(item);
    if (key === session) return [lineOf(item)];
    session = key;
    return [headingOf(item), lineOf(item)];
  });
  return lines.join("\n");
}
