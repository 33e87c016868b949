import { z } from "zod";
import { idSchema, labelsSchema, localitySchema, moneySchema, timeSchema, verdictSchema } from "./common.ts";

/**
 * What a run sends over SSE: AG-UI 1.0 events (https://docs.ag-ui.com), and `CUSTOM` events of our own
 * for verdicts, approvals, receipts and usage. The SSE `id` is `seq`, or `seq.n` for the n-th delta of the
 * inference that `seq` started; `Last-Event-ID` resumes from there.
 */
const base = { timestamp: z.number().optional() };

export const approvalCardSchema = z.object({
  id: idSchema,
  runId: idSchema,
  threadId: idSchema,
  kind: z.enum(["tool", "payment", "unknown-outcome"]),
  state: z.enum(["waiting", "allowed", "denied", "expired", "withdrawn"]),
  /** In the owner's words: `Pay 127.0.0.1:4021`, `Write a file with files`. Never a server's own text. */
  title: z.string(),
  /** The tool or built-in that wants it, and its canonical arguments. */
  tool: z.object({ name: z.string(), server: z.string().nullable(), arguments: z.record(z.string(), z.json()) }),
  payment: z
    .object({
      amount: moneySchema,
      payee: z.string(),
      origin: z.string(),
      network: z.string(),
      description: z.string(),
      /** What is left of the tightest matching budget before this payment. */
      remaining: moneySchema.nullable(),
      budget: z.string().nullable(),
      firstPayment: z.boolean(),
    })
    .nullable(),
  /** Why it asks, from the policy. */
  reason: z.string(),
  ruleId: z.string(),
  labels: labelsSchema,
  /** A decision is bound to this hash of the canonical arguments or terms. */
  argumentsHash: z.string(),
  createdAt: timeSchema,
  expiresAt: timeSchema,
  decidedAt: timeSchema.nullable(),
  /** Rules that the owner may make with the decision. */
  offers: z.array(z.enum(["allow-tool-on-server", "allow-payee"])),
});
export type ApprovalCard = z.infer<typeof approvalCardSchema>;

export const receiptSchema = z.object({
  intentId: idSchema,
  state: z.enum([
    "planned",
    "reserved",
    "authorized",
    "sent",
    "settled",
    "delivered",
    "refused",
    "failed",
    "unknown",
    "paid_not_delivered",
  ]),
  rail: z.enum(["x402", "l402"]),
  amount: moneySchema,
  payee: z.string(),
  origin: z.string(),
  request: z.object({ method: z.string(), url: z.string() }),
  network: z.string(),
  /** Transaction hash or preimage, once there is one. */
  proof: z.string().nullable(),
  decidedBy: z.string(),
  at: timeSchema,
});
export type ReceiptJson = z.infer<typeof receiptSchema>;

export const customEvents = {
  "freehold.recall": z.object({
    arms: z.array(z.string()),
    items: z.array(z.object({ id: idSchema, score: z.number(), excerpt: z.string() })),
    missingVectors: z.number().int(),
  }),
  "freehold.inference": z.object({
    model: z.string(),
    label: z.string(),
    locality: localitySchema,
    demo: z.boolean(),
    plannedTokens: z.number().int(),
    contextWindow: z.number().int(),
    attempt: z.number().int(),
  }),
  "freehold.usage": z.object({
    promptTokens: z.number().int(),
    cachedTokens: z.number().int(),
    outputTokens: z.number().int(),
    engineMs: z.number(),
  }),
  "freehold.verdict": z.object({
    callId: z.string(),
    subject: z.enum(["tool", "payment"]),
    verdict: verdictSchema,
    ruleId: z.string(),
    reason: z.string(),
  }),
  "freehold.approval": approvalCardSchema,
  "freehold.call": z.object({
    callId: z.string(),
    try: z.number().int(),
    state: z.enum(["started", "payment-required", "ok", "error", "denied", "unknown"]),
    durationMs: z.number().nullable(),
    server: z.string().nullable(),
  }),
  "freehold.receipt": z.object({ callId: z.string(), receipt: receiptSchema }),
  "freehold.compacted": z.object({ turns: z.number().int(), tokens: z.number().int(), reason: z.string() }),
  /** The finished message as committed; a client shows exactly this from now on. */
  "freehold.turn": z.object({ turnId: idSchema, messageId: z.string() }),
  /** The run waits for the owner. */
  "freehold.waiting": z.object({ approvalId: idSchema }),
  "freehold.notice": z.object({ level: z.enum(["info", "warning", "error"]), code: z.string(), message: z.string() }),
} as const;
export type CustomEventName = keyof typeof customEvents;
export type CustomEventValue<N extends CustomEventName> = z.infer<(typeof customEvents)[N]>;

const custom = z.object({ ...base, type: z.literal("CUSTOM"), name: z.string(), value: z.unknown() });

export const runEventSchema = z.discriminatedUnion("type", [
  z.object({ ...base, type: z.literal("RUN_STARTED"), threadId: idSchema, runId: idSchema }),
  z.object({
    ...base,
    type: z.literal("RUN_FINISHED"),
    threadId: idSchema,
    runId: idSchema,
    result: z.object({ status: z.enum(["completed", "stopped"]) }).optional(),
  }),
  z.object({ ...base, type: z.literal("RUN_ERROR"), message: z.string(), code: z.string().optional() }),
  z.object({ ...base, type: z.literal("TEXT_MESSAGE_START"), messageId: z.string(), role: z.literal("assistant") }),
  z.object({ ...base, type: z.literal("TEXT_MESSAGE_CONTENT"), messageId: z.string(), delta: z.string() }),
  z.object({ ...base, type: z.literal("TEXT_MESSAGE_END"), messageId: z.string() }),
  z.object({
    ...base,
    type: z.literal("REASONING_MESSAGE_START"),
    messageId: z.string(),
    role: z.literal("reasoning"),
  }),
  z.object({ ...base, type: z.literal("REASONING_MESSAGE_CONTENT"), messageId: z.string(), delta: z.string() }),
  z.object({ ...base, type: z.literal("REASONING_MESSAGE_END"), messageId: z.string() }),
  z.object({
    ...base,
    type: z.literal("TOOL_CALL_START"),
    toolCallId: z.string(),
    toolCallName: z.string(),
    parentMessageId: z.string().optional(),
  }),
  z.object({ ...base, type: z.literal("TOOL_CALL_ARGS"), toolCallId: z.string(), delta: z.string() }),
  z.object({ ...base, type: z.literal("TOOL_CALL_END"), toolCallId: z.string() }),
  z.object({
    ...base,
    type: z.literal("TOOL_CALL_RESULT"),
    messageId: z.string(),
    toolCallId: z.string(),
    content: z.string(),
    role: z.literal("tool").optional(),
  }),
  custom,
]);
export type RunEvent = z.infer<typeof runEventSchema>;

/** One SSE frame's worth. */
export interface RunEventFrame {
  readonly id: string;
  readonly event: RunEvent;
}

/** The value of a CUSTOM event of the given name, or null when the event is another one. */
export function customValue<N extends CustomEventName>(event: RunEvent, name: N): CustomEventValue<N> | null {
  if (event.type !== "CUSTOM" || event.name !== name) return null;
  return customEvents[name].parse(event.value) as CustomEventValue<N>;
}
