import { joinLabels, systemLabels } from "@freehold/core";
import type { Deps } from "../deps.ts";
import type { HeldRun, StepEnd } from "../held-run.ts";
import { userTurnOf } from "../thread-turns.ts";

/** Looks up what memory knows of the message, and fixes the run's tools before anything of it is read. */
export async function recallStep(deps: Deps, run: HeldRun): Promise<StepEnd> {
  const tools = await deps.tools.toolset(run.threadId);
  const userTurn = await userTurnOf(deps, run);
  const text = userTurn.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join(" ");
  const recalled = await deps.recall.recall({
    text,
    threadId: run.threadId,
    budgetTokens: deps.config.recallTokens,
    fromOrdinal: run.state.compacted.beforeOrdinal,
    signal: run.stopped,
  });
  run.cache.tools = tools;
  run.cache.recalled = recalled.items;
  deps.failpoint("recall.before-append");
  await run.append([
    {
      event: {
        type: "recall.done",
        v: 1,
        items: recalled.items.map(({ id, score }) => ({ id, score })),
        arms: [...recalled.arms],
        missingVectors: recalled.missingVectors,
        tools: tools.map((tool) => ({ name: tool.spec.name, hash: tool.definitionHash })),
      },
      labels: joinLabels([systemLabels, ...recalled.items.map((item) => item.labels)]),
    },
  ]);
  return "go-on";
}
