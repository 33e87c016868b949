import { ApiError, type RouteName, type RouteRequest, type RouteResult } from "@freehold/contract";

export type Handlers = { readonly [N in RouteName]: (request: RouteRequest<N>) => RouteResult<N> };
export const ok = { ok: true } as const;

export function refuse(status: number, code: string, message: string, next: string): ApiError {
  return new ApiError(status, { code, message, next, data: {} });
}

export function found<T>(value: T | undefined): T {
  if (value === undefined) throw refuse(404, "NOT_FOUND", "That is not here any more.", "Go back to the list.");
  return value;
}

export type Some<N extends RouteName> = Pick<Handlers, N>;
