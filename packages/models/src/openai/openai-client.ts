import { isFreeholdError, ownerLabels, type Clock, type Door, type Fetch } from "@freehold/core";
import { OpenAI } from "openai";
import { z } from "zod";
import { engineFetch } from "../engine-fetch.ts";

export interface OpenAiServer {
  /** With `/v1`, without a slash at the end. */
  readonly url: string;
  readonly key: string | null;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Shown in errors. */
  readonly engine: string;
}

export function openOpenAi(
  config: { readonly url: string; readonly key: string | null },
  deps: { readonly door: Door; readonly clock: Clock },
): OpenAiServer {
  const url = config.url.replace(/\/+$/, "");
  const { origin, host } = new URL(url);
  const errand = { who: "models", why: "inference with an OpenAI-compatible server", labels: ownerLabels };
  const fetch = deps.door.configured(origin, errand);
  return { url, key: config.key, fetch, clock: deps.clock, engine: `The model server at ${host}` };
}

/** Nothing is taken from the environment, and nothing is tried again behind our back. */
export function openAiClient(server: OpenAiServer, model: string, signal?: AbortSignal): OpenAI {
  const { url, key, fetch, clock, engine } = server;
  return new OpenAI({
    baseURL: url,
    apiKey: key ?? "none",
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: "off",
    maxRetries: 0,
    fetch: engineFetch({ fetch, clock, engine, model, signal, key }),
  });
}

const listSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      // llama-server, vLLM and LM Studio each say it in their own way.
      meta: z.object({ n_ctx_train: z.number().nullish(), size: z.number().nullish() }).nullish(),
      max_model_len: z.number().nullish(),
      loaded_context_length: z.number().nullish(),
      max_context_length: z.number().nullish(),
    }),
  ),
});

export interface ServedModel {
  readonly name: string;
  readonly contextTokens: number | null;
  readonly sizeBytes: number | null;
}

export async function listOpenAi(server: OpenAiServer, signal?: AbortSignal): Promise<readonly ServedModel[]> {
  const answer = await openAiClient(server, "", signal).get<unknown>("/models");
  return listSchema.parse(answer).data.map((entry) => ({
    name: entry.id,
    contextTokens:
      entry.loaded_context_length ?? entry.max_model_len ?? entry.max_context_length ?? entry.meta?.n_ctx_train ?? null,
    sizeBytes: entry.meta?.size ?? null,
  }));
}

const propsSchema = z.object({
  default_generation_settings: z.object({ n_ctx: z.number().nullish() }).nullish(),
  chat_template_caps: z.record(z.string(), z.boolean()).nullish(),
});

export interface ServerProps {
  /** Context in tokens of one slot, as served. */
  readonly contextTokens: number | null;
  /** Whether the model's template has a place for tools: llama-server ignores tools silently where it has none. */
  readonly tools: boolean | null;
}

const noProps: ServerProps = { contextTokens: null, tools: null };

/** What llama-server tells about itself; nothing where another server is behind the address. */
export async function readProps(server: OpenAiServer, signal?: AbortSignal): Promise<ServerProps> {
  const address = new URL("/props", server.url).href;
  const parsed = propsSchema.safeParse(await optional(() => openAiClient(server, "", signal).get<unknown>(address)));
  if (!parsed.success) return noProps;
  return {
    contextTokens: parsed.data.default_generation_settings?.n_ctx ?? null,
    tools: parsed.data.chat_template_caps?.["supports_tools"] ?? null,
  };
}

const tokensSchema = z.object({ input_tokens: z.number() });

/** The server's own count of a chat request; null where it has no such endpoint. */
export async function countInput(
  server: OpenAiServer,
  body: { readonly model: string },
  signal?: AbortSignal,
): Promise<number | null> {
  const answer = await optional(() =>
    openAiClient(server, body.model, signal).post<unknown>("/chat/completions/input_tokens", { body }),
  );
  const parsed = tokensSchema.safeParse(answer);
  return parsed.success ? parsed.data.input_tokens : null;
}

/** Undefined where the server has no such address. A server that does not answer at all is an error still. */
async function optional(ask: () => Promise<unknown>): Promise<unknown> {
  try {
    return await ask();
  } catch (error) {
    const cause = error instanceof Error && isFreeholdError(error.cause) ? error.cause : error;
    if (isFreeholdError(cause, "MODEL_ENGINE_FAILED")) return undefined;
    throw cause;
  }
}
