import { type Clock, describeError } from "@freehold/core";
import type { Client } from "pg";
import { createMutex } from "./mutex.ts";

export interface PostgresListener {
  listen(channel: string, fn: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface ListenerOptions {
  readonly connect: () => Client;
  readonly clock: Clock;
  readonly onFault: (problem: string) => void;
}

const retryMs = 1_000;

/**
 * One connection for all channels, opened with the first. When it is lost, it is opened again and listens as before;
 * what was sent in between is lost, so whoever listens also looks for itself from time to time.
 */
export function createPostgresListener(options: ListenerOptions): PostgresListener {
  const channels = new Map<string, Set<(payload: string) => void>>();
  const exclusive = createMutex();
  const closing = new AbortController();
  let client: Client | undefined;

  const open = async (): Promise<Client> => {
    const fresh = options.connect();
    const onLost = (problem: string): void => {
      if (client !== fresh) return;
      client = undefined;
      if (closing.signal.aborted) return;
      options.onFault(problem);
      // Ends early only when the handle is closed.
      reopen().catch(() => undefined);
    };
    fresh.on("error", (error) => onLost(describeError(error)));
    fresh.on("end", () => onLost("The connection for notifications ended."));
    fresh.on("notification", ({ channel, payload }) => {
      for (const fn of channels.get(channel) ?? []) fn(payload ?? "");
    });
    await fresh.connect();
    for (const channel of channels.keys()) await fresh.query(`listen "${channel}"`);
    client = fresh;
    return fresh;
  };

  const reopen = async (): Promise<void> => {
    let done = false;
    while (!closing.signal.aborted && !done) {
      await options.clock.sleep(retryMs, closing.signal);
      done = await exclusive(async () => client ?? (await open())).then(
        () => true,
        () => false,
      );
    }
  };

  return {
    async listen(channel, fn) {
      const fns = channels.get(channel) ?? new Set();
      channels.set(channel, fns.add(fn));
      await exclusive(async () => {
        const connection = client ?? (await open());
        await connection.query(`listen "${channel}"`);
      });
      return async () => {
        if (!fns.delete(fn) || fns.size > 0) return;
        channels.delete(channel);
        await exclusive(async () => {
          await client?.query(`unlisten "${channel}"`);
        });
      };
    },
    close() {
      closing.abort(new Error("closed"));
      return exclusive(async () => {
        const last = client;
        client = undefined;
        await last?.end();
      });
    },
  };
}
