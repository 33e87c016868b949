import { type ChatToolCall, FreeholdError, hashJson } from "@freehold/core";
import type { PolicyContext, ToolSubject } from "@freehold/policy";
import { traceArguments } from "@freehold/policy";
import type { Deps } from "../deps.ts";
import { runtimeErrors } from "../errors.ts";
import type { HeldRun } from "../held-run.ts";
import type { Standing, Tool } from "../ports.ts";
import type { Prompt } from "../prompt.ts";
import type { CallState } from "../state.ts";
import { promptOf, toolsOf } from "../thread-turns.ts";

/** A call with everything that a decision about it needs. */
export interface CallFacts {
  readonly call: ChatToolCall;
  /** Null when the tool is gone or its definition has changed since the run began. */
  readonly tool: Tool | null;
  readonly prompt: Prompt;
  readonly standing: Standing;
  readonly context: PolicyContext;
  /** SHA-256 over the tool's name and the canonical arguments. */
  readonly hash: string;
}

export async function callFacts(deps: Deps, run: HeldRun, state: CallState): Promise<CallFacts> {
  const call = await storedCall(deps, run, state);
  const [tools, prompt, standing] = await Promise.all([toolsOf(deps, run), promptOf(deps, run), deps.rules.standing()]);
  const { grants, halted, spendingStopped, localOnly } = standing;
  const attended = run.state.created?.attended === true;
  return {
    call,
    tool: tools.find(({ spec }) => spec.name === call.name) ?? null,
    prompt,
    standing,
    context: { labels: run.state.labels, attended, grants, halted, spendingStopped, localOnly },
    hash: hashJson({ tool: call.name, arguments: call.arguments }),
  };
}

/** Arguments are text, so they stand in the turn alone. */
export async function storedCall(deps: Deps, run: HeldRun, { callId, turnId }: CallState): Promise<ChatToolCall> {
  const [turn] = await deps.turns.byIds([turnId]);
  for (const part of turn?.parts ?? []) {
    if (part.type === "tool-call" && part.callId === callId) {
      return { callId, name: part.name, arguments: part.arguments };
    }
  }
  const problem = `the arguments of call ${callId} were forgotten`;
  throw new FreeholdError(runtimeErrors.RUN_LOG_INVALID, { runId: run.runId, seq: run.state.seq, problem });
}

export function toolSubject({ call, tool, prompt }: CallFacts): ToolSubject {
  return {
    kind: "tool",
    name: call.name,
    serverId: tool?.serverId ?? "gone",
    builtin: tool?.builtin ?? false,
    vetted: tool?.vetted ?? false,
    offered: tool !== null,
    effects: tool?.effects ?? { readOnly: false, idempotent: false, destructive: true, openWorld: true },
    arguments: call.arguments,
    sources: traceArguments(call.arguments, prompt.texts),
  };
}
