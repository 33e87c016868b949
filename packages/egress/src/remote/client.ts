import { Readable } from "node:stream";
import { FreeholdError, type ErrorSpec } from "@freehold/core";
import { Agent, request as undiciRequest } from "undici";
import { createDoor, type DoorDeps, type GuardedDoor } from "../door.ts";
import { egressErrors } from "../errors.ts";
import { makeResponse, withoutConnectionHeaders, type Hop, type Transport } from "../hop.ts";
import { answerHead, answerHeader, decodeHead, encodeHead, hopHeader, maxHeadBytes, wireError } from "./wire.ts";

export interface RemoteConfig {
  /** Of the egress container, e.g. `http://egress:7718`. */
  readonly url: string;
  /** The secret that both sides share. */
  readonly token: string;
}

export interface RemoteTransport extends Transport {
  /** Tells the container the owner's switch; until it has heard, its own proxy lets nothing through. */
  announceLocalOnly(on: boolean): Promise<void>;
}

export interface RemoteDoor extends GuardedDoor {
  announceLocalOnly(on: boolean): Promise<void>;
}

/** The agent's door where another container holds the way out. Ledger, limits and redirects stay on this side. */
export function createRemoteDoor(config: RemoteConfig, deps: Omit<DoorDeps, "transport">): RemoteDoor {
  const transport = createRemoteTransport(config);
  const door = createDoor({ ...deps, transport });
  return { ...door, announceLocalOnly: (on) => transport.announceLocalOnly(on) };
}

export function createRemoteTransport(config: RemoteConfig): RemoteTransport {
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: maxHeadBytes });
  const authorization = `Bearer ${config.token}`;
  return {
    async send(hop) {
      const answer = await undiciRequest(new URL("/v1/hop", config.url), {
        dispatcher: agent,
        method: "POST",
        headers: { authorization, [hopHeader]: encodeHop(hop) },
        body: hop.body instanceof ReadableStream ? Readable.fromWeb(hop.body) : hop.body,
        signal: hop.signal,
      }).catch((error: unknown) => {
        hop.signal.throwIfAborted();
        throw doorDown(error instanceof Error ? error.message : String(error), error);
      });
      const head = answer.headers[answerHeader];
      if (answer.statusCode !== 200 || typeof head !== "string") throw problemOf(await answer.body.text());
      const { headers, ...rest } = decodeHead(answerHead, head);
      return makeResponse({ ...rest, headers: new Headers(headers) }, toStream(answer.body));
    },
    async announceLocalOnly(on) {
      const answer = await undiciRequest(new URL("/v1/local-only", config.url), {
        dispatcher: agent,
        method: "PUT",
        headers: { authorization },
        body: JSON.stringify({ on }),
      });
      const text = await answer.body.text();
      if (answer.statusCode !== 200) throw problemOf(text);
    },
    close: () => agent.destroy(),
  };
}

function encodeHop(hop: Hop): string {
  const headers = [...withoutConnectionHeaders(hop.headers)];
  return encodeHead({ url: hop.url.href, method: hop.method, headers, reach: hop.reach });
}

function toStream(body: AsyncIterable<unknown>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from(body) as ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** One of our own errors as the container named it; anything else means that it does not work. */
function problemOf(text: string): FreeholdError {
  const parsed = wireError.safeParse(parseJson(text));
  if (!parsed.success) return doorDown("its answer cannot be read");
  const { code, data } = parsed.data;
  const spec: ErrorSpec | undefined = Object.values(egressErrors).find((candidate) => candidate.code === code);
  return spec === undefined ? doorDown(`it answered ${code}`) : new FreeholdError(spec, data);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

function doorDown(problem: string, cause?: unknown): FreeholdError {
  return new FreeholdError(egressErrors.EGRESS_DOOR_DOWN, { problem }, { cause });
}
