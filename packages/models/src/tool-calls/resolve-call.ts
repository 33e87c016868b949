import type { ChatToolCall, ToolSpec } from "@freehold/core";
import { z } from "zod";
import type { CallForm } from "./call-forms.ts";
import { repairJson } from "./repair-json.ts";

export type CallResult =
  | { readonly ok: true; readonly call: Omit<ChatToolCall, "callId"> }
  /** One sentence for the model. */
  | { readonly ok: false; readonly problem: string };

const argumentsSchema = z.record(z.string(), z.json());

/** From the text between a form's tags to a call of an offered tool. */
export function resolveCallText(form: CallForm, body: string, tools: readonly ToolSpec[]): CallResult {
  const parsed = parseLoosely(body);
  if (parsed === undefined) return { ok: false, problem: "The tool call is not valid JSON." };
  const found = form.read(parsed);
  if (found === null) return { ok: false, problem: 'The tool call has no "name".' };
  return resolveCall(found.name, found.arguments, tools);
}

/** From a name and arguments (an object, or JSON in a string) to a call of an offered tool. */
export function resolveCall(name: string, args: unknown, tools: readonly ToolSpec[]): CallResult {
  if (!tools.some((tool) => tool.name === name)) {
    const offered = tools.map((tool) => tool.name).join(", ");
    return { ok: false, problem: `There is no tool "${name}"; there are: ${offered === "" ? "none" : offered}.` };
  }
  const value = typeof args === "string" ? (args.trim() === "" ? {} : parseLoosely(args)) : args;
  const checked = argumentsSchema.safeParse(value ?? null);
  if (!checked.success) return { ok: false, problem: `The arguments of "${name}" must be one JSON object.` };
  return { ok: true, call: { name, arguments: checked.data } };
}

function parseLoosely(text: string): unknown {
  for (const candidate of [text, repairJson(text)]) {
    try {
      return JSON.parse(candidate) as unknown;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}
