import { createHash } from "node:crypto";
import { canonicalJson, type JsonValue } from "./json.ts";

/** Lower-case hex SHA-256. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

export function hashJson(value: JsonValue): string {
  return sha256(canonicalJson(value));
}
