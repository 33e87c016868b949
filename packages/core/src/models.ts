import type { ErrorJson } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import type { Money } from "./money.ts";

/** Where a model's computation happens; always visible to the owner. */
export type Locality = "this-machine" | "my-machines" | "rented" | "vendor";

export interface ToolSpec {
  /** Matches `^[a-zA-Z0-9_-]{1,64}$`; a server's tools are prefixed with the server's slug and `__`. */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments object. */
  readonly inputSchema: JsonObject;
}

export interface ChatToolCall {
  readonly callId: string;
  readonly name: string;
  readonly arguments: JsonObject;
}

export type ChatMessage =
  | { readonly role: "system" | "user"; readonly content: string }
  | { readonly role: "assistant"; readonly content: string; readonly toolCalls: readonly ChatToolCall[] }
  | { readonly role: "tool"; readonly callId: string; readonly name: string; readonly content: string };

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ToolSpec[];
  /** Upper bound for the answer, in tokens. */
  readonly maxTokens: number;
  /** Binds the whole answer to this JSON Schema. */
  readonly schema?: JsonObject;
}

export interface ChatUsage {
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** Time spent inside the engine, in ms. */
  readonly engineMs: number;
}

export type ChatFinish = "stop" | "length" | "tool-calls";

/** Streamed in this order: any deltas, any tool calls, then exactly one `done` or `error`. */
export type ChatEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string }
  | { readonly type: "tool-call"; readonly call: ChatToolCall }
  /** A call that could not be parsed or named no offered tool; `raw` is the model's text, `problem` one sentence for it. */
  | { readonly type: "bad-tool-call"; readonly raw: string; readonly problem: string }
  | { readonly type: "done"; readonly finish: ChatFinish; readonly usage: ChatUsage }
  | { readonly type: "error"; readonly error: ErrorJson };

export interface ModelProbe {
  /** Context in tokens as actually served, not as advertised. */
  readonly contextWindow: number;
  /** Digest of the weights where the engine tells it. */
  readonly digest: string | null;
  readonly tools: boolean;
  readonly demo: boolean;
}

/** A language model behind an engine. */
export interface ChatModel {
  /** Provider and name, e.g. `ollama:qwen3:8b`, `embedded:demo`. */
  readonly id: string;
  readonly label: string;
  readonly locality: Locality;
  /** Per million tokens; null when running it costs nothing but electricity. */
  readonly price: { readonly input: Money; readonly output: Money } | null;
  /** Throws a `FreeholdError` that says what to do when the engine does not answer. */
  probe(signal?: AbortSignal): Promise<ModelProbe>;
  /** Prompt tokens of the request as the engine will count them. */
  count(request: Pick<ChatRequest, "messages" | "tools">, signal?: AbortSignal): Promise<number>;
  /**
   * Must not throw: request, model and runtime failures arrive as one `error` event.
   * Aborting the signal stops the engine and ends the stream.
   */
  stream(request: ChatRequest, signal?: AbortSignal): AsyncIterable<ChatEvent>;
}

export interface Embedder {
  /** Stored beside each vector, so that two models can be searched side by side during a re-embed. */
  readonly modelId: string;
  readonly dimensions: number;
  embed(texts: readonly string[], kind: "query" | "document", signal?: AbortSignal): Promise<readonly Float32Array[]>;
}
