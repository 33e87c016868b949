import { FreeholdError, type Clock, type Door, type Errand, type Fetch } from "@freehold/core";
import { classifyAddress } from "./address-class.ts";
import { egressErrors } from "./errors.ts";
import { parseAddress, type Reach } from "./guard.ts";
import type { Transport } from "./hop.ts";
import type { LedgerEnd, LedgerWriter } from "./ledger.ts";
import { readOutgoing, type Outgoing } from "./outgoing.ts";
import { followRedirect } from "./redirect.ts";
import { sendRecorded, type SendDeps } from "./send-recorded.ts";
import type { DoorSettings } from "./settings.ts";
import type { Limits } from "./watch.ts";

export interface DoorDeps {
  readonly transport: Transport;
  readonly ledger: LedgerWriter;
  readonly settings: DoorSettings;
  readonly clock: Clock;
  readonly limits?: { readonly open?: Partial<Limits>; readonly configured?: Partial<Limits> };
}

/** A connection that speaks something other than HTTP, declared so that it stands in the ledger. */
export interface DeclaredSocket {
  /** To be called when the connection is over, with what went through it where that is known. */
  closed(bytes: { readonly out: number; readonly in: number }, problem?: string): Promise<void>;
}

export interface GuardedDoor extends Door {
  /**
   * For sockets that cannot use `fetch` (Postgres, gRPC, Nostr). `origin` as `scheme://host:port`.
   * Refused with `EGRESS_LOCAL_ONLY` when local only is on and the host is no loopback or private literal.
   */
  declareSocket(origin: string, errand: Errand): Promise<DeclaredSocket>;
  close(): Promise<void>;
}

/** Strangers: two minutes and 32 MiB, and a page that drips is not worth waiting for. */
const openLimits: Limits = {
  headersMs: 60_000,
  idleMs: 20_000,
  totalMs: 120_000,
  maxBytes: 32 * 1024 * 1024,
  maxRedirects: 5,
};

/** The owner's own services: a model on a slow machine may think for minutes and stream for hours. */
const configuredLimits: Limits = {
  headersMs: 15 * 60_000,
  idleMs: 10 * 60_000,
  totalMs: null,
  maxBytes: null,
  maxRedirects: 5,
};

/**
 * The only way out. Every request is written to the ledger before it leaves and completed afterwards, refusals
 * included. Never call it inside an open database transaction: the ledger needs the connection.
 */
export function createDoor(deps: DoorDeps): GuardedDoor {
  const open: Limits = { ...openLimits, ...deps.limits?.open };
  const configured: Limits = { ...configuredLimits, ...deps.limits?.configured };
  return {
    open: (errand) => guardedFetch((url, first) => openReach(url, first, deps.settings), errand, deps, open),
    configured: (origin, errand) => {
      const allowed = parseAddress(origin).origin;
      const reachOf = (url: URL): Reach => configuredReach(url, allowed, errand, deps.settings);
      return guardedFetch(reachOf, errand, deps, configured);
    },
    declareSocket: (origin, errand) => declareSocket(origin, errand, deps),
    close: () => deps.transport.close(),
  };
}

/** Says what a hop may reach, or throws. `first` is true until the request has crossed to another origin. */
type ReachOf = (url: URL, first: boolean) => Reach;

function openReach(url: URL, first: boolean, settings: DoorSettings): Reach {
  // A page cannot borrow the owner's list: only the address that was asked for counts, not where it redirects.
  const listed = first && settings.listedOrigins().includes(url.origin);
  if (settings.localOnly()) {
    if (!listed) throw new FreeholdError(egressErrors.EGRESS_LOCAL_ONLY, { host: url.host });
    return "house";
  }
  return listed ? "anywhere" : "public";
}

function configuredReach(url: URL, allowed: string, errand: Errand, settings: DoorSettings): Reach {
  if (url.origin !== allowed) {
    throw new FreeholdError(egressErrors.EGRESS_ORIGIN_REFUSED, { who: errand.who, allowed, origin: url.origin });
  }
  return settings.localOnly() ? "house" : "anywhere";
}

function guardedFetch(reachOf: ReachOf, errand: Errand, deps: SendDeps, limits: Limits): Fetch {
  return async (input, init) => {
    let request: Outgoing = await readOutgoing(input, init);
    const { origin } = request.url;
    for (let followed = 0; ; followed += 1) {
      const first = request.url.origin === origin;
      const { url } = request;
      const response = await sendRecorded(request, () => reachOf(url, first), { errand, limits }, deps);
      const next = await nextRequest(request, response, limits.maxRedirects - followed);
      if (next === null) return response;
      request = next;
    }
  };
}

async function nextRequest(request: Outgoing, response: Response, left: number): Promise<Outgoing | null> {
  try {
    const next = followRedirect(request, response);
    if (next === null) return null;
    if (left <= 0) {
      const { origin } = request.url;
      throw new FreeholdError(egressErrors.EGRESS_REDIRECT, { origin, problem: "there were too many in a row" });
    }
    await response.body?.cancel();
    return next;
  } catch (error) {
    await response.body?.cancel();
    throw error;
  }
}

async function declareSocket(origin: string, errand: Errand, deps: DoorDeps): Promise<DeclaredSocket> {
  const url = URL.parse(origin);
  if (url === null || url.hostname === "") {
    throw new FreeholdError(egressErrors.EGRESS_ADDRESS_INVALID, { url: origin, problem: "it cannot be read" });
  }
  const id = await deps.ledger.begin({
    at: deps.clock.now(),
    who: errand.who,
    why: errand.why,
    runId: errand.runId ?? null,
    scheme: url.protocol.slice(0, -1),
    host: url.hostname,
    port: Number(url.port),
    method: "SOCKET",
    labels: errand.labels,
  });
  const end = (outcome: LedgerEnd["outcome"], problem: string | null, bytes = { out: 0, in: 0 }): Promise<void> => {
    const at = deps.clock.now();
    return deps.ledger.end(id, { at, status: null, bytesOut: bytes.out, bytesIn: bytes.in, outcome, problem });
  };
  if (deps.settings.localOnly() && !isInHouse(url.hostname)) {
    const refusal = new FreeholdError(egressErrors.EGRESS_LOCAL_ONLY, { host: url.host });
    await end("refused", `${refusal.code}: ${refusal.message}`);
    throw refusal;
  }
  return {
    closed: (bytes, problem) => end(problem === undefined ? "ok" : "failed", problem ?? null, bytes),
  };
}

/** By its name alone, since the library behind the socket resolves it again: this machine, or an address in the house. */
function isInHouse(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return bare === "localhost" || ["private", "loopback"].includes(classifyAddress(bare));
}
