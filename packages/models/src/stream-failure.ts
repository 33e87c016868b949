import { describeError, FreeholdError, isFreeholdError } from "@freehold/core";
import { ZodError } from "zod";
import { readEngineProblem, toModelError } from "./engine-problem.ts";
import { modelsErrors } from "./errors.ts";

export interface StreamContext {
  readonly engine: string;
  readonly model: string;
  /** The caller's signal: when it has aborted, whatever broke is its doing. */
  readonly signal: AbortSignal | undefined;
}

/** What went wrong in the middle of an answer, as an error of this room. */
export function streamFailure(error: unknown, { engine, model, signal }: StreamContext): FreeholdError {
  if (signal?.aborted === true) return new FreeholdError(modelsErrors.MODEL_ABORTED);
  if (isFreeholdError(error)) return error;
  const wrapped = error instanceof Error && isFreeholdError(error.cause) ? error.cause : null;
  if (wrapped !== null) return wrapped;
  if (error instanceof ZodError) {
    return new FreeholdError(modelsErrors.MODEL_ENGINE_FAILED, { engine, problem: "its answer has an unknown form" });
  }
  // A connection that breaks is a TypeError of fetch; a stream without its last line is the client's own complaint.
  const message = describeError(error);
  if (error instanceof TypeError || /did not receive done|terminated|premature|without finish/i.test(message)) {
    return new FreeholdError(modelsErrors.MODEL_STREAM_CUT, { engine, problem: message });
  }
  return toModelError(readEngineProblem(message), { engine, model, status: 200 });
}

/** Runs what a port promises to reject with errors of ours only. */
export async function orModelError<T>(context: StreamContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw streamFailure(error, context);
  }
}
