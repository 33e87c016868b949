import { stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { FreeholdError } from "@freehold/core";
import { toolsErrors } from "../errors.ts";
import type { PinnedPackage } from "../registry/server-record.ts";
import { findProgram } from "../sandbox/find-program.ts";
import { importConfig } from "./config-import.ts";
import type { Installer } from "./installer.ts";
import { readNpxCommand } from "./npx-command.ts";
import { slugFor } from "./slug.ts";
import { splitCommand } from "./split-command.ts";

/** What registering would do, before anything of the server runs or is fetched. */
export interface ServerProposal {
  readonly slug: string;
  readonly transport:
    | {
        readonly kind: "stdio";
        /** Exactly what will be started, but for the place of an installed package. */
        readonly command: readonly string[];
        readonly package: PinnedPackage | null;
      }
    | { readonly kind: "http"; readonly url: string };
  /** Names of the variables that a configuration carried. */
  readonly environment: readonly string[];
  /** Bytes of the package once unpacked, without what it depends on. */
  readonly unpackedBytes: number | null;
  readonly warnings: readonly string[];
}

export type ProposalRequest = { readonly command: string } | { readonly url: string } | { readonly config: string };

export interface ProposeDeps {
  readonly installer: Installer;
  /** In the form of PATH. */
  readonly searchPath: string;
}

export async function propose(deps: ProposeDeps, request: ProposalRequest): Promise<readonly ServerProposal[]> {
  if ("url" in request) return [proposeUrl(request.url, slugFor(new URL(request.url).hostname))];
  if ("command" in request) return [await proposeCommand(deps, splitCommand(request.command), null)];
  const proposals: ServerProposal[] = [];
  for (const { name, target, environment } of importConfig(request.config)) {
    const proposal =
      "url" in target ? proposeUrl(target.url, slugFor(name)) : await proposeCommand(deps, target.argv, slugFor(name));
    proposals.push({ ...proposal, environment: Object.keys(environment) });
  }
  return proposals;
}

function proposeUrl(text: string, slug: string): ServerProposal {
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw invalid("an address must be http or https, without a user name in it");
  }
  return { slug, transport: { kind: "http", url: url.href }, environment: [], unpackedBytes: null, warnings: [] };
}

async function proposeCommand(
  deps: ProposeDeps,
  words: readonly string[],
  slug: string | null,
): Promise<ServerProposal> {
  const [program = ""] = words;
  const base = { environment: [], unpackedBytes: null };
  if (program === "npx" || program === "npx.cmd") {
    const npx = readNpxCommand(words);
    if (npx === null) throw invalid("npx is understood as: npx [-y] [-p package] name[@version] arguments");
    const { unpackedBytes, ...pinned } = await deps.installer.resolve(npx.package);
    const exact = `${pinned.name}@${pinned.version}`;
    const start = npx.bin === null ? [exact] : ["-p", exact, npx.bin];
    const command = ["npx", ...start, ...npx.arguments];
    const transport = { kind: "stdio" as const, command, package: pinned };
    const warnings = await argumentWarnings(npx.arguments);
    return { ...base, slug: slug ?? slugFor(pinned.name), transport, unpackedBytes, warnings };
  }
  if (program === "uvx" || program === "uv") {
    const found = await findProgram("uv", deps.searchPath);
    if (found === null) throw new FreeholdError(toolsErrors.TOOL_INSTALLER_MISSING, { program: "uv" });
    throw new FreeholdError(toolsErrors.TOOL_INSTALLER_UNSUPPORTED, { program: "uvx" });
  }
  const path = await findProgram(program, deps.searchPath);
  if (path === null) throw new FreeholdError(toolsErrors.TOOL_PROGRAM_MISSING, { program });
  const transport = { kind: "stdio" as const, command: [path, ...words.slice(1)], package: null };
  return { ...base, slug: slug ?? slugFor(nameOf(words)), transport, warnings: await argumentWarnings(words.slice(1)) };
}

/** `node /srv/notes/server.js` is called after the script, not after node. */
function nameOf(words: readonly string[]): string {
  const script = words.slice(1).find((word) => !word.startsWith("-"));
  const interpreter = /(^|\/)(node|python3?|deno|bun|ruby)$/.test(words[0] ?? "");
  return interpreter && script !== undefined ? script : (words[0] ?? "");
}

async function argumentWarnings(words: readonly string[]): Promise<readonly string[]> {
  const warnings: string[] = [];
  for (const word of words) {
    if (!isAbsolute(word)) continue;
    const found = await stat(word).catch(() => null);
    if (found !== null) warnings.push(`${word} is visible to the server only if its folder is granted.`);
  }
  return warnings;
}

function invalid(problem: string): FreeholdError {
  return new FreeholdError(toolsErrors.TOOL_COMMAND_INVALID, { problem });
}
