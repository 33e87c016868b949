import {
  describeError,
  FreeholdError,
  isFreeholdError,
  type ChatEvent,
  type ChatFinish,
  type ChatToolCall,
  type ErrorJson,
  type ToolSpec,
} from "@freehold/core";
import { modelsErrors } from "./errors.ts";
import { resolveCall, resolveCallText, type CallResult } from "./tool-calls/resolve-call.ts";
import { createAnswerSplitter, type AnswerPiece } from "./tool-calls/split-answer.ts";

export type EngineFinish = "stop" | "length";

/** Turns what an engine streams, as text or as calls of its own form, into the port's events. */
export interface AnswerReader {
  text(chunk: string): readonly ChatEvent[];
  /** A call that the engine has parsed already; `args` as an object or as JSON text. */
  call(name: string, args: unknown, callId?: string): readonly ChatEvent[];
  /** A call whose arguments the token limit cut off. */
  cutCall(raw: string): readonly ChatEvent[];
  /** A call that the token limit cut is a bad call: mending it would invent arguments. */
  end(engine: EngineFinish): readonly ChatEvent[];
  /** `tool-calls` as soon as there was one, good or bad. */
  finish(engine: EngineFinish): ChatFinish;
  /** Whether anything at all was said or called. */
  readonly empty: boolean;
}

export function createAnswerReader(tools: readonly ToolSpec[], newCallId: () => string): AnswerReader {
  const splitter = createAnswerSplitter({ calls: tools.length > 0 });
  let called = false;
  let spoken = false;
  const toCall = (result: CallResult, raw: string, callId = newCallId()): ChatEvent => {
    called = true;
    if (!result.ok) return { type: "bad-tool-call", raw, problem: result.problem };
    const call: ChatToolCall = { callId, ...result.call };
    return { type: "tool-call", call };
  };
  const toEvent = (piece: AnswerPiece, engine: EngineFinish): ChatEvent => {
    if (piece.type === "call") {
      const cut = engine === "length" && !piece.closed;
      return toCall(cut ? cutCall : resolveCallText(piece.form, piece.body, tools), piece.body);
    }
    if (piece.type === "text") spoken = true;
    return piece;
  };
  return {
    text: (chunk) => splitter.push(chunk).map((piece) => toEvent(piece, "stop")),
    call(name, args, callId) {
      const raw = JSON.stringify({ name, arguments: args });
      return [toCall(resolveCall(name, args, tools), raw, callId === "" ? undefined : callId)];
    },
    cutCall: (raw) => [toCall(cutCall, raw)],
    end: (engine) => splitter.end().map((piece) => toEvent(piece, engine)),
    finish: (engine) => (called ? "tool-calls" : engine),
    get empty() {
      return !called && !spoken;
    },
  };
}

const cutCall: CallResult = { ok: false, problem: "The tool call was cut off at the limit of the answer's length." };

/** Whatever was thrown, in the form that a stream ends with. */
export function toErrorJson(error: unknown, engine: string): ErrorJson {
  if (isFreeholdError(error)) return error.toJSON();
  return new FreeholdError(modelsErrors.MODEL_ENGINE_FAILED, { engine, problem: describeError(error) }).toJSON();
}

export function abortedError(): ErrorJson {
  return new FreeholdError(modelsErrors.MODEL_ABORTED).toJSON();
}
