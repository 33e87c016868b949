import { FreeholdError, isFreeholdError, type Clock, type Errand } from "@freehold/core";
import { egressErrors } from "./errors.ts";
import type { Reach } from "./guard.ts";
import { makeResponse, type HopBody, type Transport } from "./hop.ts";
import type { LedgerEnd, LedgerWriter } from "./ledger.ts";
import { headBytes, type Outgoing } from "./outgoing.ts";
import { startWatch, type Limits, type Watch } from "./watch.ts";

export interface SendDeps {
  readonly transport: Transport;
  readonly ledger: LedgerWriter;
  readonly clock: Clock;
}

/** One request on its way, with what it has cost so far. */
interface Passage {
  readonly origin: string;
  readonly limits: Limits;
  readonly watch: Watch;
  readonly caller: AbortSignal;
  bytesOut: number;
  bytesIn: number;
  status: number | null;
  /** Completes the ledger row, once; later calls wait for the first. */
  end(error?: unknown): Promise<void>;
}

/** One hop: row written, request sent, body counted as it is read, row completed. */
export async function sendRecorded(
  request: Outgoing,
  reachOf: () => Reach,
  asked: { readonly errand: Errand; readonly limits: Limits },
  deps: SendDeps,
): Promise<Response> {
  const passage = await begin(request, asked, deps);
  try {
    const reach = reachOf();
    passage.bytesOut = headBytes(request.method, request.url, request.headers);
    const body = counted(request.body, passage);
    const { url, method, headers } = request;
    const response = await deps.transport.send({ url, method, headers, body, reach, signal: passage.watch.signal });
    passage.status = response.status;
    passage.watch.answered();
    if (response.body === null) {
      await passage.end();
      return response;
    }
    const { status, statusText } = response;
    return makeResponse({ status, statusText, headers: response.headers, url: url.href }, read(response.body, passage));
  } catch (error) {
    const problem = explain(error, passage);
    await passage.end(problem);
    throw problem;
  }
}

async function begin(
  request: Outgoing,
  asked: { readonly errand: Errand; readonly limits: Limits },
  deps: SendDeps,
): Promise<Passage> {
  const { errand, limits } = asked;
  const { url } = request;
  request.signal.throwIfAborted();
  const id = await deps.ledger.begin({
    at: deps.clock.now(),
    who: errand.who,
    why: errand.why,
    runId: errand.runId ?? null,
    scheme: url.protocol.slice(0, -1),
    host: url.hostname,
    port: Number(url.port === "" ? (url.protocol === "https:" ? 443 : 80) : url.port),
    method: request.method,
    labels: errand.labels,
  });
  const watch = startWatch(deps.clock, limits, url.origin, request.signal);
  let ended: Promise<void> | null = null;
  const passage: Passage = {
    origin: url.origin,
    limits,
    watch,
    caller: request.signal,
    bytesOut: 0,
    bytesIn: 0,
    status: null,
    end: (error) => {
      watch.stop();
      ended ??= deps.ledger.end(id, { at: deps.clock.now(), ...outcomeOf(passage, error) });
      return ended;
    },
  };
  // Whoever reads the body hears of a ledger that fails; a body that nobody reads ends here all the same.
  const onAbort = (): void => void passage.end(explain(watch.signal.reason, passage)).catch(() => undefined);
  watch.signal.addEventListener("abort", onAbort, { once: true });
  return passage;
}

/** Codes that mean: nothing was sent to the other side. */
const refusals = new Set<string>([
  egressErrors.EGRESS_PRIVATE_ADDRESS.code,
  egressErrors.EGRESS_LOCAL_ONLY.code,
  egressErrors.EGRESS_ORIGIN_REFUSED.code,
  egressErrors.EGRESS_SECRET_UNBOUND.code,
]);

function outcomeOf(passage: Passage, error: unknown): Omit<LedgerEnd, "at"> {
  const { status, bytesIn } = passage;
  if (error === undefined) return { status, bytesIn, bytesOut: passage.bytesOut, outcome: "ok", problem: null };
  const code = isFreeholdError(error) ? error.code : "ABORTED";
  const refused = refusals.has(code);
  const words = isFreeholdError(error) ? `${code}: ${error.message}` : "The request was called off.";
  const bytesOut = refused ? 0 : passage.bytesOut;
  return { status, bytesIn, bytesOut, outcome: refused ? "refused" : "failed", problem: words };
}

/** What went wrong, as the caller hears it: his own abort as he gave it, everything else as one of our errors. */
function explain(error: unknown, passage: Passage): unknown {
  if (passage.caller.aborted) return passage.caller.reason;
  const signal = passage.watch.signal;
  if (signal.aborted && isFreeholdError(signal.reason)) return signal.reason;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (isFreeholdError(cause)) return cause;
  }
  const data = { origin: passage.origin, problem: deepest(error) };
  return new FreeholdError(egressErrors.EGRESS_UNREACHABLE, data, { cause: error });
}

function deepest(error: unknown): string {
  let words = String(error);
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) words = cause.message || cause.name;
  return words;
}

function counted(body: HopBody, passage: Passage): HopBody {
  if (body === null) return null;
  if (!(body instanceof ReadableStream)) {
    passage.bytesOut += body.byteLength;
    return body;
  }
  const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      passage.bytesOut += chunk.byteLength;
      controller.enqueue(chunk);
    },
  });
  return body.pipeThrough(counter);
}

/** The body as the caller reads it; the row is complete before the reader hears that it has ended. */
function read(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  passage: Passage,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const fail = async (error: unknown): Promise<never> => {
    const problem = explain(error, passage);
    await passage.end(problem);
    throw problem;
  };
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          passage.watch.waiting(true);
          const piece = await reader.read();
          passage.watch.waiting(false);
          if (piece.done) {
            await passage.end();
            controller.close();
            return;
          }
          passage.bytesIn += piece.value.byteLength;
          const { maxBytes } = passage.limits;
          if (maxBytes !== null && passage.bytesIn > maxBytes) throw tooLarge(passage.origin, maxBytes);
          controller.enqueue(piece.value);
        } catch (error) {
          // The sender must stop, too; that it complains about it is no news.
          await reader.cancel(error).catch(() => undefined);
          await fail(error);
        }
      },
      async cancel(reason) {
        await reader.cancel(reason);
        await passage.end();
      },
    },
    { highWaterMark: 0 },
  );
}

function tooLarge(origin: string, limit: number): FreeholdError {
  return new FreeholdError(egressErrors.EGRESS_TOO_LARGE, { origin, limit });
}
