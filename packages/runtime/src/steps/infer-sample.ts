import {
  type ChatEvent,
  type ChatFinish,
  type ChatModel,
  type ChatRequest,
  type ChatToolCall,
  type ChatUsage,
  describeError,
  type ErrorJson,
  FreeholdError,
  type TurnId,
} from "@freehold/core";
import type { Deps } from "../deps.ts";
import { runtimeErrors } from "../errors.ts";
import type { HeldRun } from "../held-run.ts";
import type { OutputKind, OutputPart } from "../hub.ts";

export interface BadCall {
  readonly raw: string;
  readonly problem: string;
}

/** What came out of one stream. */
export interface Sampled {
  readonly outcome: "answered" | "failed" | "stopped";
  readonly parts: readonly OutputPart[];
  readonly calls: readonly ChatToolCall[];
  readonly bad: readonly BadCall[];
  readonly finish: ChatFinish | null;
  readonly usage: ChatUsage | null;
  readonly error: ErrorJson | null;
}

interface Collected {
  readonly parts: OutputPart[];
  readonly calls: ChatToolCall[];
  readonly bad: BadCall[];
  done: { readonly finish: ChatFinish; readonly usage: ChatUsage } | null;
  error: ErrorJson | null;
}

/** Streams one answer to whoever watches, and collects it. */
export async function sample(
  deps: Deps,
  run: HeldRun,
  input: { readonly model: ChatModel; readonly request: ChatRequest; readonly messageId: TurnId },
): Promise<Sampled> {
  const collected: Collected = { parts: [], calls: [], bad: [], done: null, error: null };
  await collect(deps, run, input, collected);
  if (run.lost.aborted) throw new FreeholdError(runtimeErrors.RUN_LEASE_LOST, { runId: run.runId });
  const { parts, calls, bad, done } = collected;
  const base = { parts, calls, bad, finish: done?.finish ?? null, usage: done?.usage ?? null };
  if (run.stopped.aborted && done === null) return { ...base, outcome: "stopped", error: null };
  const error = collected.error ?? (done === null ? broken("it ended without a word") : null);
  if (error !== null) return { ...base, outcome: "failed", error };
  const silent = calls.length === 0 && bad.length === 0 && !parts.some((part) => part.kind === "text");
  return silent
    ? { ...base, outcome: "failed", error: new FreeholdError(runtimeErrors.MODEL_EMPTY_ANSWER).toJSON() }
    : { ...base, outcome: "answered", error: null };
}

async function collect(
  deps: Deps,
  run: HeldRun,
  input: { readonly model: ChatModel; readonly request: ChatRequest; readonly messageId: TurnId },
  into: Collected,
): Promise<void> {
  const start = run.state.seq;
  let at = 0;
  const say = (kind: OutputKind, text: string): void => {
    if (text === "") return;
    addPart(into.parts, kind, text);
    deps.emit({ runId: run.runId, seq: start, messageId: input.messageId, at, kind, text });
    at += text.length;
    deps.failpoint("infer.delta");
  };
  for await (const event of guarded(input.model.stream(input.request, run.stopped))) {
    switch (event.type) {
      case "text":
      case "reasoning":
        say(event.type, event.text);
        break;
      case "tool-call":
        into.calls.push(event.call);
        break;
      case "bad-tool-call":
        into.bad.push({ raw: event.raw, problem: event.problem });
        break;
      case "done":
        into.done = { finish: event.finish, usage: event.usage };
        break;
      case "error":
        into.error = event.error;
        break;
    }
  }
}

/** The port promises not to throw; a provider that does it all the same has broken its stream. */
async function* guarded(stream: AsyncIterable<ChatEvent>): AsyncGenerator<ChatEvent> {
  try {
    yield* stream;
  } catch (error) {
    yield { type: "error", error: broken(describeError(error)) };
  }
}

function addPart(parts: OutputPart[], kind: OutputKind, text: string): void {
  const last = parts.at(-1);
  if (last?.kind === kind) parts[parts.length - 1] = { kind, text: last.text + text };
  else parts.push({ kind, text });
}

function broken(problem: string): ErrorJson {
  return new FreeholdError(runtimeErrors.MODEL_STREAM_BROKEN, { problem }).toJSON();
}
