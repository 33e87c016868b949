import { z } from "zod";
import { localitySchema } from "./common.ts";
import { route } from "./route.ts";

export const modelSchema = z.object({
  id: z.string(),
  label: z.string(),
  provider: z.enum(["ollama", "openai", "embedded", "demo"]),
  locality: localitySchema,
  demo: z.boolean(),
  selected: z.boolean(),
  sizeBytes: z.number().nullable(),
  contextWindow: z.number().int().nullable(),
  tools: z.boolean().nullable(),
  problem: z.object({ code: z.string(), message: z.string(), next: z.string() }).nullable(),
});
export type ModelJson = z.infer<typeof modelSchema>;

export const modelsPageSchema = z.object({
  models: z.array(modelSchema),
  providers: z.array(
    z.object({
      provider: z.enum(["ollama", "openai", "embedded", "demo"]),
      address: z.string().nullable(),
      state: z.enum(["ready", "absent", "failed"]),
      message: z.string().nullable(),
      next: z.string().nullable(),
    }),
  ),
  /** Prompts that the current model offers on an empty chat. */
  examples: z.array(z.object({ label: z.string(), prompt: z.string() })),
  hardware: z.object({
    cpu: z.string(),
    cores: z.number().int(),
    memoryBytes: z.number(),
    freeDiskBytes: z.number().nullable(),
  }),
  embedder: z.string().nullable(),
});
export const selectModelSchema = z.object({ id: z.string() });

export const modelsRoutes = {
  "models.list": route({
    method: "GET",
    path: "/api/v1/models",
    summary: "Models, providers, hardware",
    access: "read",
    query: z.object({ refresh: z.stringbool().optional() }),
    response: modelsPageSchema,
  }),
  "models.select": route({
    method: "PUT",
    path: "/api/v1/models/selected",
    summary: "Switch the model, without a restart",
    access: "owner",
    body: selectModelSchema,
    response: modelSchema,
  }),
} as const;
