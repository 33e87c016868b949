import {
  FreeholdError,
  type Labels,
  type RunId,
  systemLabels,
  type ThreadId,
  type Turn,
  type Tx,
} from "@freehold/core";
import type { Deps } from "./deps.ts";
import { runtimeErrors } from "./errors.ts";
import type { LoggedEvent, NewEvent, RunEventInput } from "./events.ts";
import type { RecalledItem, Tool } from "./ports.ts";
import type { Lease } from "./runs.ts";
import { fold, foldAll, initialState, type RunState } from "./state.ts";

/** A run while this worker holds its lease. */
export interface HeldRun {
  readonly runId: RunId;
  readonly threadId: ThreadId;
  readonly lease: Lease;
  /** The fold of the log so far. */
  readonly state: RunState;
  /** Aborts when the lease is lost or the worker shuts down: stop at once and write nothing more. */
  readonly lost: AbortSignal;
  /** Aborts when the owner stops the run, and when `lost` does. */
  readonly stopped: AbortSignal;
  /** What was looked up once and may be looked up again. */
  readonly cache: { tools?: readonly Tool[]; recalled?: readonly RecalledItem[]; userTurn?: Turn | undefined };
  /** Appends after the last event that this worker knows of. Throws `RUN_LEASE_LOST`. */
  append(events: readonly NewEvent[], also?: (tx: Tx) => Promise<void>): Promise<void>;
  /** The same, where the events depend on what the transaction finds. */
  appendIn(body: (tx: Tx) => Promise<readonly NewEvent[]>): Promise<void>;
}

/** What a step leads to: the next step, or the run was given back. */
export type StepEnd = "go-on" | "parked";

export interface HoldOptions {
  readonly lease: Lease;
  readonly lost: AbortSignal;
  readonly stopped: AbortSignal;
}

/** Loads and folds the log, so that this worker can go on where the last one ended. */
export async function holdRun(deps: Deps, { lease, lost, stopped }: HoldOptions): Promise<HeldRun> {
  const { runId } = lease;
  let state = foldAll(initialState(runId), await deps.log.load(runId));
  const write = async (work: () => Promise<readonly LoggedEvent[]>): Promise<void> => {
    if (lost.aborted) throw new FreeholdError(runtimeErrors.RUN_LEASE_LOST, { runId });
    state = (await work()).reduce(fold, state);
    deps.hub.wake(runId, { what: "events", seq: state.seq });
  };
  const log = (events: readonly NewEvent[], tx?: Tx): Promise<readonly LoggedEvent[]> =>
    deps.log.append(runId, state.seq, events, { at: deps.clock.now(), ...(tx === undefined ? {} : { tx }) });

  return {
    runId,
    threadId: lease.threadId,
    lease,
    lost,
    stopped,
    cache: {},
    get state() {
      return state;
    },
    append: (events, also) =>
      write(() => {
        if (also === undefined) return log(events);
        return deps.db.transaction(async (tx) => {
          const logged = await log(events, tx);
          await also(tx);
          return logged;
        });
      }),
    appendIn: (body) => write(() => deps.db.transaction(async (tx) => log(await body(tx), tx))),
  };
}

/** An event that carries no text from outside. */
export function plain(event: RunEventInput, labels: Labels = systemLabels): NewEvent {
  return { event, labels };
}
