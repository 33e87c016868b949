import type { ChatRequest } from "@freehold/core";

type Countable = Pick<ChatRequest, "messages" | "tools">;

/**
 * Counts for engines that offer no tokenizer. Starts at 2.5 characters per token for ASCII and one per token for all
 * else, which is dear for today's vocabularies, and follows what the engine reports after each answer, with 5 % to
 * spare.
 */
export interface TokenEstimate {
  count(request: Countable): number;
  learn(request: Countable, promptTokens: number): void;
  /** Whether an engine that says it read `promptTokens` cannot have read all of the request. */
  looksCut(request: Countable, promptTokens: number): boolean;
}

const firstRatio = 0.4;
const spare = 1.05;
/** Role markers and line ends around a message. */
const tokensPerMessage = 5;
/** What templates wrap around each tool. */
const tokensPerTool = 15;

export function createTokenEstimate(): TokenEstimate {
  let ratio: number | null = null;
  return {
    count: (request) => Math.ceil(sizeOf(request) * (ratio === null ? firstRatio : ratio * spare)) + overhead(request),
    learn(request, promptTokens) {
      const seen = Math.max(0, promptTokens - overhead(request)) / Math.max(1, sizeOf(request));
      // The dearest text seen counts, and fades slowly: too high costs a little room, too low costs the answer.
      ratio = ratio === null ? seen : Math.max(seen, ratio * 0.98);
    },
    // No vocabulary packs ten characters of prose into a token; a cut prompt is shorter than that by far.
    looksCut: (request, promptTokens) => promptTokens * 10 < sizeOf(request),
  };
}

function sizeOf({ messages, tools }: Countable): number {
  const text = messages.reduce((sum, message) => {
    const calls = message.role === "assistant" ? weigh(JSON.stringify(message.toolCalls)) : 0;
    return sum + weigh(message.content) + calls;
  }, 0);
  return text + weigh(JSON.stringify(tools));
}

/** Length in ASCII characters; others weigh as much as it takes to be a token each. */
function weigh(text: string): number {
  const others = text.match(/\P{ASCII}/gu)?.length ?? 0;
  return text.length + others * (1 / firstRatio - 1);
}

function overhead({ messages, tools }: Countable): number {
  return messages.length * tokensPerMessage + tools.length * tokensPerTool;
}
