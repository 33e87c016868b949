import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { ApiError, routes, type RouteName } from "@freehold/contract";
import { refuse, type Handlers } from "./fixture-answers.ts";
import { createHandlers } from "./fixture-handlers.ts";
import { framesAfter, type Run } from "./fixture-runs.ts";
import { lived, type World } from "./fixture-world.ts";

/** The policy that the page is written for; the agent sends the same. */
export const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const dist = fileURLToPath(new URL("../../apps/web/dist/", import.meta.url));
const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};

export interface Fixture {
  readonly url: string;
  readonly world: World;
  readonly runs: Map<string, Run>;
  /** Routes that answer with an error until taken out. */
  readonly failing: Set<RouteName>;
  /** Routes that never answer. */
  readonly hanging: Set<RouteName>;
  /** Each entry cuts one event line after so many frames. */
  readonly cuts: number[];
  /** Every API request, as `METHOD path`. */
  readonly seen: string[];
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

interface Matched {
  readonly name: RouteName;
  readonly params: Record<string, string>;
}

function match(method: string, path: string): Matched | null {
  for (const name of Object.keys(routes) as RouteName[]) {
    const route = routes[name];
    if (route.method !== method) continue;
    const pattern = new RegExp(`^${route.path.replace(/:([a-z]+)/g, "(?<$1>[^/]+)")}$`);
    const found = pattern.exec(path);
    if (found === null) continue;
    const params = Object.entries(found.groups ?? {}).map(([key, value]) => [key, decodeURIComponent(value)]);
    return { name, params: Object.fromEntries(params) as Record<string, string> };
  }
  return null;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text === "" ? undefined : JSON.parse(text);
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(value));
}

function fail(response: ServerResponse, error: unknown): void {
  if (error instanceof ApiError) {
    const { code, message, next, data } = error;
    json(response, error.status, { error: { code, message, next, data } });
    return;
  }
  json(response, 500, { error: { code: "FIXTURE_BROKEN", message: String(error), next: "Mend the fixture." } });
}

/** Answers one route; what comes in and what goes out is held against the contract. */
function answer(handlers: Handlers, { name, params }: Matched, query: URLSearchParams, body: unknown): unknown {
  const route: {
    params?: { parse(v: unknown): unknown };
    query?: { parse(v: unknown): unknown };
    body?: { parse(v: unknown): unknown };
    response: { parse(v: unknown): unknown };
  } = routes[name];
  const request = {
    ...(route.params === undefined ? {} : { params: route.params.parse(params) }),
    ...(route.query === undefined ? {} : { query: route.query.parse(Object.fromEntries(query)) }),
    ...(route.body === undefined ? {} : { body: route.body.parse(body) }),
  };
  const handler = handlers[name] as (request: unknown) => unknown;
  return route.response.parse(handler(request));
}

function stream(run: Run, after: string | undefined, cutAfter: number | undefined, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const { again, from } = framesAfter(run, after);
  let next = from;
  let sent = 0;
  const write = (id: string, event: unknown): void => {
    response.write(`${id === "" ? "" : `id: ${id}\n`}data: ${JSON.stringify(event)}\n\n`);
    sent += 1;
  };
  for (const frame of again) write(frame.id, frame.event);
  const push = (): void => {
    for (; next < run.frames.length; next += 1) {
      const frame = run.frames[next];
      if (frame === undefined) return;
      if (cutAfter !== undefined && sent >= cutAfter) {
        run.listeners.delete(push);
        response.destroy();
        return;
      }
      write(frame.id, frame.event);
      if (frame.event.type === "RUN_FINISHED" || frame.event.type === "RUN_ERROR") response.end();
    }
  };
  run.listeners.add(push);
  response.on("close", () => run.listeners.delete(push));
  push();
}

async function serveFile(path: string, response: ServerResponse): Promise<void> {
  const inside = normalize(path).replace(/^(\.\.[/\\])+/, "");
  const name = extname(inside) === "" ? "index.html" : inside;
  try {
    const content = await readFile(join(dist, name));
    response.writeHead(200, {
      "content-type": types[extname(name)] ?? "application/octet-stream",
      "content-security-policy": contentSecurityPolicy,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
    response.end(content);
  } catch (error) {
    response.writeHead(404, { "content-type": "text/plain" });
    response.end(`not found: ${name} (${String(error)})`);
  }
}

/** A small real server with the agent's routes over data in memory, for looking at the page in every state. */
export async function startFixture(world: World = lived()): Promise<Fixture> {
  const runs = new Map<string, Run>();
  const handlers = createHandlers(world, runs);
  const failing = new Set<RouteName>();
  const hanging = new Set<RouteName>();
  const cuts: number[] = [];
  const seen: string[] = [];

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://fixture");
    if (!url.pathname.startsWith("/api/")) return serveFile(url.pathname, response);
    seen.push(`${request.method} ${url.pathname}`);
    const events = /^\/api\/v1\/runs\/([^/]+)\/events$/.exec(url.pathname);
    if (events !== null) {
      const run = runs.get(events[1] ?? "");
      if (run === undefined) throw refuse(404, "RUN_UNKNOWN", "There is no such run.", "Open the thread again.");
      const after = request.headers["last-event-id"];
      return stream(run, typeof after === "string" ? after : undefined, cuts.shift(), response);
    }
    const matched = match(request.method ?? "GET", url.pathname);
    if (matched === null) throw refuse(404, "ROUTE_UNKNOWN", "There is no such route.", "Look at the contract.");
    if (hanging.has(matched.name)) return;
    if (failing.has(matched.name))
      throw refuse(503, "DATABASE_DOWN", "The database does not answer.", "Look at freehold doctor.");
    const result = answer(handlers, matched, url.searchParams, await bodyOf(request));
    json(response, "status" in routes[matched.name] ? 201 : 200, result);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => fail(response, error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    world,
    runs,
    failing,
    hanging,
    cuts,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
