import { hashJson, sha256, type JsonObject, type JsonValue } from "@freehold/core";
import { z } from "zod";

const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/**
 * What a server says of one of its tools, as it was sent: untrusted text. The server's instructions are part of it,
 * since they steer how a model uses the tool.
 */
export const definitionSchema = z.object({
  name: z.string().min(1),
  title: z.string().nullable(),
  description: z.string(),
  inputSchema: jsonObject,
  outputSchema: jsonObject.nullable(),
  annotations: jsonObject.nullable(),
  instructions: z.string(),
});
export type ToolDefinition = Readonly<z.infer<typeof definitionSchema>>;

/** SHA-256 over all that a definition says, in canonical form. What the owner approves is this hash. */
export function definitionHash(definition: ToolDefinition): string {
  return hashJson({
    name: definition.name,
    title: definition.title,
    description: definition.description,
    inputSchema: definition.inputSchema,
    outputSchema: definition.outputSchema,
    annotations: definition.annotations,
    instructions: definition.instructions,
  });
}

export interface DeclaredEffects {
  readonly readOnly: boolean;
  readonly idempotent: boolean;
  readonly destructive: boolean;
  readonly openWorld: boolean;
}

/**
 * Hints with the protocol's defaults (MCP 2026-07-28, `ToolAnnotations`): what is not said counts as the worst. A read that
 * does not say whether it is idempotent is, since the hint is about writes only.
 */
export function declaredEffects(annotations: JsonObject | null): DeclaredEffects {
  const hint = (name: string, otherwise: boolean): boolean => {
    const value: JsonValue | undefined = annotations?.[name];
    return typeof value === "boolean" ? value : otherwise;
  };
  const readOnly = hint("readOnlyHint", false);
  return {
    readOnly,
    idempotent: hint("idempotentHint", readOnly),
    destructive: !readOnly && hint("destructiveHint", true),
    openWorld: hint("openWorldHint", true),
  };
}

/** The name that a model sees: 64 characters of letters, digits, `_` and `-` at most, told apart by a hash if cut. */
export function offeredName(slug: string, toolName: string): string {
  const plain = `${slug}__${toolName.replaceAll(/[^a-zA-Z0-9_-]/g, "_")}`;
  return plain.length <= 64 ? plain : `${plain.slice(0, 55)}_${sha256(toolName).slice(0, 8)}`;
}
