import type { Clock, RunId, TurnId } from "@freehold/core";
import type { LoggedEvent } from "./events.ts";
import { type Hub, type OutputKind, outputFrom, type OutputPart } from "./hub.ts";
import type { RunLog } from "./log.ts";
import type { TurnStore } from "./ports.ts";

/** What a watcher receives. `id` is what it gives back as `after` to go on from there. */
export type RunFrame =
  /** `id` is the sequence number. */
  | { readonly kind: "event"; readonly id: string; readonly logged: LoggedEvent }
  /** `id` is `seq.n`: n UTF-16 units of the output of the inference that `seq` started, up to here. */
  | {
      readonly kind: "delta";
      readonly id: string;
      readonly messageId: TurnId;
      readonly output: OutputKind;
      readonly text: string;
    };

export interface SubscribeDeps {
  readonly log: RunLog;
  readonly hub: Hub;
  readonly turns: TurnStore;
  readonly clock: Clock;
  /** Asks the process that runs the inference for output from `from` on; nothing to do where all run in one. */
  readonly askFor: (runId: RunId, seq: number, from: number) => void;
}

/** A notification may be lost with its connection, so watchers also look for themselves. */
const pollMs = 2_000;

interface Position {
  seq: number;
  /** The inference whose output is being followed, and how much of it was sent. */
  following: { readonly seq: number; sent: number } | null;
}

/**
 * Events and output of a run, from `after` on, until it ends or the signal aborts. Before an inference's end is told,
 * all of its committed text has been: what was shown equals what is kept, whatever connection was cut meanwhile.
 */
export async function* subscribe(
  deps: SubscribeDeps,
  runId: RunId,
  options: { readonly after?: string; readonly signal?: AbortSignal },
): AsyncGenerator<RunFrame, void, undefined> {
  const position = parsePosition(options.after);
  const bell = createBell(deps, runId, options.signal);
  try {
    if (await hasEnded(deps, runId, position)) return;
    let events = true;
    while (options.signal?.aborted !== true) {
      for (const logged of events ? await deps.log.load(runId, position.seq) : []) {
        yield* completed(deps, logged, position);
        position.seq = logged.seq;
        position.following = followed(logged, position);
        yield { kind: "event", id: String(logged.seq), logged };
        if (logged.event.type === "run.finished") return;
      }
      yield* liveOutput(deps, runId, position);
      events = await bell.ring(position.seq);
    }
  } finally {
    bell.stop();
  }
}

/** `7` or `7.120`; anything else starts from the beginning. */
function parsePosition(after: string | undefined): Position {
  const match = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(after ?? "");
  const seq = Number(match?.[1] ?? 0);
  return { seq, following: match?.[2] === undefined ? null : { seq, sent: Number(match[2]) } };
}

/** A watcher that comes back may have the last event already, or that of an inference and none of its output. */
async function hasEnded(deps: SubscribeDeps, runId: RunId, position: Position): Promise<boolean> {
  if (position.seq === 0 || position.following !== null) return false;
  const [last] = await deps.log.load(runId, position.seq - 1);
  if (last?.seq !== position.seq) return false;
  position.following = followed(last, position);
  return last.event.type === "run.finished";
}

function followed(logged: LoggedEvent, position: Position): Position["following"] {
  if (logged.event.type === "infer.started") return { seq: logged.seq, sent: 0 };
  return logged.event.type === "infer.ended" ? null : position.following;
}

/** What is missing of the inference that this event ends, from the committed turn. */
async function* completed(deps: SubscribeDeps, logged: LoggedEvent, position: Position): AsyncGenerator<RunFrame> {
  const { event } = logged;
  const { following } = position;
  if (event.type !== "infer.ended" || event.turnId === null || following?.seq !== event.start) return;
  const [turn] = await deps.turns.byIds([event.turnId]);
  const parts = (turn?.parts ?? []).flatMap((part): OutputPart[] =>
    part.type === "text" || part.type === "reasoning" ? [{ kind: part.type, text: part.text }] : [],
  );
  for (const { kind, text, end } of outputFrom(parts, following.sent)) {
    yield { kind: "delta", id: `${String(event.start)}.${String(end)}`, messageId: event.turnId, output: kind, text };
  }
}

function* liveOutput(deps: SubscribeDeps, runId: RunId, position: Position): Generator<RunFrame> {
  const { following } = position;
  if (following === null) return;
  const live = deps.hub.live(runId, following.seq);
  if (live === null) {
    deps.askFor(runId, following.seq, following.sent);
    return;
  }
  for (const { kind, text, end } of outputFrom(live.parts, following.sent)) {
    following.sent = end;
    const id = `${String(following.seq)}.${String(end)}`;
    yield { kind: "delta", id, messageId: live.messageId, output: kind, text };
  }
}

interface Bell {
  /** Waits for something new; true when the log may hold more than `seq`. */
  ring(seq: number): Promise<boolean>;
  stop(): void;
}

function createBell(deps: SubscribeDeps, runId: RunId, signal: AbortSignal | undefined): Bell {
  const told = { seq: 0, output: false };
  let wake = (): void => {};
  const stopWatching = deps.hub.watch(runId, (woken) => {
    if (woken.what === "output") told.output = true;
    else told.seq = Math.max(told.seq, woken.seq);
    wake();
  });
  const onAbort = (): void => wake();
  const isOver = (): boolean => signal?.aborted === true;
  signal?.addEventListener("abort", onAbort, { once: true });
  return {
    async ring(seq) {
      let polled = false;
      while (told.seq <= seq && !told.output && !polled && !isOver()) {
        const poll = new AbortController();
        const woken = new Promise<false>((resolve) => {
          wake = () => resolve(false);
        });
        const due = deps.clock.sleep(pollMs, poll.signal).then(
          () => true,
          () => false,
        );
        polled = await Promise.race([woken, due]);
        poll.abort(new Error("woken"));
      }
      told.output = false;
      return polled || told.seq > seq;
    },
    stop() {
      stopWatching();
      signal?.removeEventListener("abort", onAbort);
    },
  };
}
