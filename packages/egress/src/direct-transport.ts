import { connect as connectSocket, type Socket } from "node:net";
import { FreeholdError } from "@freehold/core";
import { Agent, buildConnector, fetch as undiciFetch } from "undici";
import { egressErrors } from "./errors.ts";
import { guardHost, type Reach, type Resolver } from "./guard.ts";
import { makeResponse, withoutConnectionHeaders, type Hop, type HopBody, type Transport } from "./hop.ts";
import { fillSecrets, type SecretStore } from "./secrets.ts";

/** Opens a TCP connection to one of addresses that were checked before. */
export type Dial = (addresses: readonly string[], port: number, timeoutMs: number) => Promise<Socket>;

export interface DirectDeps {
  readonly resolver: Resolver;
  readonly secrets: SecretStore | null;
  readonly dial: Dial;
  /** For a TCP and TLS handshake, in ms. */
  readonly connectMs: number;
}

/** Sends from this process. Connections are pooled by reach, so a socket is only reused under the rule it passed. */
export function createDirectTransport(deps: DirectDeps): Transport {
  const agents: Readonly<Record<Reach, Agent>> = {
    public: agentFor("public", deps),
    anywhere: agentFor("anywhere", deps),
    house: agentFor("house", deps),
  };
  return {
    async send(hop) {
      const headers = await fillSecrets(withoutConnectionHeaders(hop.headers), hop.url.origin, deps.secrets);
      return sendOver(agents[hop.reach], hop, headers);
    },
    async close() {
      await Promise.all(Object.values(agents).map((agent) => agent.destroy()));
    },
  };
}

function agentFor(reach: Reach, deps: DirectDeps): Agent {
  const secure = buildConnector({ allowH2: false, timeout: deps.connectMs });
  return new Agent({
    allowH2: false,
    // The door watches the time itself, by its own clock.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options, deliver) => {
      const port = Number(options.port === "" ? defaultPort(options.protocol) : options.port);
      const opened = guardHost(options.hostname, reach, deps.resolver).then((addresses) =>
        deps.dial(addresses, port, deps.connectMs),
      );
      opened.then(
        (socket) => {
          if (options.protocol === "https:") secure({ ...options, httpSocket: socket }, deliver);
          else deliver(null, socket);
        },
        (error: unknown) => deliver(error instanceof Error ? error : new Error(String(error)), null),
      );
    },
  });
}

async function sendOver(agent: Agent, hop: Hop, headers: Headers): Promise<Response> {
  const answer = await undiciFetch(hop.url, {
    dispatcher: agent,
    method: hop.method,
    headers: [...headers],
    body: bodyInit(hop.body),
    duplex: "half",
    redirect: "manual",
    signal: hop.signal,
  });
  const received = new Headers([...answer.headers]);
  // The body is already decoded, so its coding and its length on the wire no longer describe it.
  if (received.has("content-encoding")) received.delete("content-length");
  received.delete("content-encoding");
  const head = { status: answer.status, statusText: answer.statusText, headers: received, url: hop.url.href };
  return makeResponse(head, answer.body as ReadableStream<Uint8Array<ArrayBuffer>> | null);
}

function bodyInit(body: HopBody): Uint8Array<ArrayBuffer> | AsyncIterable<Uint8Array> | null {
  return body instanceof ReadableStream ? iterate(body) : body;
}

async function* iterate(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array> {
  yield* stream;
}

/** Connects to the given addresses and to nothing else; the first that answers wins (RFC 8305). */
export function dialAddresses(addresses: readonly string[], port: number, timeoutMs: number): Promise<Socket> {
  const answers = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  return new Promise((resolve, reject) => {
    const socket = connectSocket({
      host: addresses.length === 1 ? (addresses[0] ?? "") : "pinned.invalid",
      port,
      autoSelectFamily: true,
      noDelay: true,
      keepAlive: true,
      lookup: (_name, _options, callback) => callback(null, answers),
    });
    socket.setTimeout(timeoutMs, () =>
      socket.destroy(
        new FreeholdError(egressErrors.EGRESS_TIMEOUT, {
          origin: addresses.join(", "),
          phase: "accept a connection",
          ms: timeoutMs,
        }),
      ),
    );
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.setTimeout(0);
      socket.off("error", reject);
      resolve(socket);
    });
  });
}

function defaultPort(protocol: string): number {
  return protocol === "https:" ? 443 : 80;
}
