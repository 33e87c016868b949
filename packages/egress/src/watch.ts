import { FreeholdError, type Clock } from "@freehold/core";
import { egressErrors } from "./errors.ts";

/** Time and size that one request may take; null stands for no limit. */
export interface Limits {
  /** Until the head of the answer is there. */
  readonly headersMs: number;
  /** Between two pieces of the body, while somebody waits for one. */
  readonly idleMs: number;
  /** From start to end, for requests to strangers: a body that drips for ever ends here. */
  readonly totalMs: number | null;
  /** Of the decoded body. */
  readonly maxBytes: number | null;
  readonly maxRedirects: number;
}

/** Ends a request that takes too long by aborting its signal with `EGRESS_TIMEOUT`. */
export interface Watch {
  readonly signal: AbortSignal;
  /** The head is there. */
  answered(): void;
  /** Somebody waits for a piece of the body, or has it. */
  waiting(is: boolean): void;
  stop(): void;
}

export function startWatch(clock: Clock, limits: Limits, origin: string, outer: AbortSignal): Watch {
  const timeout = new AbortController();
  const stopped = new AbortController();
  const started = clock.now().getTime();
  let phase: "answer" | "send" = "answer";
  let since: number | null = started;

  const deadline = (): { at: number; ms: number; phase: string } => {
    const allowed = phase === "answer" ? limits.headersMs : limits.idleMs;
    const step = { at: (since ?? clock.now().getTime()) + allowed, ms: allowed, phase: words[phase] };
    const total = limits.totalMs;
    if (total === null || started + total > step.at) return step;
    return { at: started + total, ms: total, phase: "finish" };
  };
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const next = deadline();
      const left = next.at - clock.now().getTime();
      if (left <= 0) {
        timeout.abort(new FreeholdError(egressErrors.EGRESS_TIMEOUT, { origin, phase: next.phase, ms: next.ms }));
        return;
      }
      // A shorter limit may begin while this one runs.
      await clock.sleep(Math.min(left, limits.idleMs), stopped.signal);
    }
  };
  run().catch((error: unknown) => {
    if (!stopped.signal.aborted) timeout.abort(error);
  });
  return {
    signal: AbortSignal.any([outer, timeout.signal]),
    answered: () => {
      phase = "send";
      since = null;
    },
    waiting: (is) => {
      since = is ? clock.now().getTime() : null;
    },
    stop: () => stopped.abort(),
  };
}

const words = { answer: "answer", send: "send more of its answer" } as const;
