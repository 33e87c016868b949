import { describeError, FreeholdError, isFreeholdError, type Clock, type Fetch } from "@freehold/core";
import { readEngineProblem, toModelError } from "./engine-problem.ts";
import { modelsErrors } from "./errors.ts";

export interface EngineFetchOptions {
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Shown in errors. */
  readonly engine: string;
  readonly model: string;
  readonly signal?: AbortSignal | undefined;
  /** Sent as a bearer token; without one no authorization is sent at all. */
  readonly key?: string | null;
}

/** Waits between tries in ms when an engine is busy or still loading: about eight seconds together. */
const backoff = [250, 500, 1_000, 2_000, 4_000];

/**
 * A `fetch` for engines' clients that throws the errors of this room: statuses other than 2xx never reach the client,
 * a busy engine is asked again, a dead one says so.
 */
export function engineFetch(options: EngineFetchOptions): Fetch {
  return async (input, init) => {
    for (let tries = 1; ; tries += 1) {
      const response = await send(options, input, init);
      if (response.ok) return response;
      const { engine, model, clock } = options;
      const body = await response.text();
      const pause = backoff[tries - 1];
      if (response.status !== 503)
        throw toModelError(readEngineProblem(body), { engine, model, status: response.status });
      if (pause === undefined) throw new FreeholdError(modelsErrors.MODEL_BUSY, { engine, tries });
      await clock.sleep(pause, joinSignals(options.signal, init?.signal));
    }
  };
}

async function send(
  options: EngineFetchOptions,
  input: Parameters<Fetch>[0],
  init: RequestInit | undefined,
): Promise<Response> {
  const headers = new Headers(init?.headers);
  headers.delete("authorization");
  if (options.key !== undefined && options.key !== null) headers.set("authorization", `Bearer ${options.key}`);
  const signal = joinSignals(options.signal, init?.signal);
  try {
    return await options.fetch(input, { ...init, headers, ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    // The door has words of its own for a dead address; its refusals stand as they are.
    const dead = isFreeholdError(error, "EGRESS_UNREACHABLE") || isFreeholdError(error, "EGRESS_TIMEOUT");
    if (signal?.aborted === true || (isFreeholdError(error) && !dead)) throw error;
    const data = { engine: options.engine, problem: rootOf(error) };
    throw new FreeholdError(modelsErrors.MODEL_UNREACHABLE, data, { cause: error });
  }
}

function joinSignals(...signals: readonly (AbortSignal | null | undefined)[]): AbortSignal | undefined {
  const present = signals.filter((signal) => signal !== null && signal !== undefined);
  return present.length === 0 ? undefined : AbortSignal.any(present);
}

/** "fetch failed" says nothing; what it was caused by does. */
function rootOf(error: unknown): string {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  return describeError(root);
}
