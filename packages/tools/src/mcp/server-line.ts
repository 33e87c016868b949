import type { AsyncLocalStorage } from "node:async_hooks";
import { StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import { FreeholdError, ownerLabels, type Clock, type Door, type Errand } from "@freehold/core";
import { toolsErrors } from "../errors.ts";
import type { Launcher, LaunchSpec } from "../sandbox/launcher.ts";
import { createProcessTransport, type ProcessTransport } from "./process-transport.ts";

/** One way to reach one server. */
export interface ServerLine {
  open(observer: LineObserver): OpenLine;
  flooded(problem: string): FreeholdError;
}

export interface LineObserver {
  readonly log: (line: string) => void;
  readonly onFlood: (problem: string) => void;
}

export interface OpenLine {
  readonly transport: () => Transport;
  /** How the newest process ended; null while it runs, and for HTTP. */
  readonly ending: () => string | null;
}

export function createProcessLine(deps: { launcher: Launcher; spec: LaunchSpec; clock: Clock }): ServerLine {
  const { launcher, spec, clock } = deps;
  return {
    flooded: (problem) => new FreeholdError(toolsErrors.TOOL_SERVER_FLOOD, { slug: spec.slug, problem }),
    open(observer) {
      let newest: ProcessTransport | undefined;
      return {
        transport() {
          newest = createProcessTransport({
            launch: () => launcher.launch(spec),
            clock,
            log: observer.log,
            onFlood: observer.onFlood,
          });
          return newest;
        },
        ending: () => newest?.endedBy() ?? null,
      };
    },
  };
}

/** The errand of the call that is being made, so that the ledger knows what was in its context. */
export type CurrentErrand = AsyncLocalStorage<Errand>;

export function createHttpLine(deps: { url: string; slug: string; door: Door; errand: CurrentErrand }): ServerLine {
  const url = new URL(deps.url);
  const standing: Errand = { who: `server:${deps.slug}`, why: "connect to a tool server", labels: ownerLabels };
  return {
    flooded: (problem) => new FreeholdError(toolsErrors.TOOL_SERVER_FLOOD, { slug: deps.slug, problem }),
    open: () => ({
      transport: () =>
        new StreamableHTTPClientTransport(url, {
          fetch: (target, init) => deps.door.configured(url.origin, deps.errand.getStore() ?? standing)(target, init),
        }),
      ending: () => null,
    }),
  };
}
