import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { FreeholdError } from "@freehold/core";
import { z } from "zod";
import { toolsErrors } from "../errors.ts";
import type { PinnedPackage } from "../registry/server-record.ts";
import { npmInstall, resolvePackage, type NpmConfig, type ResolvedPackage } from "./npm.ts";

export interface InstalledPackage {
  /** The server's own folder; read-only for the server. */
  readonly folder: string;
  /** How the package's program is started: an absolute program and perhaps a script. */
  readonly argv: readonly string[];
}

export interface Installer {
  /** Which version a range means now, with its integrity hash. */
  resolve(wanted: string): Promise<ResolvedPackage>;
  /**
   * Fetches exactly what the owner agreed to, once, into the server's own folder. Throws `TOOL_INSTALL_INTEGRITY` when
   * the registry sends anything else; a failure leaves nothing behind.
   */
  install(slug: string, pinned: PinnedPackage, bin: string | null): Promise<InstalledPackage>;
  remove(slug: string): Promise<void>;
}

export interface InstallerConfig extends NpmConfig {
  /** One folder per server is made in here. */
  readonly directory: string;
  /** The Node.js that runs installed servers. */
  readonly node: string;
  /** False while the owner wants nothing to leave the house. */
  readonly mayFetch: () => Promise<boolean>;
}

export function createInstaller(config: InstallerConfig): Installer {
  const folderOf = (slug: string): string => join(config.directory, slug);
  const mayFetch = async (): Promise<void> => {
    if (!(await config.mayFetch())) throw new FreeholdError(toolsErrors.TOOL_INSTALL_REFUSED);
  };
  return {
    async resolve(wanted) {
      await mayFetch();
      return resolvePackage(config, wanted);
    },
    async install(slug, pinned, bin) {
      await mayFetch();
      const folder = folderOf(slug);
      const fresh = `${folder}.new`;
      await rm(fresh, { recursive: true, force: true });
      await mkdir(fresh, { recursive: true, mode: 0o755 });
      try {
        await npmInstall(config, fresh, pinned);
        await checkIntegrity(fresh, pinned);
        const start = await startOf(fresh, pinned.name, bin);
        await rm(folder, { recursive: true, force: true });
        await rename(fresh, folder);
        const script = join(folder, "node_modules", pinned.name, start.script);
        return { folder, argv: start.node ? [config.node, script] : [script] };
      } catch (error) {
        await rm(fresh, { recursive: true, force: true });
        throw error;
      }
    },
    remove: (slug) => rm(folderOf(slug), { recursive: true, force: true }),
  };
}

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), integrity: z.string().optional() })),
});

async function checkIntegrity(folder: string, pinned: PinnedPackage): Promise<void> {
  const lock = lockSchema.parse(JSON.parse(await readFile(join(folder, "package-lock.json"), "utf8")));
  const got = lock.packages[`node_modules/${pinned.name}`];
  if (got?.version === pinned.version && got.integrity === pinned.integrity) return;
  throw new FreeholdError(toolsErrors.TOOL_INSTALL_INTEGRITY, { package: `${pinned.name}@${pinned.version}` });
}

const manifestSchema = z.object({ bin: z.union([z.string(), z.record(z.string(), z.string())]).optional() });

/** The package's program; `script` is relative to the package. */
async function startOf(
  folder: string,
  name: string,
  wanted: string | null,
): Promise<{ readonly script: string; readonly node: boolean }> {
  const home = join(folder, "node_modules", name);
  const { bin } = manifestSchema.parse(JSON.parse(await readFile(join(home, "package.json"), "utf8")));
  const own = name.split("/").at(-1) ?? name;
  const programs = typeof bin === "string" ? { [own]: bin } : (bin ?? {});
  const names = Object.keys(programs);
  const chosen = wanted ?? (names.includes(own) ? own : names.length === 1 ? names[0] : undefined);
  const script = chosen === undefined ? undefined : programs[chosen];
  if (script === undefined || join(home, script) !== join(home, join("/", script))) {
    const problem = `the package ${name} has no program ${wanted ?? "of its own"}`;
    throw new FreeholdError(toolsErrors.TOOL_COMMAND_INVALID, { problem });
  }
  return { script, node: /\.[cm]?js$/.test(script) || (await startsWithNode(join(home, script))) };
}

async function startsWithNode(path: string): Promise<boolean> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(128), 0, 128, 0);
  return /^#!.*\bnode\b/.test(buffer.subarray(0, bytesRead).toString("latin1"));
}
