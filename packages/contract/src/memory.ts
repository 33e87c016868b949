import { z } from "zod";
import { idSchema, labelsSchema, okSchema, pageQuerySchema, timeSchema } from "./common.ts";
import { route } from "./route.ts";

export const blockSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  text: z.string().max(8_000),
  version: z.number().int(),
  updatedAt: timeSchema,
  labels: labelsSchema,
});
export type BlockJson = z.infer<typeof blockSchema>;

export const putBlockSchema = z.object({
  text: z.string().max(8_000),
  /** The version that was edited; another one now is a conflict, and nothing is overwritten. 0 makes a new block. */
  version: z.number().int().min(0),
});

export const memoryItemSchema = z.object({
  id: idSchema,
  kind: z.enum(["turn", "note"]),
  threadId: idSchema.nullable(),
  threadTitle: z.string().nullable(),
  author: z.enum(["owner", "assistant", "tool", "system"]),
  text: z.string(),
  at: timeSchema,
  labels: labelsSchema,
});
export type MemoryItemJson = z.infer<typeof memoryItemSchema>;

export const memoryHitSchema = z.object({
  item: memoryItemSchema,
  score: z.number(),
  /** Parts of the score; they add up to it. */
  arms: z.object({
    text: z.number(),
    meaning: z.number(),
    neighbours: z.number(),
    session: z.number(),
  }),
});
export type MemoryHitJson = z.infer<typeof memoryHitSchema>;

export const memorySearchSchema = z.object({
  hits: z.array(memoryHitSchema),
  /** Arms that ran, and vectors that are still to be made: nothing degrades silently. */
  ran: z.array(z.string()),
  missingVectors: z.number().int(),
});

export const memoryStatsSchema = z.object({
  turns: z.number().int(),
  notes: z.number().int(),
  threads: z.number().int(),
  vectors: z.number().int(),
  missingVectors: z.number().int(),
  embedder: z.string().nullable(),
  bytes: z.number().int(),
});

export const forgetSchema = z.object({ ids: z.array(idSchema).min(1).max(500) });
export const forgetPreviewSchema = z.object({
  turns: z.number().int(),
  notes: z.number().int(),
  postings: z.number().int(),
  vectors: z.number().int(),
});

export const memoryRoutes = {
  "memory.search": route({
    method: "GET",
    path: "/api/v1/memory/search",
    summary: "Search memory, with the score explained",
    access: "memory",
    query: z.object({ q: z.string().min(1).max(500), limit: z.coerce.number().int().min(1).max(100).default(20) }),
    response: memorySearchSchema,
  }),
  "memory.timeline": route({
    method: "GET",
    path: "/api/v1/memory",
    summary: "Memory by time, newest first",
    access: "memory",
    query: pageQuerySchema,
    response: z.object({ items: z.array(memoryItemSchema), next: z.string().nullable() }),
  }),
  "memory.stats": route({
    method: "GET",
    path: "/api/v1/memory/stats",
    summary: "How much is remembered",
    access: "memory",
    response: memoryStatsSchema,
  }),
  "memory.forget.preview": route({
    method: "POST",
    path: "/api/v1/memory/forget/preview",
    summary: "What forgetting would remove",
    access: "owner",
    body: forgetSchema,
    response: forgetPreviewSchema,
  }),
  "memory.forget": route({
    method: "POST",
    path: "/api/v1/memory/forget",
    summary: "Forget items for good",
    access: "owner",
    body: forgetSchema,
    response: forgetPreviewSchema,
  }),
  "memory.remember": route({
    method: "POST",
    path: "/api/v1/memory/notes",
    summary: "Remember a note",
    access: "memory",
    body: z.object({ text: z.string().trim().min(1).max(8_000) }),
    response: memoryItemSchema,
    status: 201,
  }),
  "blocks.list": route({
    method: "GET",
    path: "/api/v1/memory/blocks",
    summary: "Pinned blocks",
    access: "memory",
    response: z.object({ blocks: z.array(blockSchema) }),
  }),
  "blocks.put": route({
    method: "PUT",
    path: "/api/v1/memory/blocks/:name",
    summary: "Write a pinned block",
    access: "owner",
    params: z.object({ name: blockSchema.shape.name }),
    body: putBlockSchema,
    response: blockSchema,
  }),
  "blocks.remove": route({
    method: "DELETE",
    path: "/api/v1/memory/blocks/:name",
    summary: "Remove a pinned block",
    access: "owner",
    params: z.object({ name: blockSchema.shape.name }),
    response: okSchema,
  }),
} as const;
