import { z } from "zod";

/** What crosses between the service and the process that holds the weights. Both sides parse what they get. */

const toolCallSchema = z.object({ callId: z.string(), name: z.string(), arguments: z.record(z.string(), z.json()) });

const messageSchema = z.discriminatedUnion("role", [
  z.object({ role: z.enum(["system", "user"]), content: z.string() }),
  z.object({ role: z.literal("assistant"), content: z.string(), toolCalls: z.array(toolCallSchema) }),
  z.object({ role: z.literal("tool"), callId: z.string(), name: z.string(), content: z.string() }),
]);

const toolSchema = z.object({
  name: z.string(),
  description: z.string(),
  inputSchema: z.record(z.string(), z.json()),
});

const promptSchema = z.object({ messages: z.array(messageSchema), tools: z.array(toolSchema) });
export type Prompt = z.infer<typeof promptSchema>;

export const commandSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("load"),
    id: z.number(),
    path: z.string(),
    contextTokens: z.number(),
    threads: z.number(),
  }),
  z.object({ type: z.literal("count"), id: z.number(), prompt: promptSchema }),
  z.object({
    type: z.literal("generate"),
    id: z.number(),
    prompt: promptSchema,
    maxTokens: z.number(),
    schema: z.record(z.string(), z.json()).nullable(),
  }),
  z.object({ type: z.literal("abort"), id: z.number() }),
]);
export type Command = z.infer<typeof commandSchema>;

const usageSchema = z.object({
  promptTokens: z.number(),
  cachedTokens: z.number(),
  outputTokens: z.number(),
  engineMs: z.number(),
});

export const reportSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("loaded"), id: z.number(), contextTokens: z.number() }),
  z.object({ type: z.literal("counted"), id: z.number(), tokens: z.number() }),
  z.object({ type: z.literal("text"), id: z.number(), text: z.string() }),
  z.object({
    type: z.literal("finished"),
    id: z.number(),
    finish: z.enum(["stop", "length", "aborted"]),
    usage: usageSchema,
  }),
  z.object({ type: z.literal("too-long"), id: z.number(), promptTokens: z.number(), contextTokens: z.number() }),
  z.object({ type: z.literal("failed"), id: z.number(), problem: z.string() }),
]);
export type Report = z.infer<typeof reportSchema>;
