import type { Clock } from "@freehold/core";

export interface FakeClock extends Clock {
  /** Moves time on, waking sleepers in the order in which they are due. */
  advance(ms: number): Promise<void>;
  /** Sleepers that wait. */
  readonly sleeping: number;
}

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** Time stands still until a test moves it. */
export function fakeClock(start = "2026-01-01T00:00:00.000Z"): FakeClock {
  let time = Date.parse(start);
  const sleepers = new Set<Sleeper>();
  return {
    now: () => new Date(time),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(signal.reason as Error);
          return;
        }
        const stop = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason as Error);
        };
        const wake = (): void => {
          signal?.removeEventListener("abort", stop);
          resolve();
        };
        const sleeper = { due: time + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", stop, { once: true });
      }),
    async advance(ms) {
      const end = time + ms;
      for (;;) {
        const [next] = [...sleepers].filter(({ due }) => due <= end).sort((left, right) => left.due - right.due);
        if (next === undefined) break;
        sleepers.delete(next);
        time = Math.max(time, next.due);
        next.wake();
        // Lets the woken code run, and sleep again, before time goes on.
        await new Promise((resolve) => setImmediate(resolve));
      }
      time = end;
    },
    get sleeping() {
      return sleepers.size;
    },
  };
}
