import { z } from "zod";
import { authorSchema, confidentialitySchema, integritySchema, partsSchema } from "../store/turn-row.ts";

const labelsSchema = z.object({
  integrity: integritySchema,
  confidentiality: confidentialitySchema,
  origins: z.array(z.string()),
});

/** One line of an export. `version` is raised when an older reader could misread a line. */
export const lineSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("freehold-memory"), version: z.literal(1) }),
  z.object({
    type: z.literal("thread"),
    id: z.uuid(),
    title: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    archived: z.boolean(),
  }),
  z.object({
    type: z.enum(["turn", "note"]),
    id: z.uuid(),
    /** Null for notes. */
    threadId: z.uuid().nullable(),
    runId: z.uuid().nullable(),
    sourceTurnId: z.uuid().nullable(),
    author: authorSchema,
    parts: partsSchema,
    labels: labelsSchema,
    at: z.iso.datetime(),
  }),
  z.object({
    type: z.literal("block"),
    name: z.string(),
    text: z.string(),
    position: z.number().int(),
    updatedBy: z.enum(["owner", "assistant"]),
    labels: labelsSchema,
  }),
]);

export type Line = z.infer<typeof lineSchema>;
export type TurnLine = Extract<Line, { readonly parts: unknown }>;
