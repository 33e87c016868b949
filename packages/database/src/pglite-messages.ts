import type { Parameter } from "./parameters.ts";

export type PgliteRequest =
  | { readonly id: number; readonly op: "query"; readonly text: string; readonly parameters: readonly Parameter[] }
  | { readonly id: number; readonly op: "script"; readonly text: string }
  | { readonly id: number; readonly op: "close" };

export interface PgliteFailure {
  readonly message: string;
  /** SQLSTATE and what else Postgres says of an error. */
  readonly fields: Readonly<Record<string, string>>;
}

export type PgliteReply =
  | { readonly kind: "ready" }
  | { readonly kind: "unusable"; readonly failure: PgliteFailure }
  | { readonly kind: "result"; readonly id: number; readonly rows: readonly unknown[]; readonly command: string }
  | { readonly kind: "failed"; readonly id: number; readonly failure: PgliteFailure }
  | { readonly kind: "notification"; readonly channel: string; readonly payload: string };

const carried = ["code", "detail", "hint", "schema", "table", "column", "constraint", "where"];

export function toFailure(error: unknown): PgliteFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (typeof error !== "object" || error === null) return { message, fields: {} };
  const source: Readonly<Record<string, unknown>> = { ...error };
  const fields = carried.flatMap((name) => {
    const value = source[name];
    return typeof value === "string" ? [[name, value] as const] : [];
  });
  return { message, fields: Object.fromEntries(fields) };
}

export function fromFailure(failure: PgliteFailure): Error {
  return Object.assign(new Error(failure.message), failure.fields);
}
