import { AsyncLocalStorage } from "node:async_hooks";
import { dirname } from "node:path";
import { describeError, type Clock, type Door, type Errand, type ServerId } from "@freehold/core";
import type { Registry } from "../registry/registry.ts";
import type { ServerRecord } from "../registry/server-record.ts";
import { defaultLimits, type Launcher, type LaunchSpec } from "../sandbox/launcher.ts";
import { createHttpLine, createProcessLine, type ServerLine } from "./server-line.ts";
import { createServerSession, type ServerSession } from "./server-session.ts";

/** The connections to the registered servers of this process. */
export interface Sessions extends AsyncDisposable {
  of(server: ServerRecord): ServerSession;
  end(id: ServerId): Promise<void>;
  /** Runs `body` so that requests to HTTP servers stand in the ledger under this errand. */
  onErrand<T>(errand: Errand, body: () => Promise<T>): Promise<T>;
}

export interface SessionsDeps {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly door: Door;
  readonly sandboxed: Launcher;
  readonly direct: Launcher;
  /** Parent of the servers' install folders. */
  readonly installed: string;
  readonly startMs: number;
  readonly log: (line: string) => void;
}

export function createSessions(deps: SessionsDeps): Sessions {
  const sessions = new Map<ServerId, ServerSession>();
  const errand = new AsyncLocalStorage<Errand>();
  return {
    of(server) {
      const known = sessions.get(server.id);
      if (known !== undefined) return known;
      const session = createServerSession({
        slug: server.slug,
        clock: deps.clock,
        startMs: deps.startMs,
        line: lineOf(deps, server, errand),
        onList: (offered) => deps.registry.sync(server.id, offered),
      });
      sessions.set(server.id, session);
      return session;
    },
    async end(id) {
      const session = sessions.get(id);
      sessions.delete(id);
      await session?.stop();
    },
    onErrand: (own, body) => errand.run(own, body),
    async [Symbol.asyncDispose]() {
      const all = [...sessions.values()];
      sessions.clear();
      const ends = await Promise.allSettled(all.map((session) => session.stop()));
      for (const end of ends) {
        if (end.status === "rejected") deps.log(`a tool server did not end: ${describeError(end.reason)}`);
      }
    },
  };
}

function lineOf(deps: SessionsDeps, server: ServerRecord, errand: AsyncLocalStorage<Errand>): ServerLine {
  const { transport, slug } = server;
  if (transport.kind === "http") return createHttpLine({ url: transport.url, slug, door: deps.door, errand });
  const launcher = server.unsandboxed ? deps.direct : deps.sandboxed;
  return createProcessLine({
    launcher,
    spec: launchSpec(server, transport.resolved, deps.installed),
    clock: deps.clock,
  });
}

function launchSpec(server: ServerRecord, argv: readonly string[], installed: string): LaunchSpec {
  const [program = ""] = argv;
  const own = `${installed}/${server.slug}`;
  const fromPackage = server.transport.kind === "stdio" && server.transport.package !== null;
  return {
    slug: server.slug,
    argv,
    environment: server.environment,
    folders: server.folders,
    programFiles: fromPackage && dirname(program).startsWith(own) ? [own] : fromPackage ? [program, own] : [program],
    limits: defaultLimits,
  };
}
