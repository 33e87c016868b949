import { Worker } from "node:worker_threads";
import { FreeholdError } from "@freehold/core";
import type { EngineResult } from "./engine.ts";
import { databaseErrors } from "./errors.ts";
import { fromFailure, type PgliteReply, type PgliteRequest } from "./pglite-messages.ts";
import type { PgliteWire } from "./pglite-wire.ts";

interface Waiting {
  readonly resolve: (result: EngineResult) => void;
  readonly reject: (error: Error) => void;
}

type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;

/** PGlite in a thread of its own. Rejects when the directory holds no usable database. */
export async function threadWire(directory: string): Promise<PgliteWire> {
  const worker = new Worker(new URL("pglite-worker.ts", import.meta.url), { workerData: { directory } });
  const waiting = new Map<number, Waiting>();
  const listeners: ((channel: string, payload: string) => void)[] = [];
  let lastId = 0;
  let gone: Error | undefined;

  const failAll = (error: Error): void => {
    gone ??= error;
    for (const one of waiting.values()) one.reject(error);
    waiting.clear();
  };
  const send = (request: WithoutId<PgliteRequest>): Promise<EngineResult> =>
    new Promise((resolve, reject) => {
      if (gone !== undefined) {
        reject(gone);
        return;
      }
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      worker.postMessage({ ...request, id: lastId } satisfies PgliteRequest);
    });

  await new Promise<void>((resolve, reject) => {
    worker.on("error", (error: Error) => {
      failAll(error);
      reject(error);
    });
    worker.on("exit", () => {
      const error = gone ?? new FreeholdError(databaseErrors.DATABASE_CLOSED);
      failAll(error);
      reject(error);
    });
    worker.on("message", (message: PgliteReply) => {
      if (message.kind === "ready") resolve();
      else if (message.kind === "unusable") reject(fromFailure(message.failure));
      else if (message.kind === "notification") {
        for (const fn of listeners) fn(message.channel, message.payload);
      } else settle(waiting, message);
    });
  }).catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });

  return {
    query: (text, parameters) => send({ op: "query", text, parameters }),
    async script(text) {
      await send({ op: "script", text });
    },
    onNotification(fn) {
      listeners.push(fn);
    },
    async close() {
      await send({ op: "close" });
      await worker.terminate();
    },
  };
}

function settle(waiting: Map<number, Waiting>, message: Extract<PgliteReply, { kind: "result" | "failed" }>): void {
  const one = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.kind === "result") one?.resolve({ rows: message.rows, command: message.command });
  else one?.reject(fromFailure(message.failure));
}
