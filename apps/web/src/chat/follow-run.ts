import { ApiError, type Client, type RunEventFrame } from "@freehold/contract";
import { isAbort } from "../lib/problem.ts";

export interface FollowOptions {
  readonly client: Client;
  readonly runId: string;
  readonly signal: AbortSignal;
  readonly onFrame: (frame: RunEventFrame) => void;
  /** `cut` while the line is down and being built up again. */
  readonly onLine: (line: "live" | "cut") => void;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

const firstPause = 250;
const longestPause = 5_000;

function isEnd({ event }: RunEventFrame): boolean {
  return event.type === "RUN_FINISHED" || event.type === "RUN_ERROR";
}

/** Whether asking again can help: not for a run that is gone, nor for a reader who may not see it. */
function isFinal(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429;
}

/**
 * Reads a run's events to their end, through any number of cuts: each new line resumes after the last frame seen.
 * Resolves when the run is over or the signal fires; rejects when asking again cannot help.
 */
export async function followRun({ client, runId, signal, onFrame, onLine, sleep }: FollowOptions): Promise<void> {
  let after: string | undefined;
  let pause = firstPause;
  while (!signal.aborted) {
    try {
      for await (const frame of client.events(runId, after, signal)) {
        if (signal.aborted) return;
        onLine("live");
        pause = firstPause;
        if (frame.id !== "") after = frame.id;
        onFrame(frame);
        if (isEnd(frame)) return;
      }
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      if (isFinal(error)) throw error;
    }
    if (signal.aborted) return;
    onLine("cut");
    await sleep(pause, signal);
    pause = Math.min(pause * 2, longestPause);
  }
}

/** Resolves after the time, or at once when the signal fires. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
