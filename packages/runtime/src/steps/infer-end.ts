import {
  type ChatToolCall,
  joinLabels,
  type Labels,
  type NewTurn,
  sha256,
  systemLabels,
  type TurnId,
  type TurnPart,
} from "@freehold/core";
import type { Deps } from "../deps.ts";
import type { RunEventInput } from "../events.ts";
import type { HeldRun } from "../held-run.ts";
import type { Tool } from "../ports.ts";
import { checkCall } from "../tool-arguments.ts";
import type { Sampled } from "./infer-sample.ts";

/** Words of the model: derived from its context, so never more trusted than that. */
const assistantLabels: Labels = { integrity: "vetted", confidentiality: "public", origins: ["assistant"] };

const rawShown = 400;

interface Ending {
  readonly sampled: Sampled;
  readonly messageId: TurnId;
  readonly tools: readonly Tool[];
  /** Of the prompt. */
  readonly labels: Labels;
}

/** Writes the answer as a turn and the end of the inference as an event, in one transaction. */
export async function finishInference(deps: Deps, run: HeldRun, ending: Ending): Promise<void> {
  const { sampled, labels } = ending;
  const start = run.state.inference?.seq ?? 0;
  const retryAt = sampled.outcome === "failed" ? nextTry(deps, run, sampled) : null;
  const calls = numbered(run, start, sampled.calls);
  const problems = sampled.outcome === "answered" ? findProblems(calls, sampled, ending.tools) : [];
  // What was said before a failure is kept when nothing else will take its place.
  const kept = retryAt === null ? turnParts(sampled, sampled.outcome === "answered" ? calls : []) : [];
  const turn = kept.length === 0 ? null : assistantTurn(deps, run, ending, kept);
  const notes = problems.map((problem) => noteTurn(deps, run, problem, labels));
  const event: RunEventInput = {
    type: "infer.ended",
    v: 1,
    start,
    outcome: sampled.outcome,
    turnId: turn?.id ?? null,
    noteIds: notes.map((note) => note.id),
    finish: sampled.finish,
    usage: sampled.usage,
    calls: sampled.outcome === "answered" ? usable(calls, problems) : [],
    bad: problems.map(({ sentence }) => sentence),
    error: sampled.error,
    retryAt: retryAt?.toISOString() ?? null,
  };
  deps.failpoint("infer.before-append");
  await run.append([{ event, labels: turn?.labels ?? systemLabels }], async (tx) => {
    for (const written of [turn, ...notes]) if (written !== null) await deps.turns.append(tx, written);
  });
  deps.hub.drop(run.runId);
  deps.failpoint("infer.ended");
}

function nextTry(deps: Deps, run: HeldRun, sampled: Sampled): Date | null {
  const attempts = run.state.attempts + (run.state.inference === null ? 1 : 0);
  const passes = sampled.error !== null && deps.config.retryable.includes(sampled.error.code);
  if (!passes || attempts >= deps.config.inferAttempts) return null;
  return new Date(deps.clock.now().getTime() + deps.config.retryMs * 2 ** (attempts - 1));
}

interface NumberedCall extends ChatToolCall {
  readonly index: number;
}

/** Engines number their calls anew in each answer; ours are unique in the thread, and short enough for any template. */
function numbered(run: HeldRun, start: number, calls: readonly ChatToolCall[]): readonly NumberedCall[] {
  return calls.map((call, index) => {
    const callId = sha256(`${run.runId}/${String(start)}/${String(index)}`).slice(0, 9);
    return { ...call, callId, index };
  });
}

interface Problem {
  /** Null when not even the call could be read. */
  readonly call: NumberedCall | null;
  readonly raw: string;
  readonly sentence: string;
}

function findProblems(calls: readonly NumberedCall[], sampled: Sampled, tools: readonly Tool[]): readonly Problem[] {
  const unfit = calls.flatMap((call): Problem[] => {
    const sentence = checkCall(call, tools);
    return sentence === null ? [] : [{ call, raw: "", sentence }];
  });
  const unreadable = sampled.bad.map(({ raw, problem }): Problem => ({ call: null, raw, sentence: problem }));
  return [...unfit, ...unreadable];
}

function usable(calls: readonly NumberedCall[], problems: readonly Problem[]): { callId: string; name: string }[] {
  return calls
    .filter((call) => !problems.some((problem) => problem.call === call))
    .map(({ callId, name }) => ({ callId, name }));
}

function turnParts(sampled: Sampled, calls: readonly NumberedCall[]): readonly TurnPart[] {
  return [
    ...sampled.parts.map(({ kind, text }): TurnPart => ({ type: kind, text })),
    ...calls.map(({ callId, name, arguments: given }): TurnPart => ({
      type: "tool-call",
      callId,
      name,
      arguments: given,
    })),
  ];
}

function assistantTurn(deps: Deps, run: HeldRun, ending: Ending, parts: readonly TurnPart[]): NewTurn {
  return {
    id: ending.messageId,
    threadId: run.threadId,
    runId: run.runId,
    author: "assistant",
    parts,
    labels: joinLabels([ending.labels, assistantLabels]),
    at: deps.clock.now(),
  };
}

/** Tells the model what was wrong: as the result of the call where there is one, else as a note. */
function noteTurn(deps: Deps, run: HeldRun, { call, raw, sentence }: Problem, labels: Labels): NewTurn {
  const base = { id: deps.newId<TurnId>(), threadId: run.threadId, runId: run.runId, at: deps.clock.now() };
  if (call !== null) {
    const { callId, name } = call;
    const result: TurnPart = { type: "tool-result", callId, name, status: "error", text: sentence };
    return { ...base, author: "tool", parts: [result], labels: systemLabels };
  }
  const text = `Your tool call could not be used: ${sentence} You wrote: ${raw.slice(0, rawShown)}`;
  return { ...base, author: "system", parts: [{ type: "text", text }], labels: joinLabels([labels, assistantLabels]) };
}
