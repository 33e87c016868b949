import { FreeholdError, type ChatEvent, type ChatModel, type ChatRequest } from "@freehold/core";
import { abortedError, createAnswerReader, toErrorJson } from "../answer-events.ts";
import { modelsErrors } from "../errors.ts";
import type { EngineProcess } from "./engine-process.ts";
import type { Prompt } from "./protocol.ts";

export interface EmbeddedModelOptions {
  readonly id: string;
  readonly label: string;
  readonly demo: boolean;
  readonly engine: EngineProcess;
  readonly newCallId: () => string;
}

/** A GGUF file run by llama.cpp on this machine's processor. Throws `MODEL_FILE_INVALID`, `MODEL_ENGINE_CRASHED`. */
export function createEmbeddedModel(options: EmbeddedModelOptions): ChatModel {
  const { id, label, engine } = options;
  return {
    id,
    label,
    locality: "this-machine",
    price: null,
    async probe() {
      return { contextWindow: await engine.load(), digest: null, tools: true, demo: options.demo };
    },
    async count(request, signal) {
      for await (const report of engine.run({ type: "count", prompt: toPrompt(request) }, signal)) {
        if (report.type === "counted") return report.tokens;
        if (report.type === "failed") throw failed(label, report.problem);
      }
      throw failed(label, "it gave no count");
    },
    stream: (request, signal) => stream(options, request, signal),
  };
}

async function* stream(
  { engine, label, newCallId }: EmbeddedModelOptions,
  request: ChatRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<ChatEvent, void, void> {
  const reader = createAnswerReader(request.tools, newCallId);
  try {
    const { maxTokens, schema } = request;
    const work = { type: "generate", prompt: toPrompt(request), maxTokens, schema: schema ?? null } as const;
    for await (const report of engine.run(work, signal)) {
      if (report.type === "text") yield* reader.text(report.text);
      if (report.type === "failed") throw failed(label, report.problem);
      if (report.type === "too-long") {
        const { promptTokens, contextTokens } = report;
        const data = { model: label, promptTokens, contextWindow: contextTokens };
        throw new FreeholdError(modelsErrors.MODEL_CONTEXT_EXCEEDED, data);
      }
      if (report.type !== "finished") continue;
      if (report.finish === "aborted") {
        yield { type: "error", error: abortedError() };
        return;
      }
      yield* reader.end(report.finish);
      yield { type: "done", finish: reader.finish(report.finish), usage: report.usage };
    }
  } catch (error) {
    yield { type: "error", error: toErrorJson(error, label) };
  }
}

function toPrompt({ messages, tools }: Pick<ChatRequest, "messages" | "tools">): Prompt {
  return {
    messages: messages.map((message) =>
      message.role === "assistant" ? { ...message, toolCalls: [...message.toolCalls] } : message,
    ),
    tools: [...tools],
  };
}

function failed(engine: string, problem: string): FreeholdError {
  return new FreeholdError(modelsErrors.MODEL_ENGINE_FAILED, { engine, problem });
}
