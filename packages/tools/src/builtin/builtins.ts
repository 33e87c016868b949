import type { Clock, Door, Money } from "@freehold/core";
import type { ResultStore } from "../results.ts";
import type { Builtin } from "./builtin.ts";
import { httpRequestTool } from "./http-request.ts";
import { recallTool, rememberTool, type MemoryTools } from "./memory.ts";
import { readMoreTool } from "./read-more.ts";
import { timeTool } from "./time.ts";

export interface BuiltinDeps {
  readonly clock: Clock;
  readonly door: Door;
  readonly memory: MemoryTools;
  readonly results: ResultStore;
  readonly parsePrice: (text: string) => Money | null;
  /** IANA name of the owner's time zone. */
  readonly zone: string;
}

export function createBuiltins(deps: BuiltinDeps): readonly Builtin[] {
  return [
    httpRequestTool({ ...deps, timeoutMs: 60_000 }),
    readMoreTool(deps.results),
    recallTool(deps.memory),
    rememberTool(deps.memory),
    timeTool(deps),
  ];
}
