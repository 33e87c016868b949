import type { z } from "zod";
import { accountRoutes } from "./account.ts";
import { activityRoutes } from "./activity.ts";
import { approvalsRoutes } from "./approvals.ts";
import { memoryRoutes } from "./memory.ts";
import { modelsRoutes } from "./models.ts";
import type { Route } from "./route.ts";
import { threadsRoutes } from "./threads.ts";
import { toolsRoutes } from "./tools.ts";
import { walletRoutes } from "./wallet.ts";

/** Every JSON route of the HTTP API. `GET /api/v1/runs/:id/events` (SSE) stands beside them in the OpenAPI file. */
export const routes = {
  ...accountRoutes,
  ...threadsRoutes,
  ...approvalsRoutes,
  ...memoryRoutes,
  ...toolsRoutes,
  ...walletRoutes,
  ...modelsRoutes,
  ...activityRoutes,
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;
type Part<
  N extends RouteName,
  K extends "params" | "query" | "body",
  IO extends "input" | "output",
> = (typeof routes)[N] extends { readonly [P in K]: infer S extends z.ZodType }
  ? IO extends "input"
    ? z.input<S>
    : z.output<S>
  : undefined;

/** What a caller gives; parts that a route lacks are absent. */
export type RouteInput<N extends RouteName> = {
  [K in "params" | "query" | "body" as Part<N, K, "input"> extends undefined ? never : K]: Part<N, K, "input">;
};
/** What a handler receives, parsed. */
export type RouteRequest<N extends RouteName> = {
  [K in "params" | "query" | "body" as Part<N, K, "output"> extends undefined ? never : K]: Part<N, K, "output">;
};
export type RouteResponse<N extends RouteName> = z.output<(typeof routes)[N]["response"]>;
/** What a handler returns, before it is serialized. */
export type RouteResult<N extends RouteName> = z.input<(typeof routes)[N]["response"]>;
