import { lstat, readlink } from "node:fs/promises";
import { FreeholdError } from "@freehold/core";
import { toolsErrors } from "../errors.ts";
import { bubblewrapOptions, isInRoot, limitOptions, type RootParts } from "./bubblewrap-options.ts";
import { findProgram } from "./find-program.ts";
import type { LaunchedProcess, Launcher, LaunchSpec, LauncherStatus } from "./launcher.ts";
import { runProgram, spawnProcess } from "./spawn-process.ts";

const hint =
  "install it with: sudo apt-get install bubblewrap (Fedora: dnf install bubblewrap, Arch: pacman -S bubblewrap)";
const rootFolders = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store"];

/** Sandboxes of this machine. `searchPath` has the form of PATH; it is asked again at each start. */
export function createBubblewrapLauncher(config: { readonly searchPath: string }): Launcher {
  const probe = async (): Promise<{ bwrap: string; prlimit: string } | Extract<LauncherStatus, { usable: false }>> => {
    const bwrap = await findProgram("bwrap", config.searchPath);
    if (bwrap === null) return { usable: false, program: "bubblewrap (bwrap)", hint };
    const prlimit = await findProgram("prlimit", config.searchPath);
    if (prlimit === null) {
      return { usable: false, program: "prlimit", hint: "install it with: sudo apt-get install util-linux" };
    }
    return { bwrap, prlimit };
  };
  return {
    kind: "bubblewrap",
    async status() {
      const found = await probe();
      if ("usable" in found) return found;
      return tryOut(found.bwrap);
    },
    async launch(spec) {
      const found = await probe();
      if ("usable" in found) {
        throw new FreeholdError(toolsErrors.SANDBOX_MISSING, { program: found.program, install: found.hint });
      }
      return start(spec, found);
    },
  };
}

async function start(spec: LaunchSpec, programs: { bwrap: string; prlimit: string }): Promise<LaunchedProcess> {
  const root = await rootParts();
  const programFiles = spec.programFiles.filter((path) => !isInRoot(path, root));
  const options = bubblewrapOptions({ ...spec, programFiles }, root);
  // Options go over a pipe: a command line, and so the owner's variables, could be read by every user of the machine.
  return spawnProcess([programs.prlimit, ...limitOptions(spec), programs.bwrap, "--args", "3", "--", ...spec.argv], {
    environment: {},
    descriptor3: options.map((option) => `${option}\0`).join(""),
  });
}

async function rootParts(): Promise<RootParts> {
  const bound: string[] = [];
  const links: { path: string; target: string }[] = [];
  for (const path of rootFolders) {
    const found = await lstat(path).catch(() => null);
    if (found === null) continue;
    if (found.isSymbolicLink()) links.push({ path, target: await readlink(path) });
    else bound.push(path);
  }
  return { bound, links };
}

/** Installed is not usable: a container or a hardened kernel may forbid the namespaces. */
async function tryOut(bwrap: string): Promise<LauncherStatus> {
  const root = await rootParts();
  const spec = { slug: "probe", argv: [], environment: {}, folders: [], programFiles: [] };
  const options = bubblewrapOptions({ ...spec, limits: { memoryBytes: 0, processes: 0, scratchBytes: 65_536 } }, root);
  const run = await runProgram([bwrap, ...options, "--", "/usr/bin/env", "true"], {
    environment: {},
    timeoutMs: 10_000,
  });
  if (run.code === 0) return { usable: true };
  const said = run.stderr.trim().split("\n")[0] ?? "";
  return {
    usable: false,
    program: "bubblewrap (bwrap)",
    hint: `it is installed but cannot make a sandbox here (${said}); allow unprivileged user namespaces, or use the compose stack`,
  };
}
