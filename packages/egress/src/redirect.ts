import { FreeholdError } from "@freehold/core";
import { egressErrors } from "./errors.ts";
import { parseAddress } from "./guard.ts";
import type { HopBody } from "./hop.ts";
import type { Outgoing } from "./outgoing.ts";

/** All that crosses to another origin; credentials and payments have many names, so this is a list of what may. */
const carriedAcross = new Set(["accept", "accept-language", "content-language", "content-type", "range", "user-agent"]);

/** The request that a redirect leads to, or null when the answer is to be given to the caller as it is. */
export function followRedirect(request: Outgoing, response: Response): Outgoing | null {
  const location = response.headers.get("location");
  if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return null;
  if (request.redirect === "manual") return null;
  if (request.redirect === "error") throw refused(request, "the caller takes no redirects");
  const url = parseAddress(URL.parse(location, request.url.href) ?? location);
  url.hash = "";
  if (request.url.protocol === "https:" && url.protocol === "http:") throw refused(request, "it leads to plain http");
  const method = nextMethod(request.method, response.status);
  const crossing = url.origin !== request.url.origin;
  const body = method === request.method ? resendable(request, crossing) : null;
  return { ...request, url, method, body, headers: nextHeaders(request, crossing, body !== null) };
}

/** Fetch standard, "HTTP-redirect fetch", step 12. */
function nextMethod(method: string, status: number): string {
  const becomesGet = (status <= 302 && method === "POST") || (status === 303 && method !== "HEAD");
  return becomesGet ? "GET" : method;
}

function resendable(request: Outgoing, crossing: boolean): HopBody {
  if (request.body === null) return null;
  if (crossing) throw refused(request, "it would hand the request's content to another origin");
  if (request.body instanceof ReadableStream) throw refused(request, "the request's content was a stream");
  return request.body;
}

function nextHeaders(request: Outgoing, crossing: boolean, withBody: boolean): Headers {
  const headers = new Headers();
  for (const [name, value] of request.headers) {
    const kept = !crossing || carriedAcross.has(name);
    if (kept && (withBody || !name.startsWith("content-"))) headers.append(name, value);
  }
  return headers;
}

function refused(request: Outgoing, problem: string): FreeholdError {
  return new FreeholdError(egressErrors.EGRESS_REDIRECT, { origin: request.url.origin, problem });
}
