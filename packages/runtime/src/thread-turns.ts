import { FreeholdError, type Turn } from "@freehold/core";
import type { Deps } from "./deps.ts";
import { runtimeErrors } from "./errors.ts";
import type { HeldRun } from "./held-run.ts";
import type { RecalledItem, Tool } from "./ports.ts";
import { buildPrompt, type Prompt, type PromptInput } from "./prompt.ts";

export async function userTurnOf(deps: Deps, run: HeldRun): Promise<Turn> {
  const created = run.state.created;
  const [turn] =
    run.cache.userTurn === undefined && created !== null ? await deps.turns.byIds([created.userTurnId]) : [];
  run.cache.userTurn ??= turn;
  if (run.cache.userTurn !== undefined) return run.cache.userTurn;
  throw new FreeholdError(runtimeErrors.RUN_LOG_INVALID, {
    runId: run.runId,
    seq: 1,
    problem: "the message that it answers is gone",
  });
}

/** Tools that the run was given when it began and whose definitions are still the same, sorted by name. */
export async function toolsOf(deps: Deps, run: HeldRun): Promise<readonly Tool[]> {
  const all = (run.cache.tools ??= await deps.tools.toolset(run.threadId));
  const given = new Map(run.state.recalled?.tools.map(({ name, hash }) => [name, hash]));
  return all
    .filter((tool) => given.get(tool.spec.name) === tool.definitionHash)
    .sort((left, right) => (left.spec.name < right.spec.name ? -1 : 1));
}

async function recalledOf(deps: Deps, run: HeldRun): Promise<readonly RecalledItem[]> {
  if (run.state.compacted.withoutRecall) return [];
  const ids = run.state.recalled?.items.map((item) => item.id) ?? [];
  if (ids.length === 0) return [];
  return (run.cache.recalled ??= await deps.recall.again(ids));
}

/** Everything that the prompt of the next inference is made of. */
export async function promptInput(deps: Deps, run: HeldRun): Promise<PromptInput> {
  const { state } = run;
  const userTurn = await userTurnOf(deps, run);
  const { beforeOrdinal } = state.compacted;
  const [thread, own, blocks, recalled] = await Promise.all([
    deps.turns.thread(run.threadId, beforeOrdinal > 0 ? { after: beforeOrdinal - 1 } : {}),
    state.turnIds.length === 0 ? [] : deps.turns.byIds(state.turnIds),
    deps.recall.blocks(),
    recalledOf(deps, run),
  ]);
  const history = thread.filter((turn) => isEarlier(turn, run, userTurn));
  return { instructions: deps.config.instructions, blocks, history, userTurn, own, recalled, beforeOrdinal };
}

export async function promptOf(deps: Deps, run: HeldRun): Promise<Prompt> {
  return buildPrompt(await promptInput(deps, run));
}

/**
 * What the owner said before this message, and what earlier runs answered, even when an answer was written after
 * this message was sent. Ids sort by time. Answers that this run replaces are left out.
 */
function isEarlier(turn: Turn, run: HeldRun, userTurn: Turn): boolean {
  if (turn.author === "owner" || turn.runId === null) return turn.ordinal < userTurn.ordinal;
  return turn.runId < run.runId && run.state.created?.retries.includes(turn.runId) !== true;
}
