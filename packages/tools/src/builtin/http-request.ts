import { describeError, isFreeholdError, sha256, type CanonicalRequest, type Door, type Money } from "@freehold/core";
import { z } from "zod";
import type { ResultStore } from "../results.ts";
import type { CallContext, CallOutcome, HttpAnswer } from "../tool-outcome.ts";
import { oneSentence } from "../mcp/one-sentence.ts";
import { failure, withArguments, type Builtin } from "./builtin.ts";
import { readBody } from "./read-body.ts";
import { labelsOfAnswer, refusedHeader } from "./request-headers.ts";

export interface HttpRequestDeps {
  readonly door: Door;
  readonly results: ResultStore;
  /** Reads an amount as a person writes it (`0.05 USDC`); null when it cannot be read. */
  readonly parsePrice: (text: string) => Money | null;
  /** Longest time in ms until the answer is there as a whole. */
  readonly timeoutMs: number;
}

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;

const argumentsSchema = z.object({
  url: z.url({ protocol: /^https?$/ }),
  method: z
    .preprocess((value) => (typeof value === "string" ? value.toUpperCase() : value), z.enum(methods))
    .default("GET"),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().max(1_000_000).optional(),
  max_price: z.string().max(60).optional(),
});
type Given = z.infer<typeof argumentsSchema>;

/** One try of a request. A 402 ends the try with what is asked; the try that pays carries the credential. */
export function httpRequestTool(deps: HttpRequestDeps): Builtin {
  return {
    name: "http_request",
    description: "Send an HTTP request. A price asked by the server is paid if the owner allows it.",
    inputSchema: {
      type: "object",
      properties: {
        url: { type: "string" },
        method: { type: "string", enum: [...methods] },
        headers: { type: "object", additionalProperties: { type: "string" } },
        body: { type: "string" },
        max_price: { type: "string", description: 'most to pay, like "0.05 USDC"' },
      },
      required: ["url"],
    },
    effects: { readOnly: false, idempotent: false, destructive: true, openWorld: true },
    repeatable: (given) => {
      const parsed = argumentsSchema.safeParse(given);
      return parsed.success && readsOnly(parsed.data.method);
    },
    run: withArguments(argumentsSchema, (given, context) => request(deps, given, context)),
  };
}

function readsOnly(method: Given["method"]): boolean {
  return method === "GET" || method === "HEAD";
}

async function request(deps: HttpRequestDeps, given: Given, context: CallContext): Promise<CallOutcome> {
  const refused = Object.keys(given.headers).find((name) => refusedHeader(name));
  if (refused !== undefined) return failure(`The header ${refused} cannot be set by a tool call.`);
  if (given.body !== undefined && readsOnly(given.method)) return failure(`A ${given.method} request has no body.`);
  const max = given.max_price === undefined ? null : deps.parsePrice(given.max_price);
  if (given.max_price !== undefined && max === null) {
    return failure(`The price "${given.max_price}" cannot be read; write an amount and a currency, like 0.05 USDC.`);
  }
  try {
    return await exchange(deps, { ...given, max }, context);
  } catch (error) {
    return failedRequest(error, given, context);
  }
}

async function exchange(
  deps: HttpRequestDeps,
  given: Given & { readonly max: Money | null },
  context: CallContext,
): Promise<CallOutcome> {
  const url = new URL(given.url);
  url.hash = "";
  const send = deps.door.open({
    who: "tool:http_request",
    why: `${given.method} for the model`,
    runId: context.runId,
    labels: context.labels,
  });
  const response = await send(url.href, {
    method: given.method,
    headers: { ...given.headers, ...context.payment?.headers },
    // A payment is for this address: it is not carried on to another one.
    redirect: context.payment === undefined ? "follow" : "manual",
    signal: AbortSignal.any([context.signal, AbortSignal.timeout(deps.timeoutMs)]),
    ...(given.body === undefined ? {} : { body: given.body }),
  });
  const body = await readBody(response);
  const final = new URL(response.url === "" ? url.href : response.url);
  const labels = labelsOfAnswer(final.host, given.headers);
  const answer = answerOf(response);
  if (response.status === 402) {
    if (final.href !== url.href) {
      const text = `${url.host} sent the request on to ${final.href}, which asks for a payment; request that address itself.`;
      return { outcome: "error", text, labels, response: answer };
    }
    const request: CanonicalRequest = { method: given.method, url: url.href, bodySha256: sha256(given.body ?? "") };
    const challenge = { status: 402 as const, headers: answer.headers, body: body.text };
    return { outcome: "payment_required", request, challenge, requestedMax: given.max, labels };
  }
  const text = await deps.results.cap(
    `${response.status} ${response.statusText}\n${body.shown}`,
    labels,
    context.threadId,
  );
  return { outcome: response.ok ? "ok" : "error", text, labels, response: answer };
}

function answerOf(response: Response): HttpAnswer {
  return { status: response.status, headers: Object.fromEntries(response.headers) };
}

const neverSent = /^EGRESS_(ADDRESS_INVALID|PRIVATE_ADDRESS|ORIGIN_REFUSED|LOCAL_ONLY|SECRET_)/;

/** What changed nothing failed for sure. Anything else that was sent and not answered may have happened. */
function failedRequest(error: unknown, given: Given, context: CallContext): CallOutcome {
  const reason = isFreeholdError(error)
    ? error.message
    : error instanceof DOMException && error.name === "TimeoutError"
      ? `${new URL(given.url).host} did not answer in time.`
      : oneSentence(describeError(error));
  const refused = isFreeholdError(error) && neverSent.test(error.code);
  if (refused || (readsOnly(given.method) && context.payment === undefined)) return failure(reason);
  return { outcome: "unknown", reason };
}
