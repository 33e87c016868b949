import {
  type ApprovalId,
  FreeholdError,
  type RunId,
  systemLabels,
  type ThreadId,
  type TurnId,
  type Tx,
} from "@freehold/core";
import { type Approval, createApprovals, type Decided } from "./approvals.ts";
import { defaultConfig, type Deps, type RuntimeConfig, type RuntimePorts } from "./deps.ts";
import { runtimeErrors } from "./errors.ts";
import type { LoggedEvent, RunEventInput } from "./events.ts";
import { createHub } from "./hub.ts";
import { createRunLog, runsChannel } from "./log.ts";
import { createRemoteOutput, type RemoteOutput } from "./remote-output.ts";
import { createRuns, type RunView } from "./runs.ts";
import { type RunFrame, subscribe } from "./subscribe.ts";
import { createWorker, type Worker } from "./worker.ts";

export interface StartRun {
  readonly threadId: ThreadId;
  /** The owner's message, which the caller appends to memory in the same transaction. */
  readonly userTurnId: TurnId;
  /** The owner is there to answer questions; otherwise what would be asked is denied. */
  readonly attended: boolean;
  /** Makes a retried request harmless: the same key in the same thread finds the first run. */
  readonly clientKey?: string;
  /** Answers the same message again, leaving out what these runs answered. */
  readonly retries?: readonly RunId[];
}

export interface Runtime extends AsyncDisposable {
  /** Creates the run in the caller's transaction; a worker is woken by the commit. */
  startRun(tx: Tx, run: StartRun): Promise<RunId>;
  byClientKey(threadId: ThreadId, clientKey: string, tx?: Tx): Promise<RunView | null>;
  /** Stops the run at its next step, and what is under way at once. Throws `RUN_NOT_FOUND`. */
  stop(runId: RunId): Promise<void>;
  /** Counts once. Throws `APPROVAL_NOT_FOUND`, `APPROVAL_DECIDED`, `APPROVAL_EXPIRED`, `APPROVAL_CHANGED`. */
  decide(decision: Decided, tx?: Tx): Promise<Approval>;
  approvals(state: "waiting" | "decided"): Promise<readonly Approval[]>;
  approval(id: ApprovalId): Promise<Approval | null>;
  /** Throws `RUN_NOT_FOUND`. */
  run(runId: RunId): Promise<RunView>;
  /** Oldest first. */
  runsOf(threadId: ThreadId): Promise<readonly RunView[]>;
  /** Runs that have not ended. */
  openRuns(): Promise<readonly RunView[]>;
  events(runId: RunId, after?: number): Promise<readonly LoggedEvent[]>;
  /** Events and live output from `after` (the id of the last frame seen) until the run ends. */
  subscribe(
    runId: RunId,
    options?: { readonly after?: string; readonly signal?: AbortSignal },
  ): AsyncIterable<RunFrame>;
  /** Makes runs that a lifted kill switch held back due at once. */
  wakeAll(): Promise<void>;
  readonly worker: Pick<Worker, "start" | "drain">;
}

/** Joins the ports to a runtime. The caller opens the database with `runtimeMigrations`. */
export async function createRuntime(ports: RuntimePorts, config: Partial<RuntimeConfig> = {}): Promise<Runtime> {
  const hub = createHub();
  const self = ports.newId<RunId>();
  const onFault = ports.onFault ?? (() => {});
  const remote = ports.db.kind === "postgres" ? await createRemoteOutput({ db: ports.db, hub, self, onFault }) : null;
  const deps: Deps = {
    ...ports,
    failpoint: ports.failpoint ?? (() => {}),
    onFault,
    config: { ...defaultConfig, ...config },
    log: createRunLog(ports.db),
    runs: createRuns(ports.db, ports.clock),
    approvals: createApprovals(ports.db, ports.clock),
    hub,
    emit(chunk) {
      hub.add(chunk);
      remote?.send(chunk);
    },
  };
  const worker = createWorker(deps, self);
  const stopListening = await listen(deps, worker);
  return {
    ...commands(deps, worker),
    ...queries(deps, remote),
    worker,
    async [Symbol.asyncDispose]() {
      await worker[Symbol.asyncDispose]();
      await stopListening();
      await remote?.[Symbol.asyncDispose]();
    },
  };
}

/** News of runs, from this process and from others: watchers read on, workers look whether one may be taken. */
async function listen(deps: Deps, worker: Worker): Promise<() => Promise<void>> {
  return deps.db.listen(runsChannel, (payload) => {
    const [runId = "", what = ""] = payload.split(" ");
    const seq = /^\d+$/.test(what) ? Number(what) : 0;
    if (seq > 0) {
      deps.hub.drop(runId as RunId, seq);
      deps.hub.wake(runId as RunId, { what: "events", seq });
    }
    if (what === "stop") worker.interrupt(runId as RunId);
    // A first event is a new run; what is no number is a command. Other events are of runs that somebody holds.
    if (seq <= 1) worker.wake();
  });
}

function commands(deps: Deps, worker: Worker): Pick<Runtime, "startRun" | "stop" | "decide" | "wakeAll"> {
  const commandIn = async (tx: Tx, runId: RunId, kind: "stop" | "decide"): Promise<void> => {
    await deps.runs.command(tx, deps.newId<RunId>(), runId, kind);
    await deps.db.notify(tx, runsChannel, `${runId} ${kind}`);
  };
  return {
    async startRun(tx, run) {
      const id = deps.newId<RunId>();
      const { threadId, userTurnId, attended } = run;
      const compactedBefore = await deps.runs.compactedBefore(threadId, tx);
      await deps.runs.insert(tx, { id, threadId, userTurnId, clientKey: run.clientKey ?? null, compactedBefore });
      const event: RunEventInput = {
        type: "run.created",
        v: 1,
        threadId,
        userTurnId,
        attended,
        retries: [...(run.retries ?? [])],
        compactedBefore,
      };
      await deps.log.append(id, 0, [{ event, labels: systemLabels }], { at: deps.clock.now(), tx });
      deps.db.afterCommit(tx, () => worker.wake());
      return id;
    },
    async stop(runId) {
      await deps.db.transaction(async (tx) => {
        if ((await deps.runs.get(runId, tx)) === null) throw new FreeholdError(runtimeErrors.RUN_NOT_FOUND, { runId });
        await commandIn(tx, runId, "stop");
      });
      worker.interrupt(runId);
      worker.wake();
    },
    async decide(decision, tx) {
      const body = async (open: Tx): Promise<Approval> => {
        const approval = await deps.approvals.decide(open, decision);
        await commandIn(open, approval.runId, "decide");
        deps.db.afterCommit(open, () => worker.wake());
        return approval;
      };
      return tx === undefined ? deps.db.transaction(body) : body(tx);
    },
    async wakeAll() {
      await deps.runs.makeDue();
      worker.wake();
      await deps.db.notify(undefined, runsChannel, "all due");
    },
  };
}

function queries(
  deps: Deps,
  remote: RemoteOutput | null,
): Pick<Runtime, "approvals" | "approval" | "run" | "runsOf" | "openRuns" | "events" | "subscribe" | "byClientKey"> {
  const { log, hub, turns, clock } = deps;
  const askFor = (runId: RunId, seq: number, from: number): void => remote?.ask(runId, seq, from);
  return {
    byClientKey: (threadId, clientKey, tx) => deps.runs.byClientKey(threadId, clientKey, tx),
    approvals: (state) => deps.approvals.list(state),
    approval: (id) => deps.approvals.get(id),
    async run(runId) {
      const run = await deps.runs.get(runId);
      if (run === null) throw new FreeholdError(runtimeErrors.RUN_NOT_FOUND, { runId });
      return run;
    },
    runsOf: (threadId) => deps.runs.ofThread(threadId),
    openRuns: () => deps.runs.open(),
    events: (runId, after) => log.load(runId, after),
    subscribe: (runId, options = {}) => subscribe({ log, hub, turns, clock, askFor }, runId, options),
  };
}
