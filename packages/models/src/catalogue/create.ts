import type { Clock, Door, NewId, TurnId } from "@freehold/core";
import type { Database } from "@freehold/database";
import { openOllama } from "../ollama/ollama-client.ts";
import { createOllamaEmbedder } from "../ollama/ollama-embedder.ts";
import { openOpenAi } from "../openai/openai-client.ts";
import { assembleCatalogue, type ModelCatalogue } from "./catalogue.ts";
import { createDemoSource } from "./demo-source.ts";
import { createEmbeddedSource } from "./embedded-source.ts";
import { createEngines } from "./engines.ts";
import { createOllamaSource } from "./ollama-source.ts";
import { createOpenAiSource } from "./openai-source.ts";
import { createSelection } from "./selection.ts";
import type { ModelSource } from "./source.ts";

export interface ModelsConfig {
  /** Ollama's address; null: it is not looked for. */
  readonly ollamaHost: string | null;
  /** Base URL of an OpenAI-compatible server, with `/v1`. */
  readonly openaiUrl: string | null;
  readonly openaiKey: string | null;
  /** Folder with GGUF files; it need not exist. */
  readonly modelsDir: string;
  /** Context in tokens to ask of engines that let us choose. */
  readonly contextTokens: number;
  /** Where the demo model is written, and what its paid example buys; null: there is no demo model. */
  readonly demo: { readonly path: string; readonly sellerUrl: string } | null;
  /** Ollama model that makes vectors. */
  readonly embedder: string | null;
}

export interface ModelCatalogueOptions {
  /** Keeps the owner's choice; without it the choice lasts as long as the process. */
  readonly db?: Database;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly door: Door;
  readonly config: ModelsConfig;
}

/** Detection order: Ollama, the configured OpenAI-compatible server, GGUF files in the models folder, the demo model. */
export function createModelCatalogue(options: ModelCatalogueOptions): ModelCatalogue {
  const { clock, config, door, newId } = options;
  const { contextTokens, demo, embedder } = config;
  const engines = createEngines();
  const newCallId = (): string => newId<TurnId>();
  const ollama = config.ollamaHost === null ? null : openOllama(config.ollamaHost, { door, clock });
  const sources: ModelSource[] = [];
  if (ollama !== null) sources.push(createOllamaSource({ server: ollama, contextTokens, newCallId }));
  if (config.openaiUrl !== null) {
    const server = openOpenAi({ url: config.openaiUrl, key: config.openaiKey }, { door, clock });
    sources.push(createOpenAiSource({ server, contextTokens, newCallId }));
  }
  sources.push(createEmbeddedSource({ folder: config.modelsDir, contextTokens, engines, newCallId }));
  if (demo !== null) sources.push(createDemoSource({ ...demo, engines, newCallId }));
  return assembleCatalogue({
    sources,
    selection: createSelection(options.db, clock),
    makeEmbedder: async () => (ollama === null || embedder === null ? null : createOllamaEmbedder(ollama, embedder)),
    clock,
    release: async () => engines[Symbol.asyncDispose](),
  });
}
