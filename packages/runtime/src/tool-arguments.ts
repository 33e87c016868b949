import type { ChatToolCall, JsonObject } from "@freehold/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Tool } from "./ports.ts";

/** What is wrong with a call, in one sentence for the model; null when it may go on. */
export function checkCall(call: Pick<ChatToolCall, "name" | "arguments">, tools: readonly Tool[]): string | null {
  const tool = tools.find(({ spec }) => spec.name === call.name);
  if (tool === undefined) return `There is no tool ${call.name}; there are ${names(tools)}.`;
  return checkArguments(tool.spec.name, tool.spec.inputSchema, call.arguments);
}

function checkArguments(name: string, schema: JsonObject, value: JsonObject): string | null {
  // Definitions come in several drafts; the keywords that tools use mean the same in all of them.
  const { $schema: _draft, ...plain } = schema;
  const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
  let valid: boolean;
  try {
    valid = ajv.validate(plain, value);
  } catch {
    return `The tool ${name} has a schema that cannot be checked, so it cannot be called.`;
  }
  if (valid) return null;
  return `The arguments of ${name} do not fit its schema: ${ajv.errorsText(ajv.errors, { dataVar: "arguments" })}.`;
}

function names(tools: readonly Tool[]): string {
  return tools.length === 0 ? "none" : tools.map(({ spec }) => spec.name).join(", ");
}
