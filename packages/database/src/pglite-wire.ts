import { PGlite, types } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import type { EngineResult } from "./engine.ts";
import type { Parameter } from "./parameters.ts";

/** A PGlite, in this thread or in another. Calls run in the order in which they come. */
export interface PgliteWire {
  query(text: string, parameters: readonly Parameter[]): Promise<EngineResult>;
  script(text: string): Promise<void>;
  /** One listener for the notifications of all channels. */
  onNotification(fn: (channel: string, payload: string) => void): void;
  close(): Promise<void>;
}

const parsers = {
  [types.INT8]: BigInt,
  [types.NUMERIC]: String,
  [types.DATE]: String,
  [types.INTERVAL]: String,
};

export interface PgliteOptions {
  /** Absent: in memory. */
  readonly directory?: string;
  /** A dumped data directory to begin with. */
  readonly snapshot?: Blob;
}

export function openPglite(options: PgliteOptions): Promise<PGlite> {
  return PGlite.create({
    ...(options.directory === undefined ? {} : { dataDir: options.directory }),
    ...(options.snapshot === undefined ? {} : { loadDataDir: options.snapshot }),
    extensions: { vector },
    parsers,
  });
}

/** PGlite in this thread. */
export function localWire(pglite: PGlite): PgliteWire {
  return {
    async query(text, parameters) {
      const result = await pglite.query(text, [...parameters]);
      return { rows: result.rows, command: result.command ?? "" };
    },
    async script(text) {
      await pglite.exec(text);
    },
    onNotification(fn) {
      pglite.onNotification(fn);
    },
    close: () => pglite.close(),
  };
}
