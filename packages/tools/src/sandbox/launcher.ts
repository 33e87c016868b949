import type { Readable, Writable } from "node:stream";
import type { GrantedFolder } from "../registry/server-record.ts";

export interface LaunchLimits {
  /** Most bytes of private memory that each process of the server may use. */
  readonly memoryBytes: number;
  /** Most processes and threads; the kernel does not hold root to it. */
  readonly processes: number;
  /** Size of the server's temporary folder, in bytes. */
  readonly scratchBytes: number;
}

export const defaultLimits: LaunchLimits = {
  memoryBytes: 1024 * 1024 * 1024,
  processes: 256,
  scratchBytes: 128 * 1024 * 1024,
};

export interface LaunchSpec {
  readonly slug: string;
  /** The program's absolute path, then its arguments. */
  readonly argv: readonly string[];
  /** All that the server sees of an environment, besides PATH, HOME, LANG and TMPDIR. */
  readonly environment: Readonly<Record<string, string>>;
  /** Granted by the owner. */
  readonly folders: readonly GrantedFolder[];
  /** Where the program lies: its install folder, the directory of an interpreter. */
  readonly programFiles: readonly string[];
  readonly limits: LaunchLimits;
}

export interface LaunchedProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves once the process and all that it started have ended, with a phrase such as `with code 1`. */
  readonly ended: Promise<string>;
  /** Ends it at once, with everything that it started. */
  kill(): void;
}

export type LauncherKind = "bubblewrap" | "tool-runner" | "none";

export type LauncherStatus =
  | { readonly usable: true }
  /** `hint` names the command that installs what is missing. */
  | { readonly usable: false; readonly program: string; readonly hint: string };

/** Starts tool servers in a sandbox: no network, no secrets, a read-only machine, one writable folder at most. */
export interface Launcher {
  readonly kind: LauncherKind;
  status(): Promise<LauncherStatus>;
  /** Rejects with `SANDBOX_MISSING` rather than start anything outside the sandbox. */
  launch(spec: LaunchSpec): Promise<LaunchedProcess>;
}
