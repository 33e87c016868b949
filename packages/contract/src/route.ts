import type { z } from "zod";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What an API token may be allowed; none of them can approve a payment. */
export const tokenScopes = ["chat", "read", "tools", "memory"] as const;

/** Who may call: anyone, only the signed-in owner, or also an API token that has the scope. */
export type Access = "public" | "owner" | (typeof tokenScopes)[number];

export interface Route {
  readonly method: Method;
  /** `:name` marks a path parameter. */
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly response: z.ZodType;
  /** Status of success when it is not 200. */
  readonly status?: number;
}

/** Keeps the literal types of a route definition. */
export function route<const T extends Route>(definition: T): T {
  return definition;
}
