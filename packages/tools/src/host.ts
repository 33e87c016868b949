import { hashJson, ownerLabels, type ChatToolCall, type Clock, type Door, type JsonObject } from "@freehold/core";
import type { Money, NewId, RunId, ThreadId, TurnId } from "@freehold/core";
import type { Database } from "@freehold/database";
import type { Builtin } from "./builtin/builtin.ts";
import { createBuiltins } from "./builtin/builtins.ts";
import type { MemoryTools } from "./builtin/memory.ts";
import type { Installer } from "./install/installer.ts";
import { createSessions } from "./mcp/sessions.ts";
import { declaredEffects, offeredName, type DeclaredEffects } from "./registry/definition.ts";
import { createRegistry, type Registry } from "./registry/registry.ts";
import { createResultStore } from "./results.ts";
import { createDirectLauncher } from "./sandbox/direct.ts";
import type { Launcher } from "./sandbox/launcher.ts";
import { callServerTool } from "./server-call.ts";
import { createToolServers, type ToolServers } from "./servers.ts";
import type { CallContext, CallOutcome, OfferedTool, ToolHost } from "./tool-outcome.ts";

export interface ToolHostConfig {
  /** Parent of the servers' install folders. */
  readonly installDirectory: string;
  /** Folders that no server may see: the data directory. */
  readonly closedFolders: readonly string[];
  /** In the form of PATH; where programs of servers are looked up. */
  readonly searchPath: string;
  /** IANA name of the owner's time zone. */
  readonly zone: string;
  /** Longest time in ms for a server to start and list its tools; 20,000 by default. */
  readonly startMs?: number;
  /** Longest silence in ms of a server during a call; 60,000 by default. */
  readonly callMs?: number;
  /** Longest time in ms of a call, progress or not; 600,000 by default. */
  readonly maxCallMs?: number;
}

export interface ToolHostDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly door: Door;
  readonly launcher: Launcher;
  readonly installer: Installer;
  readonly memory: MemoryTools;
  /** Reads an amount as a person writes it (`0.05 USDC`); null when it cannot be read. */
  readonly parsePrice: (text: string) => Money | null;
  readonly onProgress?: (callId: string, note: string) => void;
  readonly log: (line: string) => void;
}

export interface TriedCall {
  readonly status: "ok" | "error" | "denied" | "unknown";
  readonly text: string;
  readonly durationMs: number;
}

export interface BuiltinView {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly effects: DeclaredEffects;
}

/** The tools room: what runs see of it (`toolset`, `call`) and what the owner does with it. */
export interface Tools extends ToolHost, AsyncDisposable {
  readonly servers: ToolServers;
  readonly builtins: readonly BuiltinView[];
  /** Starts the servers that are switched on; each one's failure is told by its status. */
  start(): Promise<void>;
  /** One call by the owner's own hand, with an approved tool. A price that is asked for is not paid. */
  tryTool(name: string, given: JsonObject, signal: AbortSignal): Promise<TriedCall>;
  /** Lets go of the long results of a thread, when something in it is forgotten. */
  forgetResults(threadId: ThreadId): Promise<void>;
}

export function createToolHost(config: ToolHostConfig, deps: ToolHostDeps): Tools {
  const { db, clock, newId, door } = deps;
  const registry = createRegistry(db, clock, newId);
  const results = createResultStore(db, clock, newId);
  const sessions = createSessions({
    registry,
    clock,
    door,
    log: deps.log,
    sandboxed: deps.launcher,
    direct: createDirectLauncher(),
    installed: config.installDirectory,
    startMs: config.startMs ?? 20_000,
  });
  const servers = createToolServers({
    registry,
    sessions,
    installer: deps.installer,
    sandboxed: deps.launcher,
    searchPath: config.searchPath,
    closedFolders: config.closedFolders,
  });
  const { memory, parsePrice } = deps;
  const builtins = createBuiltins({ clock, door, memory, results, parsePrice, zone: config.zone });
  const calls = {
    registry,
    sessions,
    results,
    callMs: config.callMs ?? 60_000,
    maxCallMs: config.maxCallMs ?? 600_000,
    onProgress: deps.onProgress ?? (() => undefined),
  };
  const call = (wanted: ChatToolCall, context: CallContext): Promise<CallOutcome> => {
    const builtin = builtins.find(({ name }) => name === wanted.name);
    return builtin === undefined ? callServerTool(calls, wanted, context) : builtin.run(wanted, context);
  };
  return {
    servers,
    builtins: builtins.map(({ name, description, inputSchema, effects }) => ({
      name,
      description,
      inputSchema,
      effects,
    })),
    toolset: () => toolset(registry, builtins),
    call,
    async start() {
      const enabled = (await registry.list()).filter((server) => server.enabled);
      await Promise.allSettled(enabled.map((server) => sessions.of(server).ensure()));
    },
    tryTool: (name, given, signal) => tryTool({ clock, newId, call }, { name, given, signal }),
    forgetResults: (threadId) => results.forget(threadId),
    [Symbol.asyncDispose]: () => sessions[Symbol.asyncDispose](),
  };
}

async function toolset(registry: Registry, builtins: readonly Builtin[]): Promise<readonly OfferedTool[]> {
  const servers = new Map((await registry.list()).map((server) => [server.id, server]));
  const offered = builtins.map(offerBuiltin);
  for (const { serverId, state, offered: current, definition, hash } of await registry.definitions()) {
    const server = servers.get(serverId);
    if (server?.enabled !== true || state !== "approved" || !current) continue;
    const { description, inputSchema, annotations } = definition;
    offered.push({
      spec: { name: offeredName(server.slug, definition.name), description, inputSchema },
      serverId,
      serverName: server.slug,
      builtin: false,
      vetted: server.vetted,
      effects: declaredEffects(annotations),
      definitionHash: hash,
    });
  }
  return offered.toSorted((left, right) => (left.spec.name < right.spec.name ? -1 : 1));
}

function offerBuiltin({ name, description, inputSchema, effects, repeatable }: Builtin): OfferedTool {
  return {
    spec: { name, description, inputSchema },
    serverId: "builtin",
    serverName: "builtin",
    builtin: true,
    vetted: true,
    effects,
    definitionHash: hashJson({ name, description, inputSchema }),
    ...(repeatable === undefined ? {} : { repeatable }),
  };
}

async function tryTool(
  deps: {
    readonly clock: Clock;
    readonly newId: NewId;
    readonly call: (wanted: ChatToolCall, context: CallContext) => Promise<CallOutcome>;
  },
  { name, given, signal }: { readonly name: string; readonly given: JsonObject; readonly signal: AbortSignal },
): Promise<TriedCall> {
  const { clock, newId } = deps;
  const callId = newId<RunId>();
  const context: CallContext = {
    runId: newId<RunId>(),
    threadId: newId<ThreadId>(),
    turnId: newId<TurnId>(),
    callId,
    try: 1,
    labels: ownerLabels,
    signal,
  };
  const began = clock.now().getTime();
  const outcome = await deps.call({ callId, name, arguments: given }, context);
  const durationMs = clock.now().getTime() - began;
  switch (outcome.outcome) {
    case "ok":
    case "error":
      return { status: outcome.outcome, text: outcome.text, durationMs };
    case "payment_required":
      return { status: "denied", text: "The server asks for a payment; ask for this in a chat instead.", durationMs };
    case "unknown":
      return { status: "unknown", text: outcome.reason, durationMs };
  }
}
