import { z } from "zod";
import { labelsSchema, moneySchema, okSchema, pageQuerySchema, timeSchema } from "./common.ts";
import { route } from "./route.ts";

export const ledgerRowSchema = z.object({
  id: z.string(),
  at: timeSchema,
  who: z.string(),
  why: z.string(),
  runId: z.string().nullable(),
  host: z.string(),
  method: z.string(),
  status: z.number().int().nullable(),
  bytesOut: z.number().int(),
  bytesIn: z.number().int(),
  cost: moneySchema.nullable(),
  /** `ok`, `refused` (the door said no), `failed`, or `open`. */
  outcome: z.enum(["open", "ok", "refused", "failed"]),
  problem: z.string().nullable(),
  labels: labelsSchema,
});
export type LedgerRowJson = z.infer<typeof ledgerRowSchema>;

export const ledgerPageSchema = z.object({
  rows: z.array(ledgerRowSchema),
  next: z.string().nullable(),
  byHost: z.array(
    z.object({ host: z.string(), requests: z.number().int(), bytesOut: z.number().int(), bytesIn: z.number().int() }),
  ),
  localOnly: z.boolean(),
  /** Exact origins that the owner listed as reachable although they are private. */
  listedOrigins: z.array(z.string()),
});

export const checkSchema = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(["ok", "warning", "failed"]),
  message: z.string(),
  /** What to do about it; empty when there is nothing to do. */
  next: z.string(),
});
export const doctorSchema = z.object({ checks: z.array(checkSchema) });
export type CheckJson = z.infer<typeof checkSchema>;

/** For every layer: what it runs on, and who could switch it off. */
export const layerSchema = z.object({
  layer: z.string(),
  runsOn: z.string(),
  canBeStoppedBy: z.string(),
  owned: z.boolean(),
});
export const sovereigntySchema = z.object({ layers: z.array(layerSchema) });

export const activityRoutes = {
  "activity.ledger": route({
    method: "GET",
    path: "/api/v1/activity",
    summary: "What left my house",
    access: "read",
    query: pageQuerySchema,
    response: ledgerPageSchema,
  }),
  "activity.local-only": route({
    method: "PUT",
    path: "/api/v1/activity/local-only",
    summary: "Shut the door for everything outside",
    access: "owner",
    body: z.object({ on: z.boolean() }),
    response: okSchema,
  }),
  "activity.sovereignty": route({
    method: "GET",
    path: "/api/v1/activity/sovereignty",
    summary: "Who could switch each layer off",
    access: "read",
    response: sovereigntySchema,
  }),
  "halt.get": route({
    method: "GET",
    path: "/api/v1/halt",
    summary: "Whether everything is stopped",
    access: "read",
    response: z.object({ halted: z.boolean() }),
  }),
  "halt.set": route({
    method: "PUT",
    path: "/api/v1/halt",
    summary: "Stop every run between two steps, or go on",
    access: "owner",
    body: z.object({ halted: z.boolean() }),
    response: z.object({ halted: z.boolean() }),
  }),
  "doctor.get": route({
    method: "GET",
    path: "/api/v1/doctor",
    summary: "Checks of this installation",
    access: "read",
    response: doctorSchema,
  }),
} as const;
