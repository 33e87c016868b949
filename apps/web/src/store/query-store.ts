import type { Client, RouteInput, RouteName, RouteResponse } from "@freehold/contract";
import { isAbort, problemOf, type Problem } from "../lib/problem.ts";

/** What is known of one question to the agent. `data` outlives a failed refresh: the page keeps showing it. */
export interface Answer<T> {
  readonly data: T | null;
  readonly problem: Problem | null;
  readonly loading: boolean;
}

interface Entry {
  answer: Answer<unknown>;
  /** Asks again; replaced by whoever subscribes. */
  ask: () => Promise<void>;
  readonly listeners: Set<() => void>;
  asking: Promise<void> | null;
}

export interface QueryStore {
  peek<N extends RouteName>(name: N, input: RouteInput<N>): Answer<RouteResponse<N>>;
  subscribe<N extends RouteName>(name: N, input: RouteInput<N>, listener: () => void): () => void;
  /** Asks now, unless the same question is on its way. Never rejects: a failure is part of the answer. */
  ask<N extends RouteName>(name: N, input: RouteInput<N>): Promise<void>;
  /** Puts an answer in place, such as the body that a PUT returned. */
  put<N extends RouteName>(name: N, input: RouteInput<N>, data: RouteResponse<N>): void;
  /** Asks again for every shown answer of these routes, and forgets the others. Resolves when all have come. */
  refresh(names: readonly RouteName[]): Promise<void>;
  refreshAll(): Promise<void>;
}

const nothing: Answer<never> = { data: null, problem: null, loading: true };

/** Answers by question, shared by all components of the page. */
export function createQueryStore(call: Client["call"]): QueryStore {
  const entries = new Map<string, Entry>();
  const keyOf = (name: RouteName, input: unknown): string => `${name} ${JSON.stringify(input)}`;

  function set(entry: Entry, answer: Answer<unknown>): void {
    entry.answer = answer;
    for (const listener of entry.listeners) listener();
  }

  function entryOf<N extends RouteName>(name: N, input: RouteInput<N>): Entry {
    const key = keyOf(name, input);
    const known = entries.get(key);
    if (known !== undefined) return known;
    const entry: Entry = { answer: nothing, listeners: new Set(), asking: null, ask: async () => undefined };
    entry.ask = async () => {
      entry.asking ??= (async () => {
        if (entry.answer.data === null && !entry.answer.loading) set(entry, { ...entry.answer, loading: true });
        try {
          set(entry, { data: await call(name, input), problem: null, loading: false });
        } catch (error) {
          if (!isAbort(error)) set(entry, { data: entry.answer.data, problem: problemOf(error), loading: false });
        } finally {
          entry.asking = null;
        }
      })();
      await entry.asking;
    };
    entries.set(key, entry);
    return entry;
  }

  async function refreshWhere(matches: (key: string) => boolean): Promise<void> {
    const asked: Promise<void>[] = [];
    for (const [key, entry] of entries) {
      if (!matches(key)) continue;
      if (entry.listeners.size === 0) entries.delete(key);
      else asked.push(entry.ask());
    }
    await Promise.all(asked);
  }

  return {
    peek: (name, input) => entryOf(name, input).answer as Answer<RouteResponse<typeof name>>,
    subscribe(name, input, listener) {
      const entry = entryOf(name, input);
      entry.listeners.add(listener);
      return () => entry.listeners.delete(listener);
    },
    ask: (name, input) => entryOf(name, input).ask(),
    put: (name, input, data) => set(entryOf(name, input), { data, problem: null, loading: false }),
    refresh: (names) => refreshWhere((key) => names.some((name) => key.startsWith(`${name} `))),
    refreshAll: () => refreshWhere(() => true),
  };
}
