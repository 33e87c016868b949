import { availableParallelism } from "node:os";
import { createEngineProcess, type EngineProcess } from "../embedded/engine-process.ts";

/** Engine processes by file: one holds weights at a time, since two large models fill a home server's memory. */
export interface Engines extends AsyncDisposable {
  /** An engine for the file; the process starts with its first request, and ends when another file's begins. */
  engine(options: { readonly label: string; readonly path: string; readonly contextTokens: number }): EngineProcess;
}

export function createEngines(): Engines {
  const engines = new Map<string, EngineProcess>();
  const threads = Math.max(1, Math.min(8, availableParallelism()));

  const stopOthers = async (keep: EngineProcess): Promise<void> => {
    for (const other of engines.values()) if (other !== keep && other.idle) await other[Symbol.asyncDispose]();
  };
  return {
    engine(options) {
      const key = JSON.stringify([options.path, options.contextTokens]);
      const known = engines.get(key);
      if (known !== undefined) return known;
      const raw = createEngineProcess({ ...options, threads });
      const engine: EngineProcess = {
        get pid() {
          return raw.pid;
        },
        get idle() {
          return raw.idle;
        },
        async load() {
          await stopOthers(engine);
          return raw.load();
        },
        async *run(work, signal) {
          await stopOthers(engine);
          yield* raw.run(work, signal);
        },
        [Symbol.asyncDispose]: () => raw[Symbol.asyncDispose](),
      };
      engines.set(key, engine);
      return engine;
    },
    async [Symbol.asyncDispose]() {
      for (const engine of engines.values()) await engine[Symbol.asyncDispose]();
    },
  };
}
