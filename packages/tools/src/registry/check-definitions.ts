import { canonicalJson, type JsonObject } from "@freehold/core";
import { createSchemaCompiler, type CompiledSchema } from "./json-schema.ts";
import { definitionHash, offeredName, type ToolDefinition } from "./definition.ts";

/** A definition from a server's newest list. */
export interface OfferedDefinition {
  readonly definition: ToolDefinition;
  readonly hash: string;
  /** Why it can never be used; null when it can. */
  readonly problem: string | null;
}

const maxDefinitionChars = 64_000;

/** Tells definitions that can be used from those that cannot: broken schemas, doubles, giants. */
export function checkDefinitions(slug: string, definitions: readonly ToolDefinition[]): readonly OfferedDefinition[] {
  const counts = new Map<string, number>();
  for (const { name } of definitions) {
    const offered = offeredName(slug, name);
    counts.set(offered, (counts.get(offered) ?? 0) + 1);
  }
  const compile = createSchemaCompiler();
  const seen = new Set<string>();
  const checked: OfferedDefinition[] = [];
  for (const definition of definitions) {
    const hash = definitionHash(definition);
    const key = `${definition.name}\n${hash}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const doubled = (counts.get(offeredName(slug, definition.name)) ?? 0) > 1;
    checked.push({
      definition,
      hash,
      problem: doubled ? "its server lists this name more than once" : problemOf(definition, compile),
    });
  }
  return checked;
}

function problemOf(definition: ToolDefinition, compile: (schema: JsonObject) => CompiledSchema): string | null {
  if (canonicalJson({ ...definition }).length > maxDefinitionChars) {
    return `its definition is longer than ${maxDefinitionChars} characters`;
  }
  const input = compile(definition.inputSchema);
  if (!input.ok) return `its input schema is not a valid JSON Schema (${input.problem})`;
  if (definition.outputSchema === null) return null;
  const output = compile(definition.outputSchema);
  return output.ok ? null : `its output schema is not a valid JSON Schema (${output.problem})`;
}
