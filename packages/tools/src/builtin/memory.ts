import type { Labels, RunId, ThreadId, TurnId } from "@freehold/core";
import { z } from "zod";
import { readsOnly, withArguments, type Builtin } from "./builtin.ts";

/** What the memory does for its two tools. */
export interface MemoryTools {
  recall(
    query: string,
    context: { readonly threadId: ThreadId; readonly signal: AbortSignal },
  ): Promise<{ readonly text: string; readonly labels: Labels }>;
  /** `labels` are those of the context that the words come from. */
  remember(
    text: string,
    context: { readonly threadId: ThreadId; readonly runId: RunId; readonly turnId: TurnId; readonly labels: Labels },
  ): Promise<{ readonly text: string; readonly labels: Labels }>;
}

export function recallTool(memory: MemoryTools): Builtin {
  return {
    name: "recall",
    description: "Search earlier conversations and notes.",
    inputSchema: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
    effects: readsOnly,
    run: withArguments(z.object({ query: z.string().min(1).max(2_000) }), async ({ query }, context) => ({
      outcome: "ok",
      ...(await memory.recall(query, { threadId: context.threadId, signal: context.signal })),
    })),
  };
}

export function rememberTool(memory: MemoryTools): Builtin {
  return {
    name: "remember",
    description: "Keep a note for later conversations.",
    inputSchema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
    effects: { readOnly: false, idempotent: false, destructive: false, openWorld: false },
    run: withArguments(z.object({ text: z.string().min(1).max(8_000) }), async ({ text }, context) => ({
      outcome: "ok",
      ...(await memory.remember(text, context)),
    })),
  };
}
