import type { ChatToolCall, Errand, Labels } from "@freehold/core";
import { describeError, isFreeholdError } from "@freehold/core";
import type { Sessions } from "./mcp/sessions.ts";
import { oneSentence } from "./mcp/one-sentence.ts";
import { resultText } from "./mcp/result-text.ts";
import { failure } from "./builtin/builtin.ts";
import { declaredEffects, offeredName } from "./registry/definition.ts";
import { createSchemaCompiler } from "./registry/json-schema.ts";
import type { Registry, StoredDefinition } from "./registry/registry.ts";
import type { ServerRecord } from "./registry/server-record.ts";
import type { ResultStore } from "./results.ts";
import type { CallContext, CallOutcome } from "./tool-outcome.ts";

export interface ServerCallDeps {
  readonly registry: Registry;
  readonly sessions: Sessions;
  readonly results: ResultStore;
  /** Longest silence of a server during a call, in ms. */
  readonly callMs: number;
  readonly maxCallMs: number;
  readonly onProgress: (callId: string, note: string) => void;
}

export interface FoundTool {
  readonly server: ServerRecord;
  readonly stored: StoredDefinition;
}

/** The approved tool that a model knows by this name, as long as its server still offers exactly that definition. */
export async function findTool(registry: Registry, name: string): Promise<FoundTool | string> {
  for (const server of await registry.list()) {
    if (!name.startsWith(`${server.slug}__`)) continue;
    const own = (await registry.definitions(server.id)).filter(
      ({ definition }) => offeredName(server.slug, definition.name) === name,
    );
    if (own.length === 0) continue;
    if (!server.enabled) return `The tool server ${server.slug} is switched off.`;
    const stored = own.find(({ state, offered }) => state === "approved" && offered);
    if (stored !== undefined) return { server, stored };
    if (!own.some(({ offered }) => offered)) return `${server.slug} does not offer ${name} any more.`;
    return `${name} is new or has changed and waits for the owner on the Tools page.`;
  }
  return `There is no tool named ${name}.`;
}

export async function callServerTool(
  deps: ServerCallDeps,
  call: ChatToolCall,
  context: CallContext,
): Promise<CallOutcome> {
  const before = await findTool(deps.registry, call.name);
  if (typeof before === "string") return failure(before);
  const session = deps.sessions.of(before.server);
  try {
    await session.ensure();
  } catch (error) {
    return failure(isFreeholdError(error) ? error.message : oneSentence(describeError(error)));
  }
  // Starting took in a list, and the list may hold another definition than the one that was approved.
  const found = await findTool(deps.registry, call.name);
  if (typeof found === "string") return failure(found);
  const errand: Errand = {
    who: `server:${found.server.slug}`,
    why: `call ${found.stored.definition.name}`,
    runId: context.runId,
    labels: context.labels,
  };
  const answer = await deps.sessions.onErrand(errand, () =>
    session.call({
      name: found.stored.definition.name,
      arguments: call.arguments,
      signal: context.signal,
      timeoutMs: deps.callMs,
      maxMs: deps.maxCallMs,
      onProgress: (note) => deps.onProgress(call.callId, note),
    }),
  );
  const labels = labelsOfServer(found.server);
  switch (answer.outcome) {
    case "failed":
      return { outcome: "error", text: answer.reason, labels };
    case "unanswered":
      return unanswered(found, answer.reason, labels);
    case "answered":
      return answered(deps, { found, labels, context }, answer.result);
  }
}

/** Whether a server is vetted or not, its text is its own; vetted text may be acted on, but it is not the owner's. */
function labelsOfServer({ slug, vetted }: ServerRecord): Labels {
  return { integrity: vetted ? "vetted" : "untrusted", confidentiality: "private", origins: [`tool:${slug}`] };
}

function unanswered({ server, stored }: FoundTool, reason: string, labels: Labels): CallOutcome {
  const { readOnly } = declaredEffects(stored.definition.annotations);
  if (server.vetted && readOnly) return { outcome: "error", text: reason, labels };
  return { outcome: "unknown", reason };
}

async function answered(
  deps: ServerCallDeps,
  { found, labels, context }: { found: FoundTool; labels: Labels; context: CallContext },
  result: Parameters<typeof resultText>[0],
): Promise<CallOutcome> {
  const text = resultText(result);
  if (result.isError === true) return { outcome: "error", text: oneSentence(text, 1_000), labels };
  const { outputSchema, name } = found.stored.definition;
  if (outputSchema !== null) {
    const compiled = createSchemaCompiler()(outputSchema);
    const problem = compiled.ok ? compiled.check(result.structuredContent) : compiled.problem;
    if (problem !== null) {
      const told = `${name} ran, but its answer does not have the form that it promised: ${oneSentence(problem, 300)}`;
      return { outcome: "error", text: told, labels };
    }
  }
  return { outcome: "ok", text: await deps.results.cap(text, labels, context.threadId), labels };
}
