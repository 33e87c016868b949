import { basename } from "node:path";
import { describeError, FreeholdError, isFreeholdError } from "@freehold/core";
import { modelsErrors } from "../errors.ts";
import { localityOf } from "../locality.ts";
import { listOpenAi, readProps, type OpenAiServer, type ServedModel } from "../openai/openai-client.ts";
import { createOpenAiModel } from "../openai/openai-model.ts";
import type { Detection, FoundModel, ModelSource } from "./source.ts";

export interface OpenAiSourceOptions {
  readonly server: OpenAiServer;
  readonly contextTokens: number;
  readonly newCallId: () => string;
}

/** In ms. */
const patience = 5_000;

/** The models of the configured OpenAI-compatible server. */
export function createOpenAiSource({ server, contextTokens, newCallId }: OpenAiSourceOptions): ModelSource {
  return {
    async detect(outer): Promise<Detection> {
      const limit = AbortSignal.timeout(patience);
      const signal = outer === undefined ? limit : AbortSignal.any([outer, limit]);
      const provider = { provider: "openai", address: server.url } as const;
      try {
        const served = await listOpenAi(server, signal);
        const props = await readProps(server, signal);
        const models = served.map((model): FoundModel => ({
          ...describe(model, server.url),
          contextWindow: props.contextTokens ?? model.contextTokens ?? contextTokens,
          tools: props.tools,
        }));
        return { provider: { ...provider, state: models.length > 0 ? "ready" : "absent", problem: null }, models };
      } catch (error) {
        const cause = error instanceof Error && isFreeholdError(error.cause) ? error.cause : error;
        const problem = isFreeholdError(cause)
          ? cause
          : new FreeholdError(modelsErrors.MODEL_UNREACHABLE, { engine: server.engine, problem: describeError(cause) });
        return { provider: { ...provider, state: "failed", problem: problem.toJSON() }, models: [] };
      }
    },
    open(model) {
      return createOpenAiModel(server, {
        name: model.id.slice("openai:".length),
        label: model.label,
        contextTokens: model.contextWindow ?? contextTokens,
        tools: model.tools,
        newCallId,
      });
    },
  };
}

function describe({ name, sizeBytes }: ServedModel, url: string): Omit<FoundModel, "contextWindow" | "tools"> {
  return {
    id: `openai:${name}`,
    // llama-server names a model by its path when it was given no alias.
    label: basename(name).replace(/\.gguf$/i, ""),
    provider: "openai",
    locality: localityOf(url, "vendor"),
    demo: false,
    sizeBytes,
    problem: null,
    examplePrompts: [],
  };
}
