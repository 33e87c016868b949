import { execFile, spawn } from "node:child_process";
import { Writable } from "node:stream";
import type { LaunchedProcess } from "./launcher.ts";

export interface SpawnOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** Written to file descriptor 3, which the program reads to its end. */
  readonly descriptor3?: string;
  readonly cwd?: string;
}

/** Starts a program in a process group of its own. Rejects when it cannot be started at all. */
export function spawnProcess(argv: readonly string[], options: SpawnOptions): Promise<LaunchedProcess> {
  const [program = "", ...args] = argv;
  const child = spawn(program, args, {
    env: { ...options.environment },
    cwd: options.cwd,
    stdio: ["pipe", "pipe", "pipe", options.descriptor3 === undefined ? "ignore" : "pipe"],
    detached: true,
  });
  const { stdin, stdout, stderr, pid } = child;
  if (stdin === null || stdout === null || stderr === null) return Promise.reject(new Error("no pipes"));
  // A server that ends early closes its pipes; its end is told by `ended`.
  stdin.on("error", () => undefined);
  const handover = child.stdio[3];
  if (options.descriptor3 !== undefined && handover instanceof Writable) {
    handover.on("error", () => undefined);
    handover.end(options.descriptor3);
  }
  const ended = new Promise<string>((resolve) => {
    child.once("close", (code, signal) => resolve(signal === null ? `with code ${code}` : `by ${signal}`));
  });
  const kill = (): void => {
    if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      child.kill("SIGKILL");
    }
  };
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("spawn", () => resolve({ stdin, stdout, stderr, ended, kill }));
  });
}

export interface ProgramRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; `code` is 127 when it could not be started and 124 after `timeoutMs`. */
export function runProgram(
  argv: readonly string[],
  options: {
    readonly environment: Readonly<Record<string, string>>;
    readonly cwd?: string;
    readonly timeoutMs: number;
  },
): Promise<ProgramRun> {
  const [program = "", ...args] = argv;
  const settings = {
    env: { ...options.environment },
    cwd: options.cwd,
    timeout: options.timeoutMs,
    killSignal: "SIGKILL" as const,
    maxBuffer: 16 * 1024 * 1024,
  };
  return new Promise((resolve) => {
    execFile(program, args, settings, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : error.killed === true ? 124 : 127;
      resolve({ code, stdout, stderr });
    });
  });
}
