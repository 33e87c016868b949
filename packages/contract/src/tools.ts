import { z } from "zod";
import { idSchema, labelsSchema, okSchema, timeSchema } from "./common.ts";
import { route } from "./route.ts";

const schemaJson = z.record(z.string(), z.json());

export const effectsSchema = z.object({
  readOnly: z.boolean(),
  idempotent: z.boolean(),
  destructive: z.boolean(),
  openWorld: z.boolean(),
});

export const toolDefinitionSchema = z.object({
  name: z.string(),
  description: z.string(),
  inputSchema: schemaJson,
  effects: effectsSchema,
  hash: z.string(),
});
export type ToolDefinitionJson = z.infer<typeof toolDefinitionSchema>;

export const toolSchema = z.object({
  /** As the model sees it: `server__tool`, or a built-in's name. */
  name: z.string(),
  state: z.enum(["approved", "quarantined", "rejected", "gone"]),
  /** What was approved; null when it is new. */
  approved: toolDefinitionSchema.nullable(),
  /** What the server says now, when that differs. */
  offered: toolDefinitionSchema.nullable(),
});
export type ToolJson = z.infer<typeof toolSchema>;

export const sandboxSchema = z.object({
  kind: z.enum(["bubblewrap", "tool-runner", "none"]),
  available: z.boolean(),
  /** What is missing and the command that installs it. */
  hint: z.string().nullable(),
});

export const serverSchema = z.object({
  id: idSchema,
  slug: z.string(),
  title: z.string(),
  transport: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("stdio"),
      /** As the owner wrote it, and as it runs. */
      command: z.array(z.string()),
      resolved: z.array(z.string()),
      package: z.object({ name: z.string(), version: z.string(), integrity: z.string() }).nullable(),
    }),
    z.object({ kind: z.literal("http"), url: z.string() }),
  ]),
  enabled: z.boolean(),
  state: z.enum(["installing", "starting", "ready", "stopped", "failed"]),
  error: z.object({ code: z.string(), message: z.string(), next: z.string() }).nullable(),
  protocol: z.string().nullable(),
  /** The owner's word that this server's hints (read-only …) can be believed. */
  vetted: z.boolean(),
  sandboxed: z.boolean(),
  folders: z.array(z.object({ path: z.string(), writable: z.boolean() })),
  tools: z.array(toolSchema),
  labels: labelsSchema,
  addedAt: timeSchema,
});
export type ServerJson = z.infer<typeof serverSchema>;

export const proposeServerSchema = z.union([
  z.object({ command: z.string().min(1).max(4_000) }),
  z.object({ url: z.url() }),
  /** A Claude Desktop, VS Code or Goose configuration, as JSON text. */
  z.object({ config: z.string().min(2).max(100_000) }),
]);

/** What registering would do, before anything runs. */
export const serverProposalSchema = z.object({
  slug: z.string(),
  transport: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("stdio"),
      command: z.array(z.string()),
      package: z.object({ name: z.string(), version: z.string(), integrity: z.string() }).nullable(),
    }),
    z.object({ kind: z.literal("http"), url: z.string() }),
  ]),
  /** Names of environment variables that the configuration carried; their values are dropped unless given again. */
  environment: z.array(z.string()),
  sandbox: sandboxSchema,
  warnings: z.array(z.string()),
});
export type ServerProposalJson = z.infer<typeof serverProposalSchema>;

export const registerServerSchema = z.object({
  slug: z.string().regex(/^[a-z][a-z0-9-]{0,23}$/),
  transport: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("stdio"),
      command: z.array(z.string().max(4_000)).min(1).max(100),
      package: z.object({ name: z.string(), version: z.string(), integrity: z.string() }).nullable(),
    }),
    z.object({ kind: z.literal("http"), url: z.url() }),
  ]),
  folders: z
    .array(z.object({ path: z.string().min(1).max(1_000), writable: z.boolean() }))
    .max(10)
    .default([]),
  environment: z.record(z.string(), z.string().max(10_000)).default({}),
  vetted: z.boolean().default(false),
  /** The owner's word for a server that runs outside a sandbox. */
  unsandboxed: z.boolean().default(false),
});

export const decideToolSchema = z.object({
  name: z.string(),
  hash: z.string(),
  decision: z.enum(["approve", "reject"]),
});
export const updateServerSchema = z.object({ enabled: z.boolean().optional(), vetted: z.boolean().optional() });
export const tryToolSchema = z.object({ name: z.string(), arguments: z.record(z.string(), z.json()) });
export const tryToolResultSchema = z.object({
  status: z.enum(["ok", "error", "denied", "unknown"]),
  text: z.string(),
  durationMs: z.number(),
});
export const builtinSchema = z.object({
  name: z.string(),
  description: z.string(),
  inputSchema: schemaJson,
  effects: effectsSchema,
});
export const toolsPageSchema = z.object({
  builtins: z.array(builtinSchema),
  servers: z.array(serverSchema),
  sandbox: sandboxSchema,
});

const byId = z.object({ id: idSchema });

export const toolsRoutes = {
  "tools.list": route({
    method: "GET",
    path: "/api/v1/tools",
    summary: "Built-ins, servers and their tools",
    access: "tools",
    response: toolsPageSchema,
  }),
  "tools.try": route({
    method: "POST",
    path: "/api/v1/tools/try",
    summary: "Call one tool by hand",
    access: "owner",
    body: tryToolSchema,
    response: tryToolResultSchema,
  }),
  "servers.propose": route({
    method: "POST",
    path: "/api/v1/tools/servers/propose",
    summary: "What registering would do; runs nothing of the server",
    access: "owner",
    body: proposeServerSchema,
    response: z.object({ proposals: z.array(serverProposalSchema) }),
  }),
  "servers.register": route({
    method: "POST",
    path: "/api/v1/tools/servers",
    summary: "Install and start a tool server",
    access: "owner",
    body: registerServerSchema,
    response: serverSchema,
    status: 201,
  }),
  "servers.get": route({
    method: "GET",
    path: "/api/v1/tools/servers/:id",
    summary: "A tool server",
    access: "tools",
    params: byId,
    response: serverSchema,
  }),
  "servers.update": route({
    method: "PATCH",
    path: "/api/v1/tools/servers/:id",
    summary: "Switch on or off, vet",
    access: "owner",
    params: byId,
    body: updateServerSchema,
    response: serverSchema,
  }),
  "servers.restart": route({
    method: "POST",
    path: "/api/v1/tools/servers/:id/restart",
    summary: "Start again",
    access: "owner",
    params: byId,
    response: serverSchema,
  }),
  "servers.decide": route({
    method: "POST",
    path: "/api/v1/tools/servers/:id/definitions",
    summary: "Approve or reject a new or changed definition",
    access: "owner",
    params: byId,
    body: decideToolSchema,
    response: serverSchema,
  }),
  "servers.logs": route({
    method: "GET",
    path: "/api/v1/tools/servers/:id/logs",
    summary: "The server's own last lines",
    access: "owner",
    params: byId,
    response: z.object({ lines: z.array(z.string()) }),
  }),
  "servers.remove": route({
    method: "DELETE",
    path: "/api/v1/tools/servers/:id",
    summary: "Remove a tool server and its installed files",
    access: "owner",
    params: byId,
    response: okSchema,
  }),
} as const;
