import { z } from "zod";
import { idSchema, okSchema } from "./common.ts";
import { approvalCardSchema } from "./events.ts";
import { route } from "./route.ts";

const byId = z.object({ id: idSchema });

export const approvalsRoutes = {
  "approvals.list": route({
    method: "GET",
    path: "/api/v1/approvals",
    summary: "What waits for the owner, and what was decided",
    access: "owner",
    query: z.object({ state: z.enum(["waiting", "decided"]).default("waiting") }),
    response: z.object({ approvals: z.array(approvalCardSchema) }),
  }),
  "approvals.decide": route({
    method: "POST",
    path: "/api/v1/approvals/:id",
    summary: "Allow or deny; bound to the hash that was shown",
    access: "owner",
    params: byId,
    body: z.object({
      decision: z.enum(["allow", "deny"]),
      argumentsHash: z.string(),
      rule: z.enum(["allow-tool-on-server", "allow-payee"]).optional(),
    }),
    response: approvalCardSchema,
  }),
  "rules.list": route({
    method: "GET",
    path: "/api/v1/rules",
    summary: "Standing rules",
    access: "owner",
    response: z.object({
      rules: z.array(
        z.object({
          id: idSchema,
          kind: z.enum(["allow-tool-on-server", "allow-payee"]),
          subject: z.string(),
          createdAt: z.iso.datetime(),
        }),
      ),
    }),
  }),
  "rules.remove": route({
    method: "DELETE",
    path: "/api/v1/rules/:id",
    summary: "Take a standing rule back",
    access: "owner",
    params: byId,
    response: okSchema,
  }),
} as const;
