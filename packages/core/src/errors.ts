import type { JsonObject } from "./json.ts";

/**
 * One entry of a room's error catalogue.
 *
 * `audience` keeps two families apart: `wire` errors may be shown to clients as they are;
 * `local` errors are logged and reach a client only as `INTERNAL`.
 */
export interface ErrorSpec {
  readonly code: string;
  /** HTTP status that a face answers with. */
  readonly status: number;
  readonly audience: "wire" | "local";
  /** What happened, in one sentence. */
  readonly message: (data: JsonObject) => string;
  /** What the owner does next, in one sentence. */
  readonly next: string;
}

export type ErrorCatalogue<Code extends string> = { readonly [K in Code]: ErrorSpec };

type SpecInput = Omit<ErrorSpec, "code" | "audience" | "message"> & {
  readonly audience?: ErrorSpec["audience"];
  readonly message: string | ((data: JsonObject) => string);
};

/** Builds a room's catalogue; the key is the code. Codes are unique across rooms (a check holds that). */
export function defineErrors<const T extends Record<string, SpecInput>>(
  specs: T,
): ErrorCatalogue<Extract<keyof T, string>> {
  const entries = Object.entries(specs).map(([code, spec]) => {
    const text = spec.message;
    const message = typeof text === "string" ? () => text : text;
    return [code, { code, status: spec.status, audience: spec.audience ?? "wire", message, next: spec.next }];
  });
  return Object.fromEntries(entries) as ErrorCatalogue<Extract<keyof T, string>>;
}

/** What a client receives. */
export interface ErrorJson {
  readonly code: string;
  readonly message: string;
  readonly next: string;
  readonly data: JsonObject;
}

/** The only error class. Expected outcomes (refused, parked, unknown) are return values, never this. */
export class FreeholdError extends Error {
  readonly spec: ErrorSpec;
  readonly data: JsonObject;

  constructor(spec: ErrorSpec, data: JsonObject = {}, options?: ErrorOptions) {
    super(spec.message(data), options);
    this.name = "FreeholdError";
    this.spec = spec;
    this.data = data;
  }

  get code(): string {
    return this.spec.code;
  }

  toJSON(): ErrorJson {
    return { code: this.spec.code, message: this.message, next: this.spec.next, data: this.data };
  }
}

export function isFreeholdError(error: unknown, code?: string): error is FreeholdError {
  return error instanceof FreeholdError && (code === undefined || error.spec.code === code);
}

/** One sentence for a log or a model, whatever was thrown. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
