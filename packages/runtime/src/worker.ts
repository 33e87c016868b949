import { describeError, isFreeholdError, type RunId } from "@freehold/core";
import type { Deps } from "./deps.ts";
import { drive } from "./drive.ts";
import { runtimeErrors } from "./errors.ts";
import type { Lease } from "./runs.ts";

export interface Worker extends AsyncDisposable {
  /** Looks for runs until disposed. */
  start(): void;
  /** Works on what is due until nothing is; for tests and for a last effort before a shutdown. */
  drain(): Promise<void>;
  /** Something may be due now. */
  wake(): void;
  /** The owner stopped a run that this worker may be in the middle of. */
  interrupt(runId: RunId): void;
}

interface Held {
  readonly lost: AbortController;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** Leases runs and drives them, several at a time. `name` tells workers apart in the lease. */
export function createWorker(deps: Deps, name: string): Worker {
  const held = new Map<RunId, Held>();
  const closing = new AbortController();
  let started: Promise<void> | undefined;
  let ring = (): void => {};
  let rung = false;

  const wake = (): void => {
    rung = true;
    ring();
  };

  const takeOne = async (): Promise<boolean> => {
    if (closing.signal.aborted || held.size >= deps.config.concurrency) return false;
    const lease = await deps.runs.lease(name, deps.config.leaseMs);
    if (lease === null) return false;
    const lost = new AbortController();
    const stop = new AbortController();
    if (closing.signal.aborted) lost.abort(closing.signal.reason);
    const done = work(deps, name, { lease, lost, stop, closing: closing.signal }).finally(() => {
      held.delete(lease.runId);
      wake();
    });
    held.set(lease.runId, { lost, stop, done });
    return true;
  };

  const loop = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      rung = false;
      try {
        while (await takeOne());
      } catch (error) {
        deps.onFault(`Looking for runs failed: ${describeError(error)}`, error);
      }
      if (!rung) await pauseUntilRung(deps, closing.signal, (fn) => (ring = fn));
    }
  };

  return {
    wake,
    interrupt(runId) {
      held.get(runId)?.stop.abort(new Error("stopped by the owner"));
    },
    start() {
      started ??= loop();
    },
    async drain() {
      for (;;) {
        while (await takeOne());
        if (held.size === 0) return;
        await Promise.race([...held.values()].map(({ done }) => done));
      }
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new Error("shutting down"));
      wake();
      for (const { lost } of held.values()) lost.abort(new Error("shutting down"));
      await Promise.all([started, ...[...held.values()].map(({ done }) => done)]);
    },
  };
}

/** Sleeps until something rings, a sweep is due, or the worker closes. */
async function pauseUntilRung(deps: Deps, closing: AbortSignal, setRing: (fn: () => void) => void): Promise<void> {
  const awake = new AbortController();
  setRing(() => awake.abort(new Error("woken")));
  await deps.clock.sleep(deps.config.sweepMs, AbortSignal.any([awake.signal, closing])).catch(() => undefined);
}

/** Never rejects: a run whose step failed is left to its lease, and taken again when that has run out. */
async function work(
  deps: Deps,
  name: string,
  given: Pick<Held, "lost" | "stop"> & { readonly lease: Lease; readonly closing: AbortSignal },
): Promise<void> {
  const { lease, lost, stop } = given;
  const ended = new AbortController();
  const heartbeat = beat(deps, name, { lease, lost, ended: ended.signal });
  try {
    const stopped = AbortSignal.any([lost.signal, stop.signal]);
    await drive(deps, { lease, lost: lost.signal, stopped });
  } catch (error) {
    deps.hub.drop(lease.runId);
    const expected = lost.signal.aborted || isFreeholdError(error, runtimeErrors.RUN_LEASE_LOST.code);
    if (!expected) deps.onFault(`Run ${lease.runId} was dropped: ${describeError(error)}`, error);
    if (given.closing.aborted) await giveBack(deps, lease);
  } finally {
    ended.abort(new Error("ended"));
    await heartbeat;
  }
}

/** After an orderly end, the next start need not wait for the lease to run out. */
async function giveBack(deps: Deps, lease: Lease): Promise<void> {
  try {
    await deps.runs.park(undefined, lease, "queued", deps.clock.now());
  } catch (error) {
    deps.onFault(`Run ${lease.runId} could not be given back: ${describeError(error)}`, error);
  }
}

/** Renews the lease three times in its length; when it is gone, all work on the run stops. */
async function beat(
  deps: Deps,
  name: string,
  { lease, lost, ended }: { readonly lease: Lease; readonly lost: AbortController; readonly ended: AbortSignal },
): Promise<void> {
  const { leaseMs } = deps.config;
  while (!ended.aborted) {
    try {
      await deps.clock.sleep(leaseMs / 3, ended);
    } catch {
      return;
    }
    try {
      if (!(await deps.runs.renew(lease, name, leaseMs))) lost.abort(new Error("the lease is lost"));
    } catch (error) {
      deps.onFault(`The lease of run ${lease.runId} could not be renewed: ${describeError(error)}`, error);
    }
  }
}
