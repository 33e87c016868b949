/** A parameter as both drivers take it: text, bytes, a boolean or null. */
export type Parameter = string | boolean | Uint8Array | null;

/**
 * Makes values mean the same on both drivers: numbers, bigints and dates become text, an array becomes a Postgres
 * array literal, any other object becomes JSON. A JSON array must be passed through `json()`.
 */
export function toParameter(value: unknown): Parameter {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean" || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return arrayLiteral(value);
  return toText(value);
}

function toText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint") return value.toString();
  if (value instanceof Date) return value.toISOString();
  return JSON.stringify(value);
}

function arrayLiteral(values: readonly unknown[]): string {
  const items = values.map((value) => {
    if (value === null || value === undefined) return "NULL";
    if (Array.isArray(value)) return arrayLiteral(value);
    if (typeof value === "boolean") return value ? "t" : "f";
    const text = value instanceof Uint8Array ? `\\x${Buffer.from(value).toString("hex")}` : toText(value);
    return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  });
  return `{${items.join(",")}}`;
}
