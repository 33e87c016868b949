import type { RouteResponse } from "@freehold/contract";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { problemOf, type Problem } from "../lib/problem.ts";
import { randomKey } from "../lib/random-key.ts";
import { TopBar } from "../shell/top-bar.tsx";
import { useApp } from "../store/app-context.tsx";
import { useAction, useQuery } from "../store/hooks.ts";
import { Button } from "../ui/button.tsx";
import { Bones, ErrorLine, ErrorState } from "../ui/states.tsx";
import { useApprovalKeys } from "./approval-keys.ts";
import { Composer } from "./composer.tsx";
import { DemoBanner } from "./demo-banner.tsx";
import type { Details } from "./details-panel.tsx";
import { ExchangeBlock } from "./exchange.tsx";
import { ThreadActions } from "./thread-sheets.tsx";
import { answerText, transcript, type Exchange } from "./transcript.ts";
import { useRuns, type Runs } from "./use-runs.ts";
import { isOver, type RunView } from "./run-view.ts";
import { useStick } from "./use-stick.ts";

type ThreadDetail = RouteResponse<"threads.get">;
const noRuns: readonly string[] = [];
const noAssets = [] as const;

/** Sends messages of one thread. A text that failed is sent again under its old key, so it cannot start two runs. */
function useSend(threadId: string): {
  readonly send: (text: string) => Promise<boolean>;
  readonly retry: (runId: string) => void;
  readonly problem: Problem | null;
} {
  const { client, queries, tell } = useApp();
  const [problem, setProblem] = useState<Problem | null>(null);
  const key = useRef({ text: "", key: "" });
  const input = { params: { id: threadId } };
  const change = (update: (detail: ThreadDetail) => ThreadDetail): void => {
    const { data } = queries.peek("threads.get", input);
    if (data !== null) queries.put("threads.get", input, update(data));
    void queries.refresh(["threads.list"]);
    tell(["threads.list", "threads.get"]);
  };
  async function attempt(body: () => Promise<void>): Promise<boolean> {
    setProblem(null);
    try {
      await body();
      return true;
    } catch (error) {
      setProblem(problemOf(error));
      return false;
    }
  }
  return {
    problem,
    send: (text) =>
      attempt(async () => {
        if (key.current.text !== text) key.current = { text, key: randomKey() };
        const { runId, turn } = await client.call("messages.send", {
          ...input,
          body: { text, clientKey: key.current.key },
        });
        key.current = { text: "", key: "" };
        change((detail) => ({ ...detail, turns: [...detail.turns, turn], runs: [...detail.runs, runId] }));
      }),
    retry: (runId) =>
      void attempt(async () => {
        const { runId: again } = await client.call("runs.retry", { params: { id: runId } });
        change((detail) => ({ ...detail, runs: [...detail.runs, again] }));
      }),
  };
}

/** What a screen reader is told: the end of an answer and a waiting question, not every word of the stream. */
function useSpoken(view: RunView | null, exchange: Exchange | undefined): string {
  if (view === null || exchange === undefined) return "";
  if (view.status === "waiting") return "The agent waits for your decision.";
  if (view.status === "running") return "The agent is answering.";
  if (view.status === "failed") return `The answer failed. ${view.failure?.message ?? ""}`;
  return `Answer finished. ${answerText(exchange.items).slice(0, 400)}`;
}

interface StreamProps {
  readonly detail: ThreadDetail;
  readonly runs: Runs;
  readonly onRetry: (runId: string) => void;
  readonly onReuse: (text: string) => void;
  readonly onLook: (details: Details) => void;
}

function Stream({ detail, runs, onRetry, onReuse, onLook }: StreamProps) {
  const assets = useQuery("wallet.get", {}).data?.assets ?? noAssets;
  const exchanges = useMemo(() => transcript(detail, runs.views), [detail, runs.views]);
  const last = exchanges.at(-1);
  const spoken = useSpoken(last?.view ?? null, last);
  const { box, content, atEnd, toEnd } = useStick();
  useApprovalKeys();
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div ref={box} className="min-h-0 flex-1 overflow-y-auto" tabIndex={0} role="region" aria-label="Conversation">
        <div
          ref={content}
          className="mx-auto grid max-w-[calc(var(--read)+48px)] gap-5 p-4 md:p-6 [grid-template-columns:minmax(0,1fr)]"
        >
          {exchanges.map((exchange) => (
            <ExchangeBlock
              key={exchange.key}
              exchange={exchange}
              assets={assets}
              onLook={onLook}
              onDecided={runs.decided}
              onRetry={onRetry}
              onReuse={onReuse}
            />
          ))}
          {runs.cut && (
            <p className="text-small text-muted">The line was cut. Reading on as soon as the agent answers…</p>
          )}
          <ErrorLine problem={runs.problem} />
        </div>
      </div>
      {!atEnd && (
        <span className="absolute inset-x-0 bottom-2 flex justify-center">
          <Button icon="down" onClick={toEnd}>
            To the end
          </Button>
        </span>
      )}
      <p className="sr-only" role="status">
        {spoken}
      </p>
    </div>
  );
}

interface ThreadViewProps {
  readonly threadId: string;
  readonly before: ReactNode;
  readonly onLook: (details: Details) => void;
}

export function ThreadView({ threadId, before, onLook }: ThreadViewProps) {
  const { client, queries } = useApp();
  const thread = useQuery("threads.get", { params: { id: threadId } }, { every: 15_000 });
  const { send, retry, problem } = useSend(threadId);
  const [seed, setSeed] = useState({ text: "", turn: 0 });
  const runIds = thread.data?.runs ?? noRuns;
  const runs = useRuns(runIds, () => {
    thread.reload();
    void queries.refresh(["threads.list", "approvals.list", "wallet.get"]);
  });
  const lastId = runIds.at(-1);
  const view = lastId === undefined ? null : (runs.views.get(lastId) ?? null);
  const going =
    lastId !== undefined && (view === null ? thread.data?.thread.activeRun?.id === lastId : !isOver(view.status));
  const stop = useAction(async () => {
    if (lastId !== undefined) await client.call("runs.stop", { params: { id: lastId } });
  }, ["threads.list"]);
  const waiting = view?.status === "waiting";
  useEffect(() => {
    if (waiting) void queries.refresh(["approvals.list", "threads.list"]);
  }, [queries, waiting]);

  if (thread.data === null) {
    return (
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar title="Chat" before={before} />
        {thread.problem === null ? <Bones rows={4} /> : <ErrorState problem={thread.problem} onRetry={thread.reload} />}
      </div>
    );
  }
  const { title } = thread.data.thread;
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <TopBar title={title === "" ? "New thread" : title} before={before}>
        <ThreadActions thread={thread.data.thread} turns={thread.data.turns} />
      </TopBar>
      <DemoBanner />
      <Stream
        detail={thread.data}
        runs={runs}
        onRetry={retry}
        onReuse={(text) => setSeed(({ turn }) => ({ text, turn: turn + 1 }))}
        onLook={onLook}
      />
      <Composer
        key={seed.turn}
        onSend={send}
        onStop={going ? stop.run : null}
        problem={problem ?? stop.problem}
        view={view}
        seed={seed.text}
      />
    </div>
  );
}
