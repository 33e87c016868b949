import { errorSchema, type ErrorBody } from "./common.ts";
import { runEventSchema, type RunEventFrame } from "./events.ts";
import { routes, type RouteInput, type RouteName, type RouteResponse } from "./routes.ts";

/** An answer with status 400 or more, or no answer at all (`NO_ANSWER`). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly next: string;
  readonly data: ErrorBody["error"]["data"];

  constructor(status: number, error: ErrorBody["error"], options?: ErrorOptions) {
    super(error.message, options);
    this.name = "ApiError";
    this.status = status;
    this.code = error.code;
    this.next = error.next;
    this.data = error.data;
  }
}

export interface ClientOptions {
  /** Origin of the agent; empty for the page's own. */
  readonly base: string;
  readonly fetch: typeof globalThis.fetch;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Client {
  call<N extends RouteName>(name: N, input: RouteInput<N>, signal?: AbortSignal): Promise<RouteResponse<N>>;
  /** Follows a run until it ends. `after` is the id of the last frame that was seen. */
  events(runId: string, after?: string, signal?: AbortSignal): AsyncGenerator<RunEventFrame>;
}

interface LooseInput {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

function address(path: string, input: LooseInput): string {
  const filled = path.replace(/:([a-z]+)/gi, (_, key: string) => encodeURIComponent(String(input.params?.[key] ?? "")));
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined) query.set(key, String(value));
  }
  return query.size === 0 ? filled : `${filled}?${query}`;
}

async function failure(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    return new ApiError(response.status, errorSchema.parse(JSON.parse(text)).error);
  } catch (cause) {
    const message = `The answer had status ${response.status} and no error text.`;
    const next = "Look at the agent's log.";
    return new ApiError(response.status, { code: "BAD_ANSWER", message, next, data: {} }, { cause });
  }
}

/** A typed client over the route table; used by the web page and the command line. */
export function createClient(options: ClientOptions): Client {
  async function send(url: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await options.fetch(options.base + url, init);
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
      const error = { code: "NO_ANSWER", message: "The agent does not answer.", next: "Check that it runs.", data: {} };
      throw new ApiError(0, error, { cause });
    }
    if (!response.ok) throw await failure(response);
    return response;
  }

  return {
    async call(name, input, signal) {
      const route = routes[name];
      const loose: LooseInput = input;
      const headers: Record<string, string> = { accept: "application/json", ...options.headers };
      if (loose.body !== undefined) headers["content-type"] = "application/json";
      const response = await send(address(route.path, loose), {
        method: route.method,
        headers,
        ...(loose.body === undefined ? {} : { body: JSON.stringify(loose.body) }),
        ...(signal === undefined ? {} : { signal }),
      });
      return route.response.parse(await response.json()) as RouteResponse<typeof name>;
    },

    async *events(runId, after, signal) {
      const headers: Record<string, string> = { accept: "text/event-stream", ...options.headers };
      if (after !== undefined) headers["last-event-id"] = after;
      const response = await send(`/api/v1/runs/${runId}/events`, {
        headers,
        ...(signal === undefined ? {} : { signal }),
      });
      if (response.body === null) return;
      yield* readFrames(response.body);
    },
  };
}

/** Parses `text/event-stream` (WHATWG HTML section 9.2); comments keep the line open and are dropped. */
async function* readFrames(body: ReadableStream<Uint8Array>): AsyncGenerator<RunEventFrame> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let buffer = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      buffer += decoder.decode(value, { stream: true });
      const blocks = buffer.split("\n\n");
      buffer = blocks.pop() ?? "";
      for (const block of blocks) {
        const frame = parseFrame(block);
        if (frame !== null) yield frame;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parseFrame(block: string): RunEventFrame | null {
  let id = "";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("id:")) id = line.slice(3).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
  }
  if (data.length === 0) return null;
  return { id, event: runEventSchema.parse(JSON.parse(data.join("\n"))) };
}
