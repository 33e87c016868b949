import { z } from "zod";

/** One input of a form that is made from a tool's JSON schema. */
export interface FormField {
  readonly name: string;
  readonly kind: "text" | "number" | "integer" | "boolean" | "choice" | "json";
  readonly required: boolean;
  readonly description: string;
  readonly choices: readonly string[];
}

// A server's schema is text from outside: what is not understood becomes a JSON field, never an error.
const propertySchema = z.object({
  type: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .catch(undefined),
  description: z.string().optional().catch(undefined),
  enum: z.array(z.string()).optional().catch(undefined),
});
const objectSchema = z.object({
  properties: z.record(z.string(), z.unknown()).catch({}),
  required: z.array(z.string()).catch([]),
});

function kindOf({ type, enum: choices }: z.infer<typeof propertySchema>): FormField["kind"] {
  if (choices !== undefined && choices.length > 0) return "choice";
  const single = Array.isArray(type) ? type.find((candidate) => candidate !== "null") : type;
  if (single === "string") return "text";
  if (single === "number" || single === "integer" || single === "boolean") return single;
  return "json";
}

export function fieldsOf(schema: unknown): FormField[] {
  const parsed = objectSchema.safeParse(schema);
  if (!parsed.success) return [];
  return Object.entries(parsed.data.properties).map(([name, raw]) => {
    const property = propertySchema.safeParse(raw);
    const facts = property.success ? property.data : {};
    return {
      name,
      kind: kindOf(facts),
      required: parsed.data.required.includes(name),
      description: facts.description ?? "",
      choices: facts.enum ?? [],
    };
  });
}

type Json = z.infer<ReturnType<typeof z.json>>;
export type FormResult =
  | { readonly ok: true; readonly arguments: Record<string, Json> }
  | { readonly ok: false; readonly field: string; readonly message: string };

function valueOf(field: FormField, text: string): { readonly value: Json } | { readonly message: string } {
  switch (field.kind) {
    case "text":
    case "choice":
      return { value: text };
    case "boolean":
      return { value: text === "true" };
    case "number":
    case "integer": {
      const number = Number(text);
      const fits = field.kind === "integer" ? Number.isSafeInteger(number) : Number.isFinite(number);
      return fits ? { value: number } : { message: field.kind === "integer" ? "a whole number" : "a number" };
    }
    case "json":
      try {
        return { value: z.json().parse(JSON.parse(text)) };
      } catch (error) {
        return { message: `JSON (${error instanceof Error ? error.message : "unreadable"})` };
      }
  }
}

/** What was typed, as the tool's arguments; an empty optional field is left out. */
export function argumentsOf(fields: readonly FormField[], typed: Readonly<Record<string, string>>): FormResult {
  const values: Record<string, Json> = {};
  for (const field of fields) {
    const text = typed[field.name] ?? "";
    if (text === "") {
      if (field.required && field.kind !== "text" && field.kind !== "boolean") {
        return { ok: false, field: field.name, message: `${field.name} is needed.` };
      }
      if (field.required) values[field.name] = field.kind === "boolean" ? false : "";
      continue;
    }
    const result = valueOf(field, text);
    if ("message" in result)
      return { ok: false, field: field.name, message: `${field.name} must be ${result.message}.` };
    values[field.name] = result.value;
  }
  return { ok: true, arguments: values };
}
