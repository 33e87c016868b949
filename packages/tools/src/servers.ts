import { FreeholdError, ownerLabels, type JsonObject, type ServerId } from "@freehold/core";
import { toolsErrors } from "./errors.ts";
import { grantFolders } from "./granted-folders.ts";
import type { Installer } from "./install/installer.ts";
import { readNpxCommand } from "./install/npx-command.ts";
import { propose, type ProposalRequest, type ServerProposal } from "./install/propose.ts";
import type { Sessions } from "./mcp/sessions.ts";
import type { SessionStatus } from "./mcp/server-session.ts";
import { declaredEffects, offeredName, type DeclaredEffects } from "./registry/definition.ts";
import type { DefinitionChoice, Registry, StoredDefinition } from "./registry/registry.ts";
import {
  slugPattern,
  type GrantedFolder,
  type PinnedPackage,
  type ServerRecord,
  type ServerTransport,
} from "./registry/server-record.ts";
import { findProgram } from "./sandbox/find-program.ts";
import type { Launcher, LauncherKind } from "./sandbox/launcher.ts";

export interface DefinitionView {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly effects: DeclaredEffects;
  /** Instructions of the server, which are pinned with each of its definitions. */
  readonly instructions: string;
  readonly hash: string;
}

export interface ToolView {
  /** As a model sees it: `slug__tool`. */
  readonly name: string;
  /** As the server calls it; `decide` takes this one. */
  readonly ownName: string;
  readonly state: "approved" | "quarantined" | "rejected" | "gone";
  readonly approved: DefinitionView | null;
  /** What the server says now, when that differs. */
  readonly offered: DefinitionView | null;
  /** Why the offered definition can never be approved. */
  readonly problem: string | null;
}

export interface ServerView extends ServerRecord {
  readonly status: SessionStatus;
  readonly tools: readonly ToolView[];
}

export interface RegisterRequest {
  readonly slug: string;
  readonly transport:
    | { readonly kind: "stdio"; readonly command: readonly string[]; readonly package: PinnedPackage | null }
    | { readonly kind: "http"; readonly url: string };
  readonly folders: readonly GrantedFolder[];
  readonly environment: Readonly<Record<string, string>>;
  readonly vetted: boolean;
  readonly unsandboxed: boolean;
  /** Hosts that the server may reach. Must be empty for now. */
  readonly network?: readonly string[];
}

export interface SandboxView {
  readonly kind: LauncherKind;
  readonly available: boolean;
  readonly hint: string | null;
}

/** What the owner does with tool servers. All of it is for the owner's own act, never for a model, a peer or a page. */
export interface ToolServers {
  sandbox(): Promise<SandboxView>;
  propose(request: ProposalRequest): Promise<readonly ServerProposal[]>;
  /** The owner's consent to a proposal: installs, registers, starts. A server that does not start is kept, with its error. */
  register(request: RegisterRequest): Promise<ServerView>;
  list(): Promise<readonly ServerView[]>;
  get(id: ServerId): Promise<ServerView>;
  update(id: ServerId, change: { readonly enabled?: boolean; readonly vetted?: boolean }): Promise<ServerView>;
  restart(id: ServerId): Promise<ServerView>;
  /** `name` is the server's own name of the tool, or the name that a model sees. */
  decide(id: ServerId, choice: DefinitionChoice): Promise<ServerView>;
  /** The server's own last lines; a stranger's text. */
  logs(id: ServerId): Promise<readonly string[]>;
  remove(id: ServerId): Promise<void>;
}

export interface ServersDeps {
  readonly registry: Registry;
  readonly sessions: Sessions;
  readonly installer: Installer;
  readonly sandboxed: Launcher;
  /** In the form of PATH. */
  readonly searchPath: string;
  /** Folders that no server may see: the data directory. */
  readonly closedFolders: readonly string[];
}

export function createToolServers(deps: ServersDeps): ToolServers {
  const { registry, sessions } = deps;
  const view = async (id: ServerId): Promise<ServerView> =>
    viewOf(deps, await registry.get(id), await registry.definitions(id));
  return {
    sandbox: () => sandboxView(deps.sandboxed),
    propose: (request) => propose(deps, request),
    async register(request) {
      const record = await registry.add(await prepare(deps, request));
      await startQuietly(deps, record);
      return view(record.id);
    },
    async list() {
      const definitions = await registry.definitions();
      return (await registry.list()).map((server) =>
        viewOf(
          deps,
          server,
          definitions.filter((definition) => definition.serverId === server.id),
        ),
      );
    },
    get: view,
    async update(id, change) {
      const record = await registry.update(id, change);
      if (change.enabled === false) await sessions.end(id);
      if (change.enabled === true) await startQuietly(deps, record);
      return view(id);
    },
    async restart(id) {
      const record = await registry.get(id);
      if (!record.enabled) throw new FreeholdError(toolsErrors.TOOL_SERVER_DISABLED, { slug: record.slug });
      await sessions.end(id);
      await startQuietly(deps, record);
      return view(id);
    },
    async decide(id, choice) {
      const { slug } = await registry.get(id);
      const all = await registry.definitions(id);
      const named = all.find(({ definition }) => offeredName(slug, definition.name) === choice.name);
      await registry.decide(id, { ...choice, name: named?.definition.name ?? choice.name });
      return view(id);
    },
    async logs(id) {
      return sessions.of(await registry.get(id)).logs();
    },
    async remove(id) {
      const { slug } = await registry.get(id);
      await sessions.end(id);
      await registry.remove(id);
      await deps.installer.remove(slug);
    },
  };
}

export async function sandboxView(launcher: Launcher): Promise<SandboxView> {
  const status = await launcher.status();
  const hint = status.usable ? null : `${status.program}: ${status.hint}`;
  return { kind: launcher.kind, available: status.usable, hint };
}

/** A start that fails is told by the server's status, which the owner is looking at. */
async function startQuietly(deps: ServersDeps, record: ServerRecord): Promise<void> {
  await deps.sessions
    .of(record)
    .ensure()
    .catch(() => undefined);
}

async function prepare(deps: ServersDeps, request: RegisterRequest): Promise<Omit<ServerRecord, "id" | "addedAt">> {
  const { slug, environment, vetted, unsandboxed } = request;
  if (!slugPattern.test(slug) || slug === "builtin") throw invalid(`"${slug}" is no short name for a server`);
  if ((await deps.registry.list()).some((other) => other.slug === slug)) {
    throw new FreeholdError(toolsErrors.TOOL_SLUG_TAKEN, { slug });
  }
  if (request.network !== undefined && request.network.length > 0) {
    throw new FreeholdError(toolsErrors.TOOL_NETWORK_UNSUPPORTED);
  }
  const folders = await grantFolders(request.folders, deps.closedFolders);
  const secret = Object.keys(environment).length > 0;
  return {
    slug,
    transport: await prepareTransport(deps, request),
    folders,
    environment,
    unsandboxed,
    vetted,
    enabled: true,
    labels: secret ? { ...ownerLabels, confidentiality: "secret" } : ownerLabels,
  };
}

async function prepareTransport(deps: ServersDeps, request: RegisterRequest): Promise<ServerTransport> {
  const { transport } = request;
  if (transport.kind === "http") return { kind: "http", url: new URL(transport.url).href };
  const { command, package: pinned } = transport;
  const [program = "", ...rest] = command;
  if (pinned === null) {
    const path = await findProgram(program, deps.searchPath);
    if (path === null) throw new FreeholdError(toolsErrors.TOOL_PROGRAM_MISSING, { program });
    if (/(^|\/)(npx|uvx)$/.test(path)) throw invalid(`${program} would fetch code at each start; propose it first`);
    return { kind: "stdio", command, resolved: [path, ...rest], package: null };
  }
  const npx = readNpxCommand(command);
  if (npx?.package !== `${pinned.name}@${pinned.version}`) throw invalid("it is not the command that was proposed");
  const installed = await deps.installer.install(request.slug, pinned, npx.bin);
  return { kind: "stdio", command, resolved: [...installed.argv, ...npx.arguments], package: pinned };
}

function viewOf(deps: ServersDeps, server: ServerRecord, definitions: readonly StoredDefinition[]): ServerView {
  return { ...server, status: deps.sessions.of(server).status(), tools: toolViews(server.slug, definitions) };
}

function toolViews(slug: string, definitions: readonly StoredDefinition[]): readonly ToolView[] {
  const names = [...new Set(definitions.map(({ definition }) => definition.name))];
  return names.flatMap((name) => {
    const own = definitions.filter(({ definition }) => definition.name === name);
    const approved = own.find(({ state }) => state === "approved");
    const offered =
      own.find((one) => one.offered && one !== approved) ?? (approved?.offered === true ? approved : undefined);
    if (approved === undefined && offered === undefined) return [];
    const state =
      offered === undefined
        ? "gone"
        : offered === approved
          ? "approved"
          : offered.state === "rejected"
            ? "rejected"
            : "quarantined";
    return [
      {
        name: offeredName(slug, name),
        ownName: name,
        state,
        approved: approved === undefined ? null : definitionView(slug, approved),
        offered: offered === undefined || offered === approved ? null : definitionView(slug, offered),
        problem: offered?.problem ?? null,
      },
    ];
  });
}

function definitionView(slug: string, { definition, hash }: StoredDefinition): DefinitionView {
  return {
    name: offeredName(slug, definition.name),
    description: definition.description,
    inputSchema: definition.inputSchema,
    effects: declaredEffects(definition.annotations),
    instructions: definition.instructions,
    hash,
  };
}

function invalid(problem: string): FreeholdError {
  return new FreeholdError(toolsErrors.TOOL_COMMAND_INVALID, { problem });
}
