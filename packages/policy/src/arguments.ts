import type { JsonValue } from "@freehold/core";

/** A string inside an arguments object, with its path (`items.0.url`). */
export interface StringLeaf {
  readonly path: string;
  readonly text: string;
}

/** Every string in the arguments, keys of nested objects included as part of the path only. */
export function stringLeaves(value: JsonValue, path = ""): readonly StringLeaf[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (value === null || typeof value !== "object") return [];
  const entries: [string, JsonValue][] = Array.isArray(value)
    ? value.map((item, index) => [String(index), item])
    : Object.entries(value);
  return entries.flatMap(([key, item]) => stringLeaves(item, path === "" ? key : `${path}.${key}`));
}

/** The address in a text that is one as a whole; null for anything else. */
export function addressOf(text: string): URL | null {
  return /^\s*https?:/i.test(text) ? URL.parse(text.trim()) : null;
}
