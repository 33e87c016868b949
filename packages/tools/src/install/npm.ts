import { FreeholdError, type JsonValue } from "@freehold/core";
import { z } from "zod";
import { toolsErrors } from "../errors.ts";
import type { PinnedPackage } from "../registry/server-record.ts";
import { findProgram } from "../sandbox/find-program.ts";
import { runProgram, type ProgramRun } from "../sandbox/spawn-process.ts";
import { oneSentence } from "../mcp/one-sentence.ts";
import { newestVersion } from "./newest-version.ts";
import { splitPackage } from "./npx-command.ts";

export interface NpmConfig {
  /** The environment of this process; npm gets the few variables of it that it needs. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface ResolvedPackage extends PinnedPackage {
  /** Bytes of the package itself once unpacked; null when the registry does not say. */
  readonly unpackedBytes: number | null;
}

const viewedSchema = z.object({
  name: z.string(),
  version: z.string(),
  "dist.integrity": z.string(),
  "dist.unpackedSize": z.number().optional(),
});

/** Asks the registry which version a range means now. Fetches metadata only; nothing is installed. */
export async function resolvePackage(config: NpmConfig, wanted: string): Promise<ResolvedPackage> {
  const { name, range } = splitPackage(wanted);
  const fields = ["name", "version", "dist.integrity", "dist.unpackedSize"];
  const run = await npm(config, ["view", `${name}@${range}`, ...fields, "--json"]);
  const failed = (problem: string): FreeholdError =>
    new FreeholdError(toolsErrors.TOOL_PACKAGE_NOT_FOUND, { package: wanted, problem });
  if (run.code !== 0) throw failed(problemOf(run));
  const listed = z.union([z.array(viewedSchema), viewedSchema.transform((one) => [one])]).safeParse(parse(run.stdout));
  if (!listed.success) throw failed("no version matches, or the registry gives no integrity hash");
  const version = newestVersion(listed.data.map((entry) => entry.version));
  const found = listed.data.find((entry) => entry.version === version);
  if (found === undefined) throw failed("no version matches");
  return {
    name: found.name,
    version: found.version,
    integrity: found["dist.integrity"],
    unpackedBytes: found["dist.unpackedSize"] ?? null,
  };
}

/** Fetches one exact version with what it depends on into a folder. No script of any package is run. */
export async function npmInstall(config: NpmConfig, folder: string, pinned: PinnedPackage): Promise<void> {
  const named = `${pinned.name}@${pinned.version}`;
  const run = await npm(config, [
    "install",
    "--prefix",
    folder,
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--save-exact",
    "--omit=dev",
    "--install-strategy=hoisted",
    "--global=false",
    named,
  ]);
  if (run.code !== 0) {
    throw new FreeholdError(toolsErrors.TOOL_INSTALL_FAILED, { package: named, problem: problemOf(run) });
  }
}

const passedOn = [
  "PATH",
  "HOME",
  "TMPDIR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "npm_config_registry",
  "npm_config_cafile",
  "npm_config_cache",
  "npm_config_userconfig",
  "NPM_CONFIG_REGISTRY",
  "NPM_CONFIG_CAFILE",
  "NPM_CONFIG_CACHE",
  "NPM_CONFIG_USERCONFIG",
];

async function npm(config: NpmConfig, words: readonly string[]): Promise<ProgramRun> {
  const program = await findProgram("npm", config.environment["PATH"] ?? "");
  if (program === null) throw new FreeholdError(toolsErrors.TOOL_INSTALLER_MISSING, { program: "npm" });
  const environment: Record<string, string> = {};
  for (const name of passedOn) {
    const value = config.environment[name];
    if (value !== undefined) environment[name] = value;
  }
  return runProgram([program, ...words], { environment, timeoutMs: 300_000 });
}

function parse(text: string): JsonValue | null {
  try {
    return z.json().parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function problemOf(run: ProgramRun): string {
  if (run.code === 124) return "npm took longer than five minutes";
  const lines = run.stderr.split("\n").filter((line) => /^npm (error|ERR!)/.test(line));
  const telling = lines.map((line) => line.replace(/^npm (error|ERR!)\s*/, "")).filter((line) => line !== "");
  return oneSentence(telling.slice(0, 3).join(" "), 300).replace(/[.!?]$/, "");
}
