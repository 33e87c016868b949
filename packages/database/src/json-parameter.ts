import { type RawBuilder, sql } from "kysely";

/** A value as a jsonb parameter; bigints are not JSON and throw. */
export function json(value: unknown): RawBuilder<unknown> {
  return sql`${JSON.stringify(value)}::jsonb`;
}
