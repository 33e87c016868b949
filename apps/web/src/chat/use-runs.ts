import type { ApprovalCard, RunEvent, RunEventFrame } from "@freehold/contract";
import { useCallback, useEffect, useEffectEvent, useRef, useState } from "react";
import { problemOf, type Problem } from "../lib/problem.ts";
import { useApp } from "../store/app-context.tsx";
import { followRun, sleep } from "./follow-run.ts";
import { applyRunEvent, emptyRunView, type RunView } from "./run-view.ts";

export interface Runs {
  readonly views: ReadonlyMap<string, RunView>;
  /** True while the line to a running run is down. */
  readonly cut: boolean;
  readonly problem: Problem | null;
  /** Shows a decision at once, before the run tells of it. */
  readonly decided: (card: ApprovalCard) => void;
}

/** How long deltas are collected before the page is drawn again. */
const drawEvery = 40;
/** Finished runs of a long thread are read only this far back; older ones show their turns alone. */
const readBack = 30;

/** Collects events for a moment and then draws them all at once. */
function useViews(): {
  readonly views: ReadonlyMap<string, RunView>;
  readonly push: (runId: string, event: RunEvent) => void;
} {
  const [views, setViews] = useState<ReadonlyMap<string, RunView>>(new Map());
  const pending = useRef<{ readonly runId: string; readonly event: RunEvent }[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const push = useCallback((runId: string, event: RunEvent) => {
    pending.current.push({ runId, event });
    timer.current ??= setTimeout(() => {
      timer.current = null;
      const batch = pending.current.splice(0);
      setViews((before) => {
        const after = new Map(before);
        for (const { runId, event } of batch) {
          after.set(runId, applyRunEvent(after.get(runId) ?? emptyRunView(runId), event));
        }
        return after;
      });
    }, drawEvery);
  }, []);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  return { views, push };
}

/** Follows all of a thread's runs: the finished ones to their end at once, the running one as it goes. */
export function useRuns(runIds: readonly string[], onOver: (runId: string) => void): Runs {
  const { client } = useApp();
  const { views, push } = useViews();
  const [cut, setCut] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const followed = useRef(new Map<string, AbortController>());
  const over = useEffectEvent(onOver);

  useEffect(() => {
    async function follow(runId: string, { signal }: AbortController): Promise<void> {
      const onFrame = ({ event }: RunEventFrame): void => push(runId, event);
      try {
        await followRun({ client, runId, signal, onFrame, onLine: (line) => setCut(line === "cut"), sleep });
        setCut(false);
        if (!signal.aborted) over(runId);
      } catch (error) {
        setProblem(problemOf(error));
      }
    }
    for (const runId of runIds.slice(-readBack)) {
      if (followed.current.has(runId)) continue;
      const controller = new AbortController();
      followed.current.set(runId, controller);
      void follow(runId, controller);
    }
  }, [client, push, runIds]);

  useEffect(() => {
    const open = followed.current;
    return () => {
      for (const controller of open.values()) controller.abort();
      open.clear();
    };
  }, []);

  const decided = useCallback(
    (card: ApprovalCard) => push(card.runId, { type: "CUSTOM", name: "freehold.approval", value: card }),
    [push],
  );
  return { views, cut, problem, decided };
}
