import { parseAddress } from "./guard.ts";
import type { HopBody } from "./hop.ts";

/** A call to `fetch`, taken apart. */
export interface Outgoing {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: HopBody;
  readonly redirect: "follow" | "error" | "manual";
  readonly signal: AbortSignal;
}

/** Reads the platform's arguments. A body given as a stream stays one; every other body becomes bytes of known length. */
export async function readOutgoing(input: string | URL | Request, init: RequestInit | undefined): Promise<Outgoing> {
  const url = parseAddress(input instanceof Request ? input.url : input);
  const streamed = init?.body instanceof ReadableStream ? init.body : null;
  const { redirect, ...rest } = init ?? {};
  const request = new Request(input, streamed === null ? rest : { ...rest, body: null });
  const bytes = streamed === null && request.body !== null ? new Uint8Array(await request.arrayBuffer()) : null;
  url.hash = "";
  return {
    url,
    method: request.method,
    headers: request.headers,
    body: streamed ?? bytes,
    redirect: redirect ?? request.redirect,
    signal: request.signal,
  };
}

/**
 * What the request says to the world, in bytes: request line and headers as HTTP/1.1 writes them, then the body.
 * The body of a stream is counted as it goes.
 */
export function headBytes(method: string, url: URL, headers: Headers): number {
  let bytes = Buffer.byteLength(`${method} ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\n\r\n`);
  for (const [name, value] of headers) bytes += Buffer.byteLength(`${name}: ${value}\r\n`);
  return bytes;
}
