import type { ChatEvent, ChatMessage, ChatModel, ChatRequest, JsonObject } from "@freehold/core";

/** What a scripted model says to a request: text, a call, several things, or raw events. */
export type Line = string | { readonly call: string; readonly args: JsonObject } | ChatEvent;

export interface ScriptedModel extends ChatModel {
  /** Requests that it was asked, in order. */
  readonly requests: readonly ChatRequest[];
}

export interface ScriptOptions {
  readonly contextWindow?: number;
  /** Called before each event: a test holds the stream here. */
  readonly pace?: (event: ChatEvent) => Promise<void>;
}

/** A model that answers by a function of the messages; one token is four characters. */
export function scriptedModel(
  script: (messages: readonly ChatMessage[], asked: number) => readonly Line[],
  options: ScriptOptions = {},
): ScriptedModel {
  const requests: ChatRequest[] = [];
  return {
    id: "test:scripted",
    label: "Scripted",
    locality: "this-machine",
    price: null,
    requests,
    probe: async () => ({ contextWindow: options.contextWindow ?? 8_192, digest: null, tools: true, demo: false }),
    count: async ({ messages, tools }) => Math.ceil(JSON.stringify([messages, tools]).length / 4),
    async *stream(request, signal) {
      requests.push(request);
      const lines = script(request.messages, requests.length);
      let calls = 0;
      for (const line of lines) {
        const event = toEvent(line, calls);
        if (event.type === "tool-call") calls += 1;
        await options.pace?.(event);
        if (signal?.aborted === true) return;
        yield event;
        if (event.type === "error") return;
      }
      const usage = { promptTokens: 10, cachedTokens: 0, outputTokens: 5, engineMs: 1 };
      yield { type: "done", finish: calls > 0 ? "tool-calls" : "stop", usage };
    },
  };
}

function toEvent(line: Line, calls: number): ChatEvent {
  if (typeof line === "string") return { type: "text", text: line };
  if ("type" in line) return line;
  return { type: "tool-call", call: { callId: `call_${String(calls)}`, name: line.call, arguments: line.args } };
}
