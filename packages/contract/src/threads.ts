import { z } from "zod";
import { idSchema, labelsSchema, okSchema, pageQuerySchema, timeSchema } from "./common.ts";
import { forgetPreviewSchema } from "./memory.ts";
import { route } from "./route.ts";

export const turnPartSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("reasoning"), text: z.string() }),
  z.object({
    type: z.literal("tool-call"),
    callId: z.string(),
    name: z.string(),
    arguments: z.record(z.string(), z.json()),
  }),
  z.object({
    type: z.literal("tool-result"),
    callId: z.string(),
    name: z.string(),
    status: z.enum(["ok", "error", "denied", "unknown"]),
    text: z.string(),
  }),
]);
export type TurnPartJson = z.infer<typeof turnPartSchema>;

export const turnSchema = z.object({
  id: idSchema,
  threadId: idSchema,
  ordinal: z.number().int(),
  runId: idSchema.nullable(),
  author: z.enum(["owner", "assistant", "tool", "system"]),
  parts: z.array(turnPartSchema),
  labels: labelsSchema,
  at: timeSchema,
  forgotten: z.boolean(),
});
export type TurnJson = z.infer<typeof turnSchema>;

export const threadSchema = z.object({
  id: idSchema,
  title: z.string(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
  turns: z.number().int(),
  /** The run that is still going or waits for the owner. */
  activeRun: z.object({ id: idSchema, state: z.enum(["running", "waiting"]) }).nullable(),
});
export type ThreadJson = z.infer<typeof threadSchema>;

export const threadDetailSchema = z.object({
  thread: threadSchema,
  turns: z.array(turnSchema),
  /** Ids of the thread's runs, oldest first; their events carry verdicts, approvals, receipts and usage. */
  runs: z.array(idSchema),
});

export const newMessageSchema = z.object({
  text: z.string().min(1).max(200_000),
  /** Makes a retried POST harmless: the same key in the same thread returns the first run. */
  clientKey: z.string().min(8).max(100).optional(),
});

const byId = z.object({ id: idSchema });

export const threadsRoutes = {
  "threads.list": route({
    method: "GET",
    path: "/api/v1/threads",
    summary: "Threads, newest first",
    access: "chat",
    query: pageQuerySchema.extend({ search: z.string().max(200).optional() }),
    response: z.object({ threads: z.array(threadSchema), next: z.string().nullable() }),
  }),
  "threads.create": route({
    method: "POST",
    path: "/api/v1/threads",
    summary: "Start a thread",
    access: "chat",
    body: z.object({ title: z.string().trim().max(200).optional() }),
    response: threadSchema,
    status: 201,
  }),
  "threads.get": route({
    method: "GET",
    path: "/api/v1/threads/:id",
    summary: "A thread with its turns",
    access: "chat",
    params: byId,
    response: threadDetailSchema,
  }),
  "threads.rename": route({
    method: "PATCH",
    path: "/api/v1/threads/:id",
    summary: "Rename a thread",
    access: "chat",
    params: byId,
    body: z.object({ title: z.string().trim().min(1).max(200) }),
    response: threadSchema,
  }),
  "threads.forget": route({
    method: "DELETE",
    path: "/api/v1/threads/:id",
    summary: "Forget a thread and all that was derived from it",
    access: "owner",
    params: byId,
    response: forgetPreviewSchema,
  }),
  "messages.send": route({
    method: "POST",
    path: "/api/v1/threads/:id/messages",
    summary: "Say something; starts a run",
    access: "chat",
    params: byId,
    body: newMessageSchema,
    response: z.object({ runId: idSchema, turn: turnSchema }),
    status: 202,
  }),
  "runs.get": route({
    method: "GET",
    path: "/api/v1/runs/:id",
    summary: "A run's state",
    access: "chat",
    params: byId,
    response: z.object({
      id: idSchema,
      threadId: idSchema,
      state: z.enum(["queued", "running", "waiting", "completed", "failed", "stopped"]),
      error: z.object({ code: z.string(), message: z.string(), next: z.string() }).nullable(),
    }),
  }),
  "runs.stop": route({
    method: "POST",
    path: "/api/v1/runs/:id/stop",
    summary: "Stop a run",
    access: "chat",
    params: byId,
    response: okSchema,
  }),
  "runs.retry": route({
    method: "POST",
    path: "/api/v1/runs/:id/retry",
    summary: "Answer the same message again in a new run",
    access: "chat",
    params: byId,
    response: z.object({ runId: idSchema }),
    status: 202,
  }),
} as const;
