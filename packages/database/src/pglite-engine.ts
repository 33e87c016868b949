import type { Engine, Session } from "./engine.ts";
import { createMutex } from "./mutex.ts";
import type { PgliteWire } from "./pglite-wire.ts";

/** An engine over the one connection that PGlite has: whoever holds a session keeps all others waiting. */
export function createPgliteEngine(wire: PgliteWire, kind: "embedded" | "memory"): Engine {
  const exclusive = createMutex();
  const listeners = new Map<string, Set<(payload: string) => void>>();
  const session: Session = {
    query: (text, parameters) => wire.query(text, parameters),
    script: (text) => wire.script(text),
  };
  wire.onNotification((channel, payload) => {
    for (const fn of listeners.get(channel) ?? []) fn(payload);
  });

  return {
    kind,
    query: (text, parameters) => exclusive(() => wire.query(text, parameters)),
    withSession: (body) => exclusive(() => body(session)),
    async listen(channel, fn) {
      const fns = listeners.get(channel) ?? new Set();
      if (fns.size === 0) await exclusive(() => wire.script(`listen "${channel}"`));
      listeners.set(channel, fns.add(fn));
      return async () => {
        if (fns.delete(fn) && fns.size === 0) await exclusive(() => wire.script(`unlisten "${channel}"`));
      };
    },
    close: () => exclusive(() => wire.close()),
  };
}
