import { FreeholdError } from "@freehold/core";
import { z } from "zod";
import { modelsErrors } from "./errors.ts";

/** What an engine said was wrong, dug out of whatever it was wrapped in. */
export interface EngineProblem {
  readonly message: string;
  readonly kind: string | null;
  readonly promptTokens: number | null;
  readonly contextTokens: number | null;
}

const innerSchema = z.object({
  message: z.string(),
  type: z.string().nullish(),
  n_prompt_tokens: z.number().nullish(),
  n_ctx: z.number().nullish(),
});
const outerSchema = z.object({ error: z.union([z.string(), innerSchema]) });

/** Engines answer with `{error: string}` (which may hold JSON again), `{error: {message, …}}`, a sentence, or HTML. */
export function readEngineProblem(body: string): EngineProblem {
  const parsed = outerSchema.safeParse(tryJson(body));
  if (!parsed.success) return plain(readable(body));
  const { error } = parsed.data;
  if (typeof error !== "string") {
    const { message, type, n_prompt_tokens, n_ctx } = error;
    return { message, kind: type ?? null, promptTokens: n_prompt_tokens ?? null, contextTokens: n_ctx ?? null };
  }
  return outerSchema.safeParse(tryJson(error)).success ? readEngineProblem(error) : plain(error);
}

/** The error that tells the owner what to do about it. `status`: HTTP, or 200 for a failure inside of a stream. */
export function toModelError(
  problem: EngineProblem,
  about: { readonly engine: string; readonly model: string; readonly status: number },
): FreeholdError {
  const { engine, model, status } = about;
  const { message, kind, promptTokens, contextTokens } = problem;
  if (kind === "exceed_context_size_error" || /longer than the context|maximum context length/i.test(message)) {
    return new FreeholdError(modelsErrors.MODEL_CONTEXT_EXCEEDED, {
      model,
      promptTokens,
      contextWindow: contextTokens,
    });
  }
  if (status === 401 || status === 403) return new FreeholdError(modelsErrors.MODEL_KEY_REFUSED, { engine });
  if (/does not support tools|--jinja/i.test(message)) {
    return new FreeholdError(modelsErrors.MODEL_TOOLS_UNSUPPORTED, { model });
  }
  if (status === 404 && /model/i.test(message)) return new FreeholdError(modelsErrors.MODEL_UNKNOWN, { model });
  const shown = message === "" ? `status ${status}` : message;
  return new FreeholdError(modelsErrors.MODEL_ENGINE_FAILED, { engine, problem: shown.slice(0, 500) });
}

function plain(message: string): EngineProblem {
  return { message, kind: null, promptTokens: null, contextTokens: null };
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A proxy's error page says in its title what it has to say. */
function readable(body: string): string {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(body)?.[1];
  const text = title ?? body.replace(/<[^>]*>/g, " ");
  return text.replace(/\s+/g, " ").trim().slice(0, 500);
}
