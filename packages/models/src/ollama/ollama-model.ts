import { FreeholdError, type ChatEvent, type ChatMessage, type ChatModel, type ChatRequest } from "@freehold/core";
import { z } from "zod";
import { createAnswerReader, toErrorJson, type AnswerReader } from "../answer-events.ts";
import { orModelError, streamFailure } from "../stream-failure.ts";
import { modelsErrors } from "../errors.ts";
import { localityOf } from "../locality.ts";
import { createTokenEstimate, type TokenEstimate } from "../token-estimate.ts";
import { ollamaClient, servedContext, showOllama, type OllamaServer } from "./ollama-client.ts";

export interface OllamaModelOptions {
  readonly name: string;
  readonly label: string;
  readonly digest: string | null;
  readonly tools: boolean;
  /** `num_ctx` of every request: another value would make Ollama load the model anew. */
  readonly contextTokens: number;
  readonly newCallId: () => string;
}

/** A context in tokens, rounded up to a power of two so that few settings exist that reload a model. */
export function contextBucket(wanted: number, trained: number | null): number {
  const bucket = 2 ** Math.ceil(Math.log2(Math.max(2_048, wanted)));
  return trained === null ? bucket : Math.min(bucket, trained);
}

/** A model of an Ollama server by its native chat. `count` is an estimate: Ollama has no tokenizer to ask. */
export function createOllamaModel(server: OllamaServer, options: OllamaModelOptions): ChatModel {
  const { name, label } = options;
  const estimate = createTokenEstimate();
  return {
    id: `ollama:${name}`,
    label,
    locality: localityOf(server.url, "rented"),
    price: null,
    probe: (signal) =>
      orModelError({ engine: "Ollama", model: name, signal }, async () => {
        // Another client may have loaded it with another context; the next chat would reload it anyway.
        const served = await servedContext(server, name, signal);
        const contextWindow = served === options.contextTokens ? served : await load(server, options, signal);
        return { contextWindow, digest: options.digest, tools: options.tools, demo: false };
      }),
    count: (request) => Promise.resolve(estimate.count(request)),
    stream: (request, signal) => stream({ server, options, estimate }, request, signal),
  };
}

/** Loads the model by an empty prompt, with the same context as later requests; gives the context as then served. */
async function load(server: OllamaServer, options: OllamaModelOptions, signal?: AbortSignal): Promise<number> {
  const { name, contextTokens } = options;
  await refuseRemote(server, name, signal);
  const request = { model: name, prompt: "", stream: false as const, options: { num_ctx: contextTokens } };
  await ollamaClient(server, name, signal).generate(request);
  return (await servedContext(server, name, signal)) ?? contextTokens;
}

async function refuseRemote(server: OllamaServer, name: string, signal?: AbortSignal): Promise<void> {
  const { remoteHost } = await showOllama(server, name, signal);
  if (remoteHost !== null) throw new FreeholdError(modelsErrors.MODEL_REMOTE, { model: name, host: remoteHost });
}

interface Parts {
  readonly server: OllamaServer;
  readonly options: OllamaModelOptions;
  readonly estimate: TokenEstimate;
}

const chunkSchema = z.object({
  message: z
    .object({
      content: z.string().nullish(),
      thinking: z.string().nullish(),
      tool_calls: z
        .array(z.object({ id: z.string().nullish(), function: z.object({ name: z.string(), arguments: z.unknown() }) }))
        .nullish(),
    })
    .nullish(),
  done: z.boolean(),
  done_reason: z.string().nullish(),
  remote_host: z.string().nullish(),
  prompt_eval_count: z.number().nullish(),
  eval_count: z.number().nullish(),
  total_duration: z.number().nullish(),
});
type Chunk = z.infer<typeof chunkSchema>;

async function* stream(parts: Parts, request: ChatRequest, outer?: AbortSignal): AsyncGenerator<ChatEvent, void, void> {
  const { server, options } = parts;
  const { name } = options;
  const reader = createAnswerReader(request.tools, options.newCallId);
  // Ends the request, too, when the consumer walks away from the stream.
  const stop = new AbortController();
  const signal = outer === undefined ? stop.signal : AbortSignal.any([outer, stop.signal]);
  try {
    await refuseRemote(server, name, signal);
    const answer = await ollamaClient(server, name, signal).chat(chatBody(options, request));
    for await (const part of answer) {
      const chunk = chunkSchema.parse(part);
      if (chunk.remote_host !== null && chunk.remote_host !== undefined && chunk.remote_host !== "") {
        throw new FreeholdError(modelsErrors.MODEL_REMOTE, { model: name, host: chunk.remote_host });
      }
      yield* chunkEvents(reader, chunk);
      if (chunk.done) yield* ending(parts, request, { reader, chunk });
    }
  } catch (error) {
    yield {
      type: "error",
      error: toErrorJson(streamFailure(error, { engine: "Ollama", model: name, signal: outer }), "Ollama"),
    };
  } finally {
    stop.abort();
  }
}

function* chunkEvents(reader: AnswerReader, { message }: Chunk): Generator<ChatEvent> {
  const thinking = message?.thinking ?? "";
  if (thinking !== "") yield { type: "reasoning", text: thinking };
  yield* reader.text(message?.content ?? "");
  for (const call of message?.tool_calls ?? []) {
    yield* reader.call(call.function.name, call.function.arguments, call.id ?? undefined);
  }
}

/** Checks the end against what was sent: an empty answer and a cut prompt come with status 200. */
function* ending(
  { options, estimate }: Parts,
  request: ChatRequest,
  { reader, chunk }: { readonly reader: AnswerReader; readonly chunk: Chunk },
): Generator<ChatEvent> {
  const engineFinish = chunk.done_reason === "length" ? "length" : "stop";
  yield* reader.end(engineFinish);
  const promptTokens = chunk.prompt_eval_count ?? 0;
  if (promptTokens > 0 && estimate.looksCut(request, promptTokens)) {
    const data = { engine: "Ollama", read: promptTokens, sent: estimate.count(request) };
    throw new FreeholdError(modelsErrors.MODEL_PROMPT_CUT, data);
  }
  if (promptTokens > 0) estimate.learn(request, promptTokens);
  if (reader.empty && request.tools.length > 0) {
    throw new FreeholdError(modelsErrors.MODEL_ANSWER_EMPTY, { model: options.name });
  }
  const usage = {
    promptTokens,
    // Ollama does not say how much of the prompt it had cached.
    cachedTokens: 0,
    outputTokens: chunk.eval_count ?? 0,
    engineMs: Math.round((chunk.total_duration ?? 0) / 1e6),
  };
  yield { type: "done", finish: reader.finish(engineFinish), usage };
}

function chatBody({ name, contextTokens }: OllamaModelOptions, request: ChatRequest) {
  return {
    model: name,
    messages: request.messages.map(toOllama),
    tools: request.tools.map((tool) => ({
      type: "function",
      function: { name: tool.name, description: tool.description, parameters: tool.inputSchema },
    })),
    stream: true as const,
    // Without these two, old messages vanish and the context slides, and the answer is a 200 all the same.
    truncate: false,
    shift: false,
    options: { num_ctx: contextTokens, num_predict: request.maxTokens },
    ...(request.schema === undefined ? {} : { format: request.schema }),
  };
}

function toOllama(message: ChatMessage) {
  if (message.role === "tool") return { role: "tool", content: message.content, tool_name: message.name };
  if (message.role !== "assistant" || message.toolCalls.length === 0) {
    return { role: message.role, content: message.content };
  }
  const calls = message.toolCalls.map((call) => ({ function: { name: call.name, arguments: call.arguments } }));
  return { role: "assistant", content: message.content, tool_calls: calls };
}
