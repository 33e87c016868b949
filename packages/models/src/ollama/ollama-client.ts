import { ownerLabels, type Clock, type Door, type Fetch } from "@freehold/core";
import { Ollama } from "ollama/browser";
import { z } from "zod";
import { engineFetch } from "../engine-fetch.ts";

export interface OllamaServer {
  /** As in `OLLAMA_HOST`, made a URL. */
  readonly url: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

/** Ollama's own reading of `OLLAMA_HOST`: scheme and port may be missing, and a bind-all address means this machine. */
export function ollamaUrl(host: string): string {
  const bare = host.trim().replace(/\/+$/, "");
  const url = new URL(/^https?:\/\//.test(bare) ? bare : `http://${bare}`);
  if (url.hostname === "0.0.0.0" || url.hostname === "[::]") url.hostname = "127.0.0.1";
  if (url.port === "" && !/^https?:/.test(bare)) url.port = "11434";
  return url.origin;
}

export function openOllama(host: string, deps: { readonly door: Door; readonly clock: Clock }): OllamaServer {
  const url = ollamaUrl(host);
  const errand = { who: "models", why: "inference with Ollama", labels: ownerLabels };
  return { url, fetch: deps.door.configured(url, errand), clock: deps.clock };
}

/** A client for one request: the library can stop requests only all at once, so each gets its own signal by its fetch. */
export function ollamaClient(server: OllamaServer, model: string, signal?: AbortSignal): Ollama {
  const { url, fetch, clock } = server;
  return new Ollama({ host: url, fetch: engineFetch({ fetch, clock, engine: "Ollama", model, signal }) });
}

const tagsSchema = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      digest: z.string().nullish(),
      size: z.number().nullish(),
      remote_host: z.string().nullish(),
    }),
  ),
});
export type OllamaTag = z.infer<typeof tagsSchema>["models"][number];

const showSchema = z.object({
  capabilities: z.array(z.string()).nullish(),
  remote_host: z.string().nullish(),
  model_info: z.record(z.string(), z.unknown()).nullish(),
});

export interface OllamaShow {
  readonly capabilities: readonly string[];
  /** Where it really runs, for a model that only looks local. */
  readonly remoteHost: string | null;
  /** Context in tokens that the model was trained for. */
  readonly trainedContext: number | null;
}

const psSchema = z.object({
  models: z.array(z.object({ name: z.string(), context_length: z.number().nullish() })),
});

export async function listOllama(server: OllamaServer, signal?: AbortSignal): Promise<readonly OllamaTag[]> {
  return tagsSchema.parse(await ollamaClient(server, "", signal).list()).models;
}

export async function showOllama(server: OllamaServer, model: string, signal?: AbortSignal): Promise<OllamaShow> {
  const shown = showSchema.parse(await ollamaClient(server, model, signal).show({ model }));
  const context = Object.entries(shown.model_info ?? {}).find(([key]) => key.endsWith(".context_length"))?.[1];
  return {
    capabilities: shown.capabilities ?? [],
    remoteHost: shown.remote_host === "" ? null : (shown.remote_host ?? null),
    trainedContext: typeof context === "number" ? context : null,
  };
}

/** Context in tokens of a loaded model as served; null while it is not loaded. */
export async function servedContext(server: OllamaServer, model: string, signal?: AbortSignal): Promise<number | null> {
  const { models } = psSchema.parse(await ollamaClient(server, model, signal).ps());
  const full = model.includes(":") ? model : `${model}:latest`;
  return models.find(({ name }) => name === full)?.context_length ?? null;
}
