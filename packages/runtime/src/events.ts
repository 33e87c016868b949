import { type Labels, type RunId, FreeholdError } from "@freehold/core";
import { z } from "zod";
import { runtimeErrors } from "./errors.ts";
import {
  errorJsonSchema,
  intentIdSchema,
  moneySchema,
  quoteSchema,
  runIdSchema,
  threadIdSchema,
  timeSchema,
  turnIdSchema,
} from "./event-parts.ts";

const callId = z.string();
const usageSchema = z.object({
  promptTokens: z.number(),
  cachedTokens: z.number(),
  outputTokens: z.number(),
  engineMs: z.number(),
});

/**
 * The log of a run: what was decided, what was started, what came of it. Text is not in it; messages and tool results
 * are turns, referred to by id. `v` is the version of the shape, so that every later program can read old logs.
 */
export const eventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("run.created"),
    v: z.literal(1),
    threadId: threadIdSchema,
    userTurnId: turnIdSchema,
    /** The owner is there to answer questions. */
    attended: z.boolean(),
    /** Earlier answers to the same message, which this run answers again. */
    retries: z.array(runIdSchema),
    /** Turns of the thread before this ordinal left the prompt in an earlier run; 0 when none did. */
    compactedBefore: z.number().int(),
  }),
  z.object({ type: z.literal("lease.taken"), v: z.literal(1), lease: z.number().int() }),
  z.object({
    type: z.literal("recall.done"),
    v: z.literal(1),
    items: z.array(z.object({ id: turnIdSchema, score: z.number() })),
    arms: z.array(z.string()),
    missingVectors: z.number().int(),
    /** The tools of this run, fixed before anything untrusted was read. */
    tools: z.array(z.object({ name: z.string(), hash: z.string() })),
  }),
  z.object({
    type: z.literal("infer.started"),
    v: z.literal(1),
    /** Id of the turn that this becomes. */
    messageId: turnIdSchema,
    attempt: z.number().int(),
    /** The message of an attempt that died or failed; what was shown of it is void. */
    replaces: turnIdSchema.nullable(),
    model: z.object({
      id: z.string(),
      label: z.string(),
      locality: z.enum(["this-machine", "my-machines", "rented", "vendor"]),
      demo: z.boolean(),
    }),
    plannedTokens: z.number().int(),
    contextWindow: z.number().int(),
    maxTokens: z.number().int(),
  }),
  z.object({
    type: z.literal("infer.ended"),
    v: z.literal(1),
    /** `seq` of its `infer.started`. */
    start: z.number().int(),
    outcome: z.enum(["answered", "failed", "stopped"]),
    /** The assistant's turn first; null where nothing was kept. */
    turnId: turnIdSchema.nullable(),
    /** Notes to the model about calls that could not be used. */
    noteIds: z.array(turnIdSchema),
    finish: z.enum(["stop", "length", "tool-calls"]).nullable(),
    usage: usageSchema.nullable(),
    calls: z.array(z.object({ callId, name: z.string() })),
    /** One sentence per call that could not be used. */
    bad: z.array(z.string()),
    error: errorJsonSchema.nullable(),
    /** When a failed attempt is repeated; null when it is not. */
    retryAt: timeSchema.nullable(),
  }),
  z.object({
    type: z.literal("call.gated"),
    v: z.literal(1),
    callId,
    subject: z.enum(["tool", "payment"]),
    verdict: z.enum(["allow", "ask", "deny"]),
    ruleId: z.string(),
    reason: z.string(),
    hash: z.string(),
  }),
  z.object({
    type: z.literal("approval.asked"),
    v: z.literal(1),
    approvalId: z.uuid(),
    callId,
    kind: z.enum(["tool", "payment", "unknown-outcome"]),
    hash: z.string(),
    expiresAt: timeSchema,
  }),
  z.object({
    type: z.literal("approval.decided"),
    v: z.literal(1),
    approvalId: z.uuid(),
    callId,
    decision: z.enum(["allowed", "denied", "expired", "withdrawn"]),
  }),
  z.object({
    type: z.literal("call.started"),
    v: z.literal(1),
    callId,
    try: z.number().int(),
    intentId: intentIdSchema.nullable(),
  }),
  z.object({
    type: z.literal("call.ended"),
    v: z.literal(1),
    callId,
    try: z.number().int(),
    /** `unconfirmed`: nobody knows whether it happened, and the owner is asked; `unknown`: and it stays so. */
    outcome: z.enum(["ok", "error", "denied", "payment_required", "unconfirmed", "unknown"]),
    turnId: turnIdSchema.nullable(),
    durationMs: z.number().nullable(),
    server: z.string().nullable(),
    reason: z.string().nullable(),
  }),
  z.object({
    type: z.literal("payment.quoted"),
    v: z.literal(1),
    callId,
    key: z.string(),
    quote: quoteSchema,
    requestedMax: moneySchema.nullable(),
  }),
  z.object({
    type: z.literal("payment.reserved"),
    v: z.literal(1),
    callId,
    key: z.string(),
    intentId: intentIdSchema,
  }),
  z.object({ type: z.literal("payment.authorized"), v: z.literal(1), callId, intentId: intentIdSchema }),
  z.object({
    type: z.literal("payment.ended"),
    v: z.literal(1),
    callId,
    intentId: intentIdSchema.nullable(),
    /** `expired`: the quote ran out before anything was authorized; a new one is asked for. */
    outcome: z.enum(["delivered", "paid_not_delivered", "failed", "released", "refused", "unknown", "expired"]),
    reason: z.string(),
  }),
  z.object({
    type: z.literal("compacted"),
    v: z.literal(1),
    beforeOrdinal: z.number().int(),
    turns: z.number().int(),
    /** Prompt tokens before. */
    tokens: z.number().int(),
    /** What recall found had to leave the prompt, too. */
    withoutRecall: z.boolean(),
    reason: z.string(),
  }),
  z.object({ type: z.literal("stop.requested"), v: z.literal(1) }),
  z.object({
    type: z.literal("run.waiting"),
    v: z.literal(1),
    reason: z.enum(["retry", "payment", "halted"]),
    callId: callId.nullable(),
    until: timeSchema,
  }),
  z.object({
    type: z.literal("run.finished"),
    v: z.literal(1),
    status: z.enum(["completed", "failed", "stopped"]),
    error: errorJsonSchema.nullable(),
  }),
]);

export type RunEvent = z.output<typeof eventSchema>;
export type RunEventInput = z.input<typeof eventSchema>;
export type RunEventType = RunEvent["type"];
export type EventOf<T extends RunEventType> = Extract<RunEvent, { type: T }>;

/** An event as it stands in the log. */
export interface LoggedEvent {
  readonly runId: RunId;
  /** From 1, without gaps. */
  readonly seq: number;
  readonly at: Date;
  readonly labels: Labels;
  readonly event: RunEvent;
}

/** An event about to be appended. */
export interface NewEvent {
  readonly event: RunEventInput;
  readonly labels: Labels;
}

/** Throws `RUN_LOG_INVALID` for what this program cannot read. */
export function parseEvent(runId: RunId, seq: number, json: unknown): RunEvent {
  const parsed = eventSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new FreeholdError(runtimeErrors.RUN_LOG_INVALID, { runId, seq, problem: z.prettifyError(parsed.error) });
}
