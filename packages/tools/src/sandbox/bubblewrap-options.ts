import { dirname } from "node:path";
import type { LaunchSpec } from "./launcher.ts";
import { serverEnvironment } from "./server-environment.ts";

/** Parts of the machine that programs need to run at all. Where one is a link, it stays one. */
export interface RootParts {
  readonly bound: readonly string[];
  readonly links: readonly { readonly path: string; readonly target: string }[];
}

/** Small files under /etc that libraries look at; no accounts, no keys, no host names. */
const etcFiles = ["/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/etc/ssl/certs"];

/** The sandbox, as options of bubblewrap. Order counts: later mounts lie over earlier ones. */
export function bubblewrapOptions(spec: LaunchSpec, root: RootParts): readonly string[] {
  const options = [
    "--unshare-all",
    "--unshare-user",
    "--disable-userns",
    "--die-with-parent",
    "--new-session",
    "--cap-drop",
    "ALL",
    "--clearenv",
    "--hostname",
    "tool-server",
  ];
  for (const path of root.bound) options.push("--ro-bind", path, path);
  for (const { path, target } of root.links) options.push("--symlink", target, path);
  for (const path of etcFiles) options.push("--ro-bind-try", path, path);
  options.push("--proc", "/proc", "--dev", "/dev");
  options.push("--size", String(spec.limits.scratchBytes), "--tmpfs", "/tmp");
  for (const path of spec.programFiles) options.push("--ro-bind", path, path);
  for (const { path, writable } of spec.folders) options.push(writable ? "--bind" : "--ro-bind", path, path);
  for (const [name, value] of Object.entries(serverEnvironment(spec.environment)))
    options.push("--setenv", name, value);
  options.push("--remount-ro", "/", "--chdir", workingFolder(spec));
  return options;
}

function workingFolder(spec: LaunchSpec): string {
  const writable = spec.folders.find((folder) => folder.writable);
  return writable?.path ?? spec.folders[0]?.path ?? "/tmp";
}

/** Limits that the kernel holds each process to. The memory limit counts private writable memory only. */
export function limitOptions(spec: LaunchSpec): readonly string[] {
  return [`--data=${spec.limits.memoryBytes}`, `--nproc=${spec.limits.processes}`, "--nofile=4096", "--core=0"];
}

/** Whether `path` is `/usr` or lies in a part of the root that is bound anyway. */
export function isInRoot(path: string, root: RootParts): boolean {
  for (let at = path; at !== dirname(at); at = dirname(at)) {
    if (root.bound.includes(at) || root.links.some((link) => link.path === at)) return true;
  }
  return false;
}
