import { z } from "zod";
import { okSchema, timeSchema } from "./common.ts";
import { route, tokenScopes } from "./route.ts";

export const setupStateSchema = z.object({
  /** False until the one owner exists. */
  owned: z.boolean(),
  signedIn: z.boolean(),
  version: z.string(),
  /** `embedded` (PGlite) or `postgres`. */
  database: z.enum(["embedded", "postgres"]),
});

export const setupSchema = z.object({
  code: z.string().min(4).max(40),
  name: z.string().trim().min(1).max(80),
  password: z.string().min(10).max(200),
});
export const loginSchema = z.object({
  password: z.string().min(1).max(200),
  /** Six digits when TOTP is on. */
  totp: z
    .string()
    .regex(/^\d{6}$/)
    .optional(),
});
export const ownerSchema = z.object({ name: z.string(), totp: z.boolean(), createdAt: timeSchema });

export const sessionSchema = z.object({
  id: z.string(),
  createdAt: timeSchema,
  lastSeenAt: timeSchema,
  userAgent: z.string(),
  current: z.boolean(),
});

export const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(tokenScopes)),
  createdAt: timeSchema,
  lastUsedAt: timeSchema.nullable(),
});
export const newTokenSchema = z.object({
  name: z.string().trim().min(1).max(80),
  scopes: z.array(z.enum(tokenScopes)).min(1),
});

/** What a phone needs to pair: addresses, and the authority to trust once. Null fields when not started with `--lan`. */
export const lanSchema = z.object({
  enabled: z.boolean(),
  urls: z.array(z.string()),
  certificateUrl: z.string().nullable(),
  fingerprint: z.string().nullable(),
  /** SVG of a QR code that holds the first url. */
  qrSvg: z.string().nullable(),
});

export const accountRoutes = {
  "setup.state": route({
    method: "GET",
    path: "/api/v1/setup",
    summary: "Whether this house has an owner",
    access: "public",
    response: setupStateSchema,
  }),
  "setup.claim": route({
    method: "POST",
    path: "/api/v1/setup",
    summary: "Become the owner with the one-time setup code",
    access: "public",
    body: setupSchema,
    response: ownerSchema,
    status: 201,
  }),
  "session.login": route({
    method: "POST",
    path: "/api/v1/session",
    summary: "Sign in",
    access: "public",
    body: loginSchema,
    response: ownerSchema,
  }),
  "session.logout": route({
    method: "DELETE",
    path: "/api/v1/session",
    summary: "Sign out",
    access: "owner",
    response: okSchema,
  }),
  "owner.get": route({
    method: "GET",
    path: "/api/v1/owner",
    summary: "The owner",
    access: "owner",
    response: ownerSchema,
  }),
  "owner.sessions": route({
    method: "GET",
    path: "/api/v1/owner/sessions",
    summary: "Signed-in browsers",
    access: "owner",
    response: z.object({ sessions: z.array(sessionSchema) }),
  }),
  "owner.sessions.end": route({
    method: "DELETE",
    path: "/api/v1/owner/sessions/:id",
    summary: "Sign a browser out",
    access: "owner",
    params: z.object({ id: z.string() }),
    response: okSchema,
  }),
  "owner.totp.start": route({
    method: "POST",
    path: "/api/v1/owner/totp",
    summary: "Begin a second factor",
    access: "owner",
    response: z.object({ uri: z.string(), secret: z.string(), qrSvg: z.string() }),
  }),
  "owner.totp.confirm": route({
    method: "PUT",
    path: "/api/v1/owner/totp",
    summary: "Confirm the second factor",
    access: "owner",
    body: z.object({ totp: z.string() }),
    response: ownerSchema,
  }),
  "owner.totp.remove": route({
    method: "DELETE",
    path: "/api/v1/owner/totp",
    summary: "Remove the second factor",
    access: "owner",
    body: z.object({ password: z.string() }),
    response: ownerSchema,
  }),
  "owner.password": route({
    method: "PUT",
    path: "/api/v1/owner/password",
    summary: "Change the password; ends other sessions",
    access: "owner",
    body: z.object({ current: z.string(), password: z.string().min(10).max(200) }),
    response: okSchema,
  }),
  "tokens.list": route({
    method: "GET",
    path: "/api/v1/tokens",
    summary: "API tokens",
    access: "owner",
    response: z.object({ tokens: z.array(tokenSchema) }),
  }),
  "tokens.create": route({
    method: "POST",
    path: "/api/v1/tokens",
    summary: "Make an API token; shown once",
    access: "owner",
    body: newTokenSchema,
    response: z.object({ token: tokenSchema, secret: z.string() }),
    status: 201,
  }),
  "tokens.revoke": route({
    method: "DELETE",
    path: "/api/v1/tokens/:id",
    summary: "Revoke an API token",
    access: "owner",
    params: z.object({ id: z.string() }),
    response: okSchema,
  }),
  "lan.get": route({
    method: "GET",
    path: "/api/v1/lan",
    summary: "How a phone reaches this house",
    access: "owner",
    response: lanSchema,
  }),
} as const;
