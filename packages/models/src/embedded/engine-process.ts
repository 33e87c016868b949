import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { FreeholdError } from "@freehold/core";
import { modelsErrors } from "../errors.ts";
import { createMailbox, type Mailbox } from "./mailbox.ts";
import { reportSchema, type Command, type Report } from "./protocol.ts";

export interface EngineOptions {
  /** Shown in errors. */
  readonly label: string;
  readonly path: string;
  readonly contextTokens: number;
  readonly threads: number;
}

type Work<T = Command> = T extends { type: "count" | "generate" } ? Omit<T, "id"> : never;

/** Weights in a process of their own: when that dies, the next request starts another. */
export interface EngineProcess extends AsyncDisposable {
  /** Starts the process when it is not there. Gives the context in tokens as served. */
  load(): Promise<number>;
  /** Reports up to the last one, which is none of `text`. Throws `MODEL_ENGINE_CRASHED` when the process ends before. */
  run(work: Work, signal?: AbortSignal): AsyncGenerator<Report, void, void>;
  /** Null while nothing is loaded. */
  readonly pid: number | null;
  /** Nothing is being loaded, counted or generated. */
  readonly idle: boolean;
}

interface Running {
  readonly child: ChildProcess;
  readonly mailboxes: Map<number, Mailbox<Report>>;
}

interface Loaded extends Running {
  readonly contextTokens: Promise<number>;
}

const workerFile = fileURLToPath(new URL("worker.ts", import.meta.url));

/** Only what the dynamic loader and the engine need: no secret of the service reaches this process. */
const passedOn = ["PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "TMPDIR"];

export function createEngineProcess(options: EngineOptions): EngineProcess {
  let running: Loaded | null = null;
  let lastId = 0;
  const nextId = (): number => (lastId += 1);

  const start = (): Loaded => {
    const begun = startWorker(options.label, () => {
      if (running?.child === begun.child) running = null;
    });
    const contextTokens = load(begun, options, nextId());
    // Whoever asked for it hears of a failure; without this line a crash before anyone awaits would end the service.
    contextTokens.catch(() => begun.child.kill("SIGKILL"));
    return { ...begun, contextTokens };
  };

  return {
    async load() {
      running ??= start();
      return running.contextTokens;
    },
    async *run(work, signal) {
      running ??= start();
      const current = running;
      await current.contextTokens;
      yield* exchange(current, { ...work, id: nextId() }, signal);
    },
    get pid() {
      return running?.child.pid ?? null;
    },
    get idle() {
      return running === null || running.mailboxes.size === 0;
    },
    async [Symbol.asyncDispose]() {
      const child = running?.child;
      running = null;
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      await new Promise<void>((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGKILL");
      });
    },
  };
}

function startWorker(label: string, onEnd: () => void): Running {
  const mailboxes = new Map<number, Mailbox<Report>>();
  const env = Object.fromEntries(
    passedOn.map((name) => [name, process.env[name]]).filter(([, value]) => value !== undefined),
  );
  const child = fork(workerFile, [], { env, execArgv: [], stdio: ["ignore", "ignore", "pipe", "ipc"] });
  const stderr = lastLine(child);
  child.on("message", (message: unknown) => {
    const report = reportSchema.parse(message);
    mailboxes.get(report.id)?.put(report);
  });
  const fail = (problem: string): void => {
    onEnd();
    const error = new FreeholdError(modelsErrors.MODEL_ENGINE_CRASHED, { model: label, problem });
    for (const mailbox of mailboxes.values()) mailbox.fail(error);
    mailboxes.clear();
  };
  child.on("error", (error) => fail(error.message));
  child.on("exit", (code, signal) => fail(stderr() ?? (signal === null ? `exit code ${code}` : `signal ${signal}`)));
  return { child, mailboxes };
}

async function load(running: Running, options: EngineOptions, id: number): Promise<number> {
  const { label, ...rest } = options;
  for await (const report of exchange(running, { type: "load", id, ...rest })) {
    if (report.type === "loaded") return report.contextTokens;
    if (report.type === "failed") {
      throw new FreeholdError(modelsErrors.MODEL_FILE_INVALID, { file: label, problem: report.problem });
    }
  }
  throw new FreeholdError(modelsErrors.MODEL_ENGINE_CRASHED, { model: label, problem: "it gave no answer" });
}

async function* exchange(
  { child, mailboxes }: Running,
  command: Command,
  signal?: AbortSignal,
): AsyncGenerator<Report, void, void> {
  const { id } = command;
  const mailbox = createMailbox<Report>();
  mailboxes.set(id, mailbox);
  const send = (message: Command): void => {
    if (child.connected) child.send(message);
  };
  const stop = (): void => send({ type: "abort", id });
  let ended = false;
  try {
    if (!child.connected)
      mailbox.fail(
        new FreeholdError(modelsErrors.MODEL_ENGINE_CRASHED, { model: "the model", problem: "it had ended" }),
      );
    send(command);
    if (signal?.aborted === true) stop();
    signal?.addEventListener("abort", stop, { once: true });
    while (!ended) {
      const report = await mailbox.take();
      ended = report.type !== "text";
      yield report;
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    mailboxes.delete(id);
    if (!ended) stop();
  }
}

/** The last thing that the process said before it ended: for a failed allocation, the engine's own words. */
function lastLine(child: ChildProcess): () => string | null {
  let tail = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    tail = (tail + chunk).slice(-2_000);
  });
  return () =>
    tail
      .trim()
      .split("\n")
      .findLast((line) => line.trim() !== "")
      ?.trim() ?? null;
}
