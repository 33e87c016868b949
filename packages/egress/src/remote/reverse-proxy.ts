import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { pipeline } from "node:stream/promises";

export interface ReverseProxyConfig {
  /** The agent, inside the internal network. */
  readonly host: string;
  readonly port: number;
}

/** Publishes the agent: passes everything on as it is, event streams included, and says who asked. */
export function createReverseProxy(target: ReverseProxyConfig): Server {
  return createServer({ requestTimeout: 0 }, (request, response) => {
    const onward = httpRequest({
      host: target.host,
      port: target.port,
      method: request.method,
      path: request.url,
      headers: forwardedHeaders(request),
      setHost: false,
    });
    onward.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      // Events must not wait for more of them.
      response.flushHeaders();
      pipeline(answer, response).catch(() => response.destroy());
    });
    response.once("close", () => onward.destroy());
    pipeline(request, onward).catch(() => sendDown(response));
  });
}

/** The sender's own `X-Forwarded-*` are dropped: this proxy is the first that can know. Host stays as it came. */
function forwardedHeaders(request: IncomingMessage): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    if (values !== undefined && name !== "forwarded" && !name.startsWith("x-forwarded-")) headers[name] = values;
  }
  headers["host"] = request.headers.host ?? "";
  headers["x-forwarded-for"] = request.socket.remoteAddress ?? "";
  headers["x-forwarded-host"] = request.headers.host ?? "";
  headers["x-forwarded-proto"] = "http";
  return headers;
}

function sendDown(response: ServerResponse): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  response.writeHead(502, { "content-type": "text/plain; charset=utf-8", "retry-after": "2" });
  response.end("Freehold is starting or restarting. Try again in a moment.\n");
}
