import {
  FreeholdError,
  type ChatEvent,
  type ChatMessage,
  type ChatModel,
  type ChatRequest,
  type ChatUsage,
} from "@freehold/core";
import type { OpenAI } from "openai";
import { z } from "zod";
import { createAnswerReader, toErrorJson, type AnswerReader, type EngineFinish } from "../answer-events.ts";
import { modelsErrors } from "../errors.ts";
import { localityOf } from "../locality.ts";
import { orModelError, streamFailure } from "../stream-failure.ts";
import { createTokenEstimate, type TokenEstimate } from "../token-estimate.ts";
import { countInput, openAiClient, readProps, type OpenAiServer } from "./openai-client.ts";

export interface OpenAiModelOptions {
  readonly name: string;
  readonly label: string;
  /** Used where the server does not tell its context. */
  readonly contextTokens: number;
  /** False: the template has no place for tools; null: not told. */
  readonly tools: boolean | null;
  readonly newCallId: () => string;
}

/** A model behind an OpenAI-compatible server. `count` is exact on llama-server, an estimate elsewhere. */
export function createOpenAiModel(server: OpenAiServer, options: OpenAiModelOptions): ChatModel {
  const { name, label } = options;
  const estimate = createTokenEstimate();
  return {
    id: `openai:${name}`,
    label,
    locality: localityOf(server.url, "vendor"),
    price: null,
    probe: (signal) =>
      orModelError({ engine: server.engine, model: name, signal }, async () => {
        const props = await readProps(server, signal);
        const contextWindow = props.contextTokens ?? options.contextTokens;
        return { contextWindow, digest: null, tools: props.tools ?? options.tools ?? true, demo: false };
      }),
    count: (request, signal) =>
      orModelError({ engine: server.engine, model: name, signal }, async () => {
        const body = { model: name, messages: request.messages.map(toOpenAi), ...toolsOf(request) };
        return (await countInput(server, body, signal)) ?? estimate.count(request);
      }),
    stream: (request, signal) => stream({ server, options, estimate }, request, signal),
  };
}

interface Parts {
  readonly server: OpenAiServer;
  readonly options: OpenAiModelOptions;
  readonly estimate: TokenEstimate;
}

const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            reasoning_content: z.string().nullish(),
            tool_calls: z
              .array(
                z.object({
                  index: z.number(),
                  id: z.string().nullish(),
                  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z
    .object({
      prompt_tokens: z.number(),
      completion_tokens: z.number(),
      prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
    })
    .nullish(),
  timings: z.object({ prompt_ms: z.number().nullish(), predicted_ms: z.number().nullish() }).nullish(),
});
type Chunk = z.infer<typeof chunkSchema>;

/** What is known once the stream has ended. */
interface Ending {
  finish: EngineFinish | null;
  usage: ChatUsage;
  readonly calls: Map<number, { id: string; name: string; arguments: string }>;
}

async function* stream(parts: Parts, request: ChatRequest, outer?: AbortSignal): AsyncGenerator<ChatEvent, void, void> {
  const { server, options } = parts;
  const { name } = options;
  const reader = createAnswerReader(request.tools, options.newCallId);
  // Ends the request, too, when the consumer walks away from the stream.
  const stop = new AbortController();
  const signal = outer === undefined ? stop.signal : AbortSignal.any([outer, stop.signal]);
  const ending: Ending = {
    finish: null,
    usage: { promptTokens: 0, cachedTokens: 0, outputTokens: 0, engineMs: 0 },
    calls: new Map(),
  };
  try {
    if (request.tools.length > 0 && options.tools === false) {
      throw new FreeholdError(modelsErrors.MODEL_TOOLS_UNSUPPORTED, { model: name });
    }
    const answer = await openAiClient(server, name, signal).chat.completions.create(chatBody(name, request));
    for await (const part of answer) yield* chunkEvents(chunkSchema.parse(part), reader, ending);
    yield* finalEvents(parts, request, { reader, ending });
  } catch (error) {
    const failure = streamFailure(error, { engine: server.engine, model: name, signal: outer });
    yield { type: "error", error: toErrorJson(failure, server.engine) };
  } finally {
    stop.abort();
  }
}

function* chunkEvents(chunk: Chunk, reader: AnswerReader, ending: Ending): Generator<ChatEvent> {
  const choice = chunk.choices?.[0];
  const reasoning = choice?.delta?.reasoning_content ?? "";
  if (reasoning !== "") yield { type: "reasoning", text: reasoning };
  yield* reader.text(choice?.delta?.content ?? "");
  for (const part of choice?.delta?.tool_calls ?? []) {
    const call = ending.calls.get(part.index) ?? { id: "", name: "", arguments: "" };
    call.id ||= part.id ?? "";
    call.name ||= part.function?.name ?? "";
    call.arguments += part.function?.arguments ?? "";
    ending.calls.set(part.index, call);
  }
  const reason = choice?.finish_reason ?? null;
  if (reason !== null) ending.finish = reason === "length" ? "length" : "stop";
  const { usage, timings } = chunk;
  if (usage !== null && usage !== undefined) {
    ending.usage = {
      promptTokens: usage.prompt_tokens,
      cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
      outputTokens: usage.completion_tokens,
      engineMs: ending.usage.engineMs,
    };
  }
  const engineMs = Math.round((timings?.prompt_ms ?? 0) + (timings?.predicted_ms ?? 0));
  if (engineMs > 0) ending.usage = { ...ending.usage, engineMs };
}

function* finalEvents(
  { server, options, estimate }: Parts,
  request: ChatRequest,
  { reader, ending }: { readonly reader: AnswerReader; readonly ending: Ending },
): Generator<ChatEvent> {
  const { finish, usage, calls } = ending;
  if (finish === null) {
    const data = { engine: server.engine, problem: "the stream ended without a finish reason" };
    throw new FreeholdError(modelsErrors.MODEL_STREAM_CUT, data);
  }
  yield* reader.end(finish);
  for (const [index, call] of [...calls].toSorted(([left], [right]) => left - right)) {
    const cut = finish === "length" && index === Math.max(...calls.keys());
    yield* cut ? reader.cutCall(call.arguments) : reader.call(call.name, call.arguments, call.id);
  }
  if (usage.promptTokens > 0) estimate.learn(request, usage.promptTokens);
  if (reader.empty && request.tools.length > 0) {
    throw new FreeholdError(modelsErrors.MODEL_ANSWER_EMPTY, { model: options.name });
  }
  yield { type: "done", finish: reader.finish(finish), usage };
}

function chatBody(model: string, request: ChatRequest): OpenAI.ChatCompletionCreateParamsStreaming {
  const { schema, maxTokens } = request;
  return {
    model,
    messages: request.messages.map(toOpenAi),
    ...toolsOf(request),
    max_tokens: maxTokens,
    stream: true,
    stream_options: { include_usage: true },
    ...(schema === undefined
      ? {}
      : {
          response_format: {
            type: "json_schema",
            json_schema: { name: "answer", schema: { ...schema }, strict: true },
          },
        }),
  };
}

function toolsOf({ tools }: Pick<ChatRequest, "tools">): { tools?: OpenAI.ChatCompletionTool[] } {
  if (tools.length === 0) return {};
  return {
    tools: tools.map(({ name, description, inputSchema }) => ({
      type: "function",
      function: { name, description, parameters: { ...inputSchema } },
    })),
  };
}

function toOpenAi(message: ChatMessage): OpenAI.ChatCompletionMessageParam {
  switch (message.role) {
    case "system":
    case "user":
      return { role: message.role, content: message.content };
    case "tool":
      return { role: "tool", tool_call_id: message.callId, content: message.content };
    case "assistant":
      if (message.toolCalls.length === 0) return { role: "assistant", content: message.content };
      return {
        role: "assistant",
        content: message.content,
        tool_calls: message.toolCalls.map((call) => ({
          id: call.callId,
          type: "function",
          function: { name: call.name, arguments: JSON.stringify(call.arguments) },
        })),
      };
  }
}
