import { realpath, stat } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
import { FreeholdError } from "@freehold/core";
import { toolsErrors } from "./errors.ts";
import type { GrantedFolder } from "./registry/server-record.ts";

const systemFolders = ["/", "/proc", "/sys", "/dev", "/run", "/etc", "/boot", "/root/.ssh"];

/**
 * Checks the folders that an owner grants: existing, at most one writable, none that holds or lies in `closed` (our
 * own data, with its keys and tokens). Links are followed once, here, so that what is granted is what was checked.
 */
export async function grantFolders(
  asked: readonly GrantedFolder[],
  closed: readonly string[],
): Promise<readonly GrantedFolder[]> {
  const granted: GrantedFolder[] = [];
  for (const folder of asked) granted.push({ path: await checkFolder(folder.path, closed), writable: folder.writable });
  const writable = granted.filter((folder) => folder.writable);
  if (writable.length > 1) throw invalid(writable[1]?.path ?? "", "only one folder may be writable");
  return granted;
}

async function checkFolder(path: string, closed: readonly string[]): Promise<string> {
  if (!isAbsolute(path)) throw invalid(path, "the path is not absolute");
  const real = await realpath(path).catch(() => null);
  if (real === null || !(await stat(real)).isDirectory()) throw invalid(path, "there is no such folder");
  if (systemFolders.includes(real) || real.startsWith("/proc/")) throw invalid(path, "it belongs to the system");
  for (const secret of closed) {
    const inner = await realpath(secret).catch(() => secret);
    if (holds(real, inner) || holds(inner, real)) throw invalid(path, "it holds or lies in the data of this agent");
  }
  return real;
}

function holds(outer: string, inner: string): boolean {
  const way = relative(outer, inner);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function invalid(path: string, problem: string): FreeholdError {
  return new FreeholdError(toolsErrors.TOOL_FOLDER_INVALID, { path, problem });
}
