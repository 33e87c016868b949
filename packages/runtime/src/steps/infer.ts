import {
  type ChatModel,
  type ErrorJson,
  FreeholdError,
  isFreeholdError,
  type ModelProbe,
  type TurnId,
} from "@freehold/core";
import { compact, counter } from "../compaction.ts";
import type { Deps } from "../deps.ts";
import { runtimeErrors } from "../errors.ts";
import { type HeldRun, plain, type StepEnd } from "../held-run.ts";
import type { Prompt } from "../prompt.ts";
import { buildPrompt } from "../prompt.ts";
import { promptInput, toolsOf } from "../thread-turns.ts";
import { finishInference } from "./infer-end.ts";
import { sample } from "./infer-sample.ts";
import { waitUntil } from "./wait.ts";

interface Ready {
  readonly model: ChatModel;
  readonly probe: ModelProbe;
  readonly prompt: Prompt;
  readonly tokens: number;
  readonly maxTokens: number;
}

/** One answer of the model: counts the prompt, compacts when it would not fit, streams, and keeps what was said. */
export async function inferStep(deps: Deps, run: HeldRun, notBefore: Date | null): Promise<StepEnd> {
  if (notBefore !== null && notBefore > deps.clock.now()) {
    return waitUntil(deps, run, { reason: "retry", callId: null, until: notBefore });
  }
  const tools = await toolsOf(deps, run);
  const prepared = await prepare(deps, run, tools);
  if (prepared === "compacted") return "go-on";
  // The command is folded in before the next step.
  if (prepared === "stopped") return "go-on";
  if ("code" in prepared) return startAndFail(deps, run, prepared);
  const { model, probe, prompt, tokens, maxTokens } = prepared;
  const messageId = deps.newId<TurnId>();
  await run.append([
    {
      event: {
        type: "infer.started",
        v: 1,
        messageId,
        attempt: run.state.attempts + 1,
        replaces: run.state.voided,
        model: { id: model.id, label: model.label, locality: model.locality, demo: probe.demo },
        plannedTokens: tokens,
        contextWindow: probe.contextWindow,
        maxTokens,
      },
      labels: prompt.labels,
    },
  ]);
  deps.failpoint("infer.started");
  const request = { messages: prompt.messages, tools: tools.map((tool) => tool.spec), maxTokens };
  const sampled = await sample(deps, run, { model, request, messageId });
  await finishInference(deps, run, { sampled, messageId, tools, labels: prompt.labels });
  return "go-on";
}

/** A model that does not answer is a failed attempt, too, and says so in the log. */
async function prepare(
  deps: Deps,
  run: HeldRun,
  tools: Awaited<ReturnType<typeof toolsOf>>,
): Promise<Ready | ErrorJson | "compacted" | "stopped"> {
  try {
    const model = await deps.models.current(run.threadId);
    if (model === null) return new FreeholdError(runtimeErrors.MODEL_MISSING).toJSON();
    const probe = await model.probe(run.stopped);
    const maxTokens = Math.min(deps.config.answerTokens, Math.floor(probe.contextWindow / 2));
    const limit = probe.contextWindow - maxTokens;
    const count = counter(
      model,
      tools.map((tool) => tool.spec),
      run.stopped,
    );
    const input = await promptInput(deps, run);
    const prompt = buildPrompt(input);
    const tokens = await count(prompt);
    if (tokens <= limit) return { model, probe, prompt, tokens, maxTokens };
    const fit = await compact(input, limit, count);
    if (fit === null) return new FreeholdError(runtimeErrors.CONTEXT_TOO_SMALL, { tokens, limit }).toJSON();
    const { beforeOrdinal, withoutRecall } = fit;
    const reason = `The prompt had ${String(tokens)} tokens, and ${String(limit)} fit beside the answer.`;
    const turns = fit.prompt.omitted - prompt.omitted;
    await run.append([plain({ type: "compacted", v: 1, beforeOrdinal, turns, tokens, withoutRecall, reason })], (tx) =>
      deps.runs.compacted(tx, run.runId, beforeOrdinal),
    );
    return "compacted";
  } catch (error) {
    if (run.lost.aborted) throw error;
    if (run.stopped.aborted) return "stopped";
    if (!isFreeholdError(error) || error.code === "RUN_LEASE_LOST") throw error;
    return error.toJSON();
  }
}

async function startAndFail(deps: Deps, run: HeldRun, error: ErrorJson): Promise<StepEnd> {
  await finishInference(deps, run, {
    sampled: { outcome: "failed", error, parts: [], calls: [], bad: [], finish: null, usage: null },
    messageId: deps.newId<TurnId>(),
    tools: [],
    labels: run.state.labels,
  });
  return "go-on";
}
