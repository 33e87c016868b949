import { describeError, FreeholdError, isFreeholdError } from "@freehold/core";
import { modelsErrors } from "../errors.ts";
import { localityOf } from "../locality.ts";
import { listOllama, showOllama, type OllamaServer, type OllamaShow, type OllamaTag } from "../ollama/ollama-client.ts";
import { contextBucket, createOllamaModel } from "../ollama/ollama-model.ts";
import type { Detection, FoundModel, ModelSource } from "./source.ts";

export interface OllamaSourceOptions {
  readonly server: OllamaServer;
  readonly contextTokens: number;
  readonly newCallId: () => string;
}

/** An address where nothing listens must not hold up the start. In ms. */
const patience = 3_000;

/** Chat models of an Ollama server. */
export function createOllamaSource({ server, contextTokens, newCallId }: OllamaSourceOptions): ModelSource {
  const shown = new Map<string, OllamaShow>();
  const digests = new Map<string, string | null>();

  const inspect = async (tag: OllamaTag, signal: AbortSignal): Promise<readonly FoundModel[]> => {
    const key = `${tag.name} ${tag.digest ?? ""}`;
    const show = shown.get(key) ?? (await showOllama(server, tag.name, signal));
    shown.set(key, show);
    digests.set(tag.name, tag.digest ?? null);
    if (!show.capabilities.includes("completion")) return [];
    return [describe(tag, show)];
  };
  const describe = (tag: OllamaTag, show: OllamaShow): FoundModel => {
    const host = tag.remote_host ?? show.remoteHost ?? "";
    const remote = host === "" ? null : new FreeholdError(modelsErrors.MODEL_REMOTE, { model: tag.name, host });
    return {
      id: `ollama:${tag.name}`,
      label: tag.name.replace(/:latest$/, ""),
      provider: "ollama",
      locality: remote === null ? localityOf(server.url, "rented") : "vendor",
      demo: false,
      sizeBytes: tag.size ?? null,
      contextWindow: contextBucket(contextTokens, show.trainedContext),
      tools: show.capabilities.includes("tools"),
      problem: remote?.toJSON() ?? null,
      examplePrompts: [],
    };
  };
  return {
    async detect(outer): Promise<Detection> {
      const limit = AbortSignal.timeout(patience);
      const signal = outer === undefined ? limit : AbortSignal.any([outer, limit]);
      const provider = { provider: "ollama", address: server.url } as const;
      try {
        const tags = await listOllama(server, signal);
        const models = (await Promise.all(tags.map((tag) => inspect(tag, signal)))).flat();
        return { provider: { ...provider, state: models.length > 0 ? "ready" : "absent", problem: null }, models };
      } catch (error) {
        const problem = isFreeholdError(error)
          ? error
          : new FreeholdError(modelsErrors.MODEL_UNREACHABLE, { engine: "Ollama", problem: describeError(error) });
        const state = problem.code === "MODEL_UNREACHABLE" ? "absent" : "failed";
        return { provider: { ...provider, state, problem: problem.toJSON() }, models: [] };
      }
    },
    open(model) {
      const name = model.id.slice("ollama:".length);
      return createOllamaModel(server, {
        name,
        label: model.label,
        digest: digests.get(name) ?? null,
        tools: model.tools ?? false,
        contextTokens: model.contextWindow ?? contextTokens,
        newCallId,
      });
    },
  };
}
