import { createServer, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { describeError } from "@freehold/core";
import type { Dial } from "../direct-transport.ts";
import { guardHost, type Resolver } from "../guard.ts";

export interface ConnectProxyDeps {
  /** `host:port`, or `*.host:port` for all names below a host. */
  readonly allow: readonly string[];
  readonly localOnly: () => boolean;
  readonly resolver: Resolver;
  readonly dial: Dial;
  readonly connectMs: number;
  readonly log: (line: { readonly target: string; readonly outcome: string }) => void;
}

/** A CONNECT proxy for programs that fetch models by themselves: listed hosts only, public addresses only. */
export function createConnectProxy(deps: ConnectProxyDeps): Server {
  const server = createServer((_request, response) => {
    response.writeHead(405, { "content-type": "text/plain" });
    response.end("This proxy takes CONNECT only.\n");
  });
  server.on("connect", (request, client: Duplex, head: Buffer) => {
    const target = request.url ?? "";
    client.on("error", () => client.destroy());
    open(target, deps).then(
      (remote) => {
        deps.log({ target, outcome: "ok" });
        client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
        remote.write(head);
        // Either end may hang up at any time; that is how a tunnel ends.
        Promise.all([pipeline(client, remote), pipeline(remote, client)]).catch(() => remote.destroy());
      },
      (error: unknown) => {
        deps.log({ target, outcome: describeError(error) });
        client.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
      },
    );
  });
  return server;
}

async function open(target: string, deps: ConnectProxyDeps): Promise<Duplex> {
  const url = URL.parse(`https://${target}/`);
  const port = /:(\d{1,5})$/.exec(target)?.[1];
  if (url === null || port === undefined) throw new Error("not a host and port");
  if (deps.localOnly()) throw new Error("local only is on");
  if (!deps.allow.some((entry) => matches(entry, url.hostname, port))) throw new Error("not a listed host");
  const addresses = await guardHost(url.hostname, "public", deps.resolver);
  return deps.dial(addresses, Number(port), deps.connectMs);
}

function matches(entry: string, hostname: string, port: string): boolean {
  const given = `${hostname}:${port}`;
  return entry.startsWith("*.") ? given.endsWith(entry.slice(1)) : given === entry;
}
