import type { ChatModel, Turn } from "@freehold/core";
import { buildPrompt, type Prompt, type PromptInput } from "./prompt.ts";

export interface Fit {
  readonly prompt: Prompt;
  readonly tokens: number;
  readonly beforeOrdinal: number;
  readonly withoutRecall: boolean;
}

export type Count = (prompt: Prompt) => Promise<number>;

export function counter(
  model: Pick<ChatModel, "count">,
  tools: Parameters<ChatModel["count"]>[0]["tools"],
  signal: AbortSignal,
): Count {
  return (prompt) => model.count({ messages: prompt.messages, tools }, signal);
}

/** Share of the limit that a compacted prompt may take, so that the next messages can keep its beginning. */
const roomy = 0.6;

/**
 * Finds the least that has to leave the prompt: whole exchanges, the oldest first; then steps of this very run, never
 * the last one; then what recall found. Instructions, pinned blocks and the message itself stay. Null when even that
 * is too much.
 */
export async function compact(input: PromptInput, limit: number, count: Count): Promise<Fit | null> {
  const cuts = boundaries(input);
  const attempt = async (beforeOrdinal: number, withoutRecall: boolean): Promise<Fit> => {
    const prompt = buildPrompt({ ...input, beforeOrdinal, recalled: withoutRecall ? [] : input.recalled });
    return { prompt, tokens: await count(prompt), beforeOrdinal, withoutRecall };
  };
  let best: Fit | null = null;
  let low = 0;
  let high = cuts.length - 1;
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const fit = await attempt(cuts[middle] ?? 0, false);
    if (fit.tokens <= limit * roomy) {
      best = fit;
      high = middle - 1;
    } else low = middle + 1;
  }
  if (best !== null) return best;
  const most = cuts.at(-1) ?? input.beforeOrdinal;
  for (const withoutRecall of [false, true]) {
    const fit = await attempt(most, withoutRecall);
    if (fit.tokens <= limit) return fit;
  }
  return null;
}

/** Ordinals before which all may go: starts of exchanges, then of this run's own answers but for the last. */
function boundaries({ history, userTurn, own, beforeOrdinal }: PromptInput): readonly number[] {
  const starts = [...history, userTurn].filter(startsExchange).map((turn) => turn.ordinal);
  const answers = own.filter((turn) => turn.author === "assistant").map((turn) => turn.ordinal);
  return [...new Set([...starts, ...answers])].filter((ordinal) => ordinal > beforeOrdinal).sort((a, b) => a - b);
}

function startsExchange(turn: Turn): boolean {
  return turn.author === "owner";
}
