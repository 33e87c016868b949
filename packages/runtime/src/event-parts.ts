import {
  asset,
  type ErrorJson,
  type IntentId,
  moneyFromJson,
  moneyToJson,
  type Quote,
  type RunId,
  type ThreadId,
  type TurnId,
} from "@freehold/core";
import { z } from "zod";

export const runIdSchema = z.uuid().transform((id) => id as RunId);
export const threadIdSchema = z.uuid().transform((id) => id as ThreadId);
export const turnIdSchema = z.uuid().transform((id) => id as TurnId);
export const intentIdSchema = z.uuid().transform((id) => id as IntentId);
export const timeSchema = z.iso.datetime().transform((text) => new Date(text));

export const labelsSchema = z.object({
  integrity: z.enum(["owner", "system", "vetted", "untrusted"]),
  confidentiality: z.enum(["public", "private", "secret"]),
  origins: z.array(z.string()),
});

export const moneySchema = z.object({ asset: z.string(), units: z.string() }).transform(moneyFromJson);

export const errorJsonSchema: z.ZodType<ErrorJson> = z.object({
  code: z.string(),
  message: z.string(),
  next: z.string(),
  data: z.record(z.string(), z.json()),
});

export const quoteSchema = z
  .object({
    rail: z.enum(["x402", "l402"]),
    request: z.object({ method: z.string(), url: z.string(), bodySha256: z.string() }),
    origin: z.string(),
    payee: z.string(),
    amount: z.object({ asset: z.string(), units: z.string() }),
    network: z.string(),
    expiresAt: timeSchema.nullable(),
    description: z.string(),
    hash: z.string(),
  })
  .transform((json): Quote => ({
    ...json,
    amount: { asset: asset(json.amount.asset), units: BigInt(json.amount.units) },
  }));

export function quoteToJson(quote: Quote): z.input<typeof quoteSchema> {
  return { ...quote, amount: moneyToJson(quote.amount), expiresAt: quote.expiresAt?.toISOString() ?? null };
}
