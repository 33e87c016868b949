import type { ChatToolCall, JsonObject, Labels } from "@freehold/core";
import { z } from "zod";
import type { DeclaredEffects } from "../registry/definition.ts";
import type { CallContext, CallOutcome } from "../tool-outcome.ts";
import { oneSentence } from "../mcp/one-sentence.ts";

export interface Builtin {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly effects: DeclaredEffects;
  readonly repeatable?: (given: JsonObject) => boolean;
  readonly run: (call: ChatToolCall, context: CallContext) => Promise<CallOutcome>;
}

export const readsOnly: DeclaredEffects = { readOnly: true, idempotent: true, destructive: false, openWorld: false };

/** Our own words to the model about a call that was wrong. */
export const systemWords: Labels = { integrity: "system", confidentiality: "public", origins: ["system"] };

export function failure(text: string): CallOutcome {
  return { outcome: "error", text, labels: systemWords };
}

/** Runs `body` with arguments that fit, or answers with a sentence on what does not. */
export function withArguments<T>(
  schema: z.ZodType<T>,
  body: (given: T, context: CallContext) => Promise<CallOutcome>,
): Builtin["run"] {
  return async (call, context) => {
    const parsed = schema.safeParse(call.arguments);
    if (parsed.success) return body(parsed.data, context);
    return failure(`The arguments of ${call.name} do not fit: ${oneSentence(z.prettifyError(parsed.error), 300)}`);
  };
}
