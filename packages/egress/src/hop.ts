import type { Reach } from "./guard.ts";

/** A request body: known bytes, or a stream that can be sent once. */
export type HopBody = Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> | null;

/** One HTTP request to one origin. */
export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: HopBody;
  readonly reach: Reach;
  readonly signal: AbortSignal;
}

/**
 * Carries one hop out. Never follows a redirect; resolves, checks and pins the address by `reach`; fills in
 * secrets; throws `FreeholdError` when it refused, whatever the platform throws when the network failed.
 */
export interface Transport {
  send(hop: Hop): Promise<Response>;
  close(): Promise<void>;
}

/** Headers that belong to one connection; the transport sets its own. */
const connectionHeaders = [
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

export function withoutConnectionHeaders(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of connectionHeaders) kept.delete(name);
  return kept;
}

/** The platform's `Response` around any body; a status without a body gets none. */
export function makeResponse(
  head: { readonly status: number; readonly statusText: string; readonly headers: Headers; readonly url: string },
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
): Response {
  const bodyless = head.status === 204 || head.status === 205 || head.status === 304;
  const response = new Response(bodyless ? null : body, {
    status: head.status,
    statusText: head.statusText,
    headers: head.headers,
  });
  Object.defineProperty(response, "url", { value: head.url });
  return response;
}
