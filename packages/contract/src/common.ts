import { z } from "zod";

export const idSchema = z.uuid();
export const timeSchema = z.iso.datetime();

export const moneySchema = z.object({
  /** `lightning:msat` or a CAIP-19 asset id. */
  asset: z.string().min(3).max(200),
  /** Decimal string in the asset's smallest unit. */
  units: z.string().regex(/^-?\d{1,78}$/),
});
export type MoneyJson = z.infer<typeof moneySchema>;

/** How an asset is shown: the amount is `units / 10^decimals`. `test` marks money without value. */
export const assetInfoSchema = z.object({
  asset: z.string(),
  symbol: z.string(),
  decimals: z.number().int().min(0).max(36),
  network: z.string(),
  test: z.boolean(),
});
export type AssetInfo = z.infer<typeof assetInfoSchema>;

export const labelsSchema = z.object({
  integrity: z.enum(["owner", "system", "vetted", "untrusted"]),
  confidentiality: z.enum(["public", "private", "secret"]),
  origins: z.array(z.string()),
});
export type LabelsJson = z.infer<typeof labelsSchema>;

/** The body of every answer with status 400 or more. */
export const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    /** What happened. */
    message: z.string(),
    /** What to do now. */
    next: z.string(),
    data: z.record(z.string(), z.json()).default({}),
  }),
});
export type ErrorBody = z.infer<typeof errorSchema>;

export const localitySchema = z.enum(["this-machine", "my-machines", "rented", "vendor"]);
export const verdictSchema = z.enum(["allow", "ask", "deny"]);

export const okSchema = z.object({ ok: z.literal(true) });
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.string().max(100).optional(),
});
