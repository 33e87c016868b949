import type { RouteInput, RouteName, RouteResponse } from "@freehold/contract";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { isAbort, problemOf, type Problem } from "../lib/problem.ts";
import { useApp } from "./app-context.tsx";
import type { Answer } from "./query-store.ts";

interface QueryOptions {
  /** Ask again after so many milliseconds while the page is visible. */
  readonly every?: number;
}

interface Query<T> extends Answer<T> {
  readonly reload: () => void;
}

/** An answer of the agent, asked for when the component appears, and again when the window gets the focus back. */
export function useQuery<N extends RouteName>(
  name: N,
  input: RouteInput<N>,
  { every }: QueryOptions = {},
): Query<RouteResponse<N>> {
  const { queries } = useApp();
  const key = JSON.stringify(input);
  // An equal input of another render is the same question: the first one stands for all of them.
  const [kept, setKept] = useState({ key, input });
  if (kept.key !== key) setKept({ key, input });
  const asked = kept.key === key ? kept.input : input;
  const subscribe = useCallback(
    (listener: () => void) => queries.subscribe(name, asked, listener),
    [queries, name, asked],
  );
  const answer = useSyncExternalStore(subscribe, () => queries.peek(name, asked));
  const reload = useCallback(() => void queries.ask(name, asked), [queries, name, asked]);
  useEffect(() => {
    reload();
    const onVisible = (): void => {
      if (document.visibilityState === "visible") reload();
    };
    document.addEventListener("visibilitychange", onVisible);
    const timer = every === undefined ? null : setInterval(onVisible, every);
    return () => {
      document.removeEventListener("visibilitychange", onVisible);
      if (timer !== null) clearInterval(timer);
    };
  }, [reload, every]);
  return { ...answer, reload };
}

interface Action<A extends unknown[]> {
  readonly run: (...args: A) => void;
  readonly busy: boolean;
  readonly problem: Problem | null;
  readonly reset: () => void;
}

/** Something the owner does: `busy` while it goes on, `problem` when it failed. `refresh` names what it changes. */
export function useAction<A extends unknown[]>(
  act: (...args: A) => Promise<unknown>,
  refresh: readonly RouteName[] = [],
): Action<A> {
  const { queries, tell } = useApp();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  async function go(args: A): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      await act(...args);
    } catch (error) {
      if (!isAbort(error)) setProblem(problemOf(error));
    } finally {
      // After a failure too: a conflict means that something else has changed.
      if (refresh.length > 0) tell(refresh);
      await queries.refresh(refresh);
      setBusy(false);
    }
  }
  return { run: (...args) => void go(args), busy, problem, reset: () => setProblem(null) };
}

/** The time, at most `every` milliseconds old. */
export function useNow(every = 30_000): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

export function useOnline(): boolean {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener("online", listener);
      window.addEventListener("offline", listener);
      return () => {
        window.removeEventListener("online", listener);
        window.removeEventListener("offline", listener);
      };
    },
    () => navigator.onLine,
  );
}

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    () => matchMedia(query).matches,
  );
}

export const phoneWidth = "(max-width: 719px)";
