import type { JsonObject, JsonValue, TurnPart } from "@freehold/core";

/** Postgres refuses U+0000 and lone surrogates; a message that holds some must still be kept. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll("\u0000", "\uFFFD");
}

export function cleanParts(parts: readonly TurnPart[]): TurnPart[] {
  return parts.map((part) => cleanObject(part) as TurnPart);
}

function cleanObject<T extends object>(value: T): object {
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [cleanText(key), cleanValue(field)]));
}

function cleanValue(value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map((item) => cleanValue(item) ?? null);
  if (value !== null && typeof value === "object") return cleanObject(value) as JsonObject;
  return value;
}
