import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { timingSafeEqual } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { FreeholdError, isFreeholdError, sha256 } from "@freehold/core";
import { z } from "zod";
import { egressErrors } from "../errors.ts";
import { parseAddress } from "../guard.ts";
import type { Hop, Transport } from "../hop.ts";
import { answerHeader, decodeHead, encodeHead, hopHead, hopHeader, maxHeadBytes } from "./wire.ts";

/** What the container remembers: numbers only, since the ledger lies in the agent's database. */
export interface DoorState {
  requests: number;
  refused: number;
  bytesIn: number;
  /** As the agent told it last, by a hop or in so many words; true until it has spoken. */
  localOnly: boolean;
}

export interface DoorServerDeps {
  readonly transport: Transport;
  readonly token: string;
  readonly state: DoorState;
}

export function newDoorState(): DoorState {
  return { requests: 0, refused: 0, bytesIn: 0, localOnly: true };
}

/** The egress container's side of the door: takes hops from whoever has the token, and answers `/healthz`. */
export function createDoorServer(deps: DoorServerDeps): Server {
  return createServer({ maxHeaderSize: maxHeadBytes, requestTimeout: 0 }, (request, response) => {
    answer(request, response, deps).catch((error: unknown) => {
      deps.state.refused += 1;
      if (response.headersSent) response.destroy();
      else sendError(response, error);
    });
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, deps: DoorServerDeps): Promise<void> {
  const route = `${request.method ?? ""} ${request.url ?? ""}`;
  if (route === "GET /healthz") {
    sendJson(response, 200, { ok: true, ...deps.state });
    return;
  }
  if (!isAllowed(request, deps.token)) {
    sendJson(response, 401, { code: "EGRESS_DOOR_DOWN", data: { problem: "the token is wrong" } });
    return;
  }
  if (route === "POST /v1/hop") await passHop(request, response, deps);
  else if (route === "PUT /v1/local-only") await setLocalOnly(request, response, deps.state);
  else sendJson(response, 404, { code: "EGRESS_DOOR_DOWN", data: { problem: "there is no such path" } });
}

function isAllowed(request: IncomingMessage, token: string): boolean {
  const given = sha256(request.headers.authorization ?? "");
  return token !== "" && timingSafeEqual(Buffer.from(given), Buffer.from(sha256(`Bearer ${token}`)));
}

async function passHop(request: IncomingMessage, response: ServerResponse, deps: DoorServerDeps): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  deps.state.requests += 1;
  const hop = readHop(request, gone.signal);
  // Every hop tells how the owner's switch stands, so a restarted container knows again at once.
  deps.state.localOnly = hop.reach === "house";
  const answered = await deps.transport.send(hop);
  const { status, statusText, headers, url } = answered;
  response.writeHead(200, { [answerHeader]: encodeHead({ status, statusText, headers: [...headers], url }) });
  if (answered.body === null) response.end();
  else await pipeline(Readable.fromWeb(answered.body), countInto(deps.state), response);
}

function readHop(request: IncomingMessage, signal: AbortSignal): Hop {
  const text = request.headers[hopHeader];
  const head = decodeHead(hopHead, typeof text === "string" ? text : "");
  const hasBody = request.headers["transfer-encoding"] !== undefined || Number(request.headers["content-length"]) > 0;
  return {
    url: parseAddress(head.url),
    method: head.method,
    headers: new Headers(head.headers),
    body: hasBody ? (Readable.toWeb(request) as ReadableStream<Uint8Array<ArrayBuffer>>) : null,
    reach: head.reach,
    signal,
  };
}

function countInto(state: DoorState): (source: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array> {
  return async function* count(source) {
    for await (const chunk of source) {
      state.bytesIn += chunk.byteLength;
      yield chunk;
    }
  };
}

async function setLocalOnly(request: IncomingMessage, response: ServerResponse, state: DoorState): Promise<void> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  state.localOnly = z.object({ on: z.boolean() }).parse(JSON.parse(text)).on;
  sendJson(response, 200, { ok: true });
}

function sendError(response: ServerResponse, error: unknown): void {
  const known = causes(error).find((cause): cause is FreeholdError => isFreeholdError(cause));
  const { spec, data } = known ?? new FreeholdError(egressErrors.EGRESS_UNREACHABLE, unreachable(error));
  sendJson(response, spec.status, { code: spec.code, data });
}

function unreachable(error: unknown): { origin: string; problem: string } {
  const last = causes(error).at(-1);
  return { origin: "The other side", problem: last instanceof Error ? last.message : String(error) };
}

function causes(error: unknown): readonly unknown[] {
  const found: unknown[] = [];
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) found.push(cause);
  return found;
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
