import type { RunId, TurnId } from "@freehold/core";

export type OutputKind = "text" | "reasoning";

/** A stretch of a model's output; `at` counts UTF-16 units of all output of the inference before it. */
export interface OutputPart {
  readonly kind: OutputKind;
  readonly text: string;
}

/** What an inference in progress has said so far, in the order in which it said it. */
export interface LiveOutput {
  readonly messageId: TurnId;
  readonly parts: readonly OutputPart[];
  readonly length: number;
}

/** Output that went over to another process. */
export interface OutputChunk extends OutputPart {
  readonly runId: RunId;
  readonly seq: number;
  readonly messageId: TurnId;
  readonly at: number;
}

export type Woken =
  /** The log has events up to this sequence number; 0 when it is not known. */
  { readonly what: "events"; readonly seq: number } | { readonly what: "output" };

/** Meeting point of runs and those who watch them, within one process. Holds the text of live inferences only. */
export interface Hub {
  wake(runId: RunId, woken: Woken): void;
  watch(runId: RunId, fn: (woken: Woken) => void): () => void;
  /** Adds output at its end. A chunk from elsewhere that leaves a gap is not taken: the answer is false. */
  add(chunk: OutputChunk): boolean;
  /** Output of the inference that `seq` started; null when it is not live here. */
  live(runId: RunId, seq: number): LiveOutput | null;
  /** An inference that began before `seq` has ended; its text is a turn now, or void. */
  drop(runId: RunId, seq?: number): void;
}

interface Live {
  readonly seq: number;
  readonly messageId: TurnId;
  readonly parts: { readonly kind: OutputKind; text: string }[];
  length: number;
}

/** More inferences than any process runs or watches at a time. */
const mostLive = 1_000;

export function createHub(): Hub {
  const lives = new Map<RunId, Live>();
  const watchers = new Map<RunId, Set<(woken: Woken) => void>>();
  const wake = (runId: RunId, woken: Woken): void => {
    for (const fn of watchers.get(runId) ?? []) fn(woken);
  };

  return {
    wake,
    watch(runId, fn) {
      const fns = watchers.get(runId) ?? new Set();
      watchers.set(runId, fns.add(fn));
      return () => {
        fns.delete(fn);
        if (fns.size === 0) watchers.delete(runId);
      };
    },
    add(chunk) {
      const live = liveFor(lives, chunk);
      if (chunk.at > live.length) return false;
      const fresh = chunk.text.slice(live.length - chunk.at);
      if (fresh === "") return true;
      const last = live.parts.at(-1);
      if (last?.kind === chunk.kind) last.text += fresh;
      else live.parts.push({ kind: chunk.kind, text: fresh });
      live.length += fresh.length;
      wake(chunk.runId, { what: "output" });
      return true;
    },
    live(runId, seq) {
      const live = lives.get(runId);
      return live?.seq === seq ? live : null;
    },
    drop(runId, seq = Infinity) {
      if ((lives.get(runId)?.seq ?? Infinity) < seq) lives.delete(runId);
    },
  };
}

function liveFor(lives: Map<RunId, Live>, { runId, seq, messageId }: OutputChunk): Live {
  const known = lives.get(runId);
  if (known !== undefined && known.seq >= seq) return known;
  const fresh = { seq, messageId, parts: [], length: 0 };
  lives.delete(runId);
  lives.set(runId, fresh);
  // A chunk that came after its inference's end would stay for ever.
  const [oldest] = lives.keys();
  if (lives.size > mostLive && oldest !== undefined) lives.delete(oldest);
  return fresh;
}

/** The output from position `from` on, as stretches of one kind each, with the position behind each. */
export function outputFrom(
  parts: readonly OutputPart[],
  from: number,
): readonly (OutputPart & { readonly end: number })[] {
  let start = 0;
  return parts.flatMap(({ kind, text }) => {
    const end = start + text.length;
    const rest = text.slice(Math.max(0, from - start));
    start = end;
    return from < end && rest !== "" ? [{ kind, text: rest, end }] : [];
  });
}
