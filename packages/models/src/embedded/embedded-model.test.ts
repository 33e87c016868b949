import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ChatMessage, ChatModel } from "@freehold/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifies } from "@freehold/testkit";
import { z } from "zod";
import { encodeScriptedModel } from "../demo/write-demo-model.ts";
import { answerCue } from "../demo/template.ts";
import { encodeRandomModel } from "../test-random-model.ts";
import { ask, countingIds, nineTools, temporaryFolder, user } from "../test-world.ts";
import { createEmbeddedModel } from "./embedded-model.ts";
import { createEngineProcess, type EngineProcess } from "./engine-process.ts";

const stack = new AsyncDisposableStack();
let folder: string;
beforeAll(async () => {
  folder = stack.use(await temporaryFolder()).path;
});
afterAll(() => stack.disposeAsync());

function start(file: string, contextTokens = 2_048): { readonly engine: EngineProcess; readonly model: ChatModel } {
  const path = join(folder, file);
  const engine = stack.use(createEngineProcess({ label: file, path, contextTokens, threads: 1 }));
  const model = createEmbeddedModel({
    id: `embedded:${file}`,
    label: file,
    demo: false,
    engine,
    newCallId: countingIds(),
  });
  return { engine, model };
}

describe("the embedded engine with random weights", () => {
  let engine: EngineProcess;
  let model: ChatModel;
  beforeAll(async () => {
    await writeFile(join(folder, "random.gguf"), encodeRandomModel(7));
    ({ engine, model } = start("random.gguf"));
  });

  it("serves the context it was asked for, in a process of its own", async () => {
    expect(await model.probe()).toMatchObject({ contextWindow: 2_048, demo: false });
    expect(engine.pid).not.toBe(process.pid);
  });

  it("counts exactly what it then reads", async () => {
    verifies("models.embedded.exact-count");
    const request = { messages: [user("Wie geht's? 🦊 ".repeat(9))], tools: nineTools };
    const { last } = await ask(model, { ...request, maxTokens: 5 });
    expect(last.type === "done" && last.usage.promptTokens).toBe(await model.count(request));
  });

  it("reuses the prefix that two prompts share", async () => {
    verifies("models.embedded.prefix-reuse");
    const messages: ChatMessage[] = [{ role: "system", content: "Be brief. ".repeat(60) }, user("one")];
    const first = await ask(model, { messages, maxTokens: 4 });
    messages.push({ role: "assistant", content: first.text, toolCalls: [] }, user("two"));
    const { last } = await ask(model, { messages, maxTokens: 4 });
    if (last.type !== "done") throw new Error(JSON.stringify(last));
    expect(last.usage.cachedTokens).toBeGreaterThan(last.usage.promptTokens * 0.8);
  });

  it("binds an answer to a schema", async () => {
    const schema = {
      type: "object",
      properties: { name: { type: "string", maxLength: 12 }, sure: { type: "boolean" }, kind: { enum: ["a", "b"] } },
      required: ["name", "sure", "kind"],
      additionalProperties: false,
    };
    const { text, last } = await ask(model, { messages: [user("answer")], schema, maxTokens: 400 });
    expect(last).toMatchObject({ type: "done" });
    z.object({ name: z.string(), sure: z.boolean(), kind: z.enum(["a", "b"]) }).parse(JSON.parse(text));
  });

  it("says how long a prompt is that does not fit, and stays usable", async () => {
    verifies("models.context-exceeded");
    const { last } = await ask(model, { messages: [user("too long. ".repeat(2_000))] });
    expect(last).toMatchObject({
      type: "error",
      error: { code: "MODEL_CONTEXT_EXCEEDED", data: { contextWindow: 2_048, promptTokens: expect.any(Number) } },
    });
    expect((await ask(model, { messages: [user("hi")], maxTokens: 3 })).last.type).toBe("done");
  });

  it("comes back after its process was killed in the middle of an answer", async () => {
    verifies("models.embedded.crash");
    const { pid } = engine;
    const events = model.stream({ messages: [user("go on")], tools: [], maxTokens: 1_500 });
    const seen = [];
    for await (const event of events) {
      if (seen.length === 0 && pid !== null) process.kill(pid, "SIGKILL");
      seen.push(event);
    }
    expect(seen.at(-1)).toMatchObject({ type: "error", error: { code: "MODEL_ENGINE_CRASHED" } });
    expect((await ask(model, { messages: [user("hi")], maxTokens: 3 })).last.type).toBe("done");
    expect(engine.pid).not.toBe(pid);
  });
});

describe("the embedded engine with a script", () => {
  const endless = Array.from({ length: 400 }, (_, index) => `word${index}`).join(" ");
  let model: ChatModel;
  beforeAll(async () => {
    const scripts = [
      { cue: `talk${answerCue}`, say: endless },
      { cue: `bad${answerCue}`, say: `<tool_call>\n{"name": "nothing", "arguments": {}}\n</tool_call>` },
      { cue: `think${answerCue}`, say: "<think>\nLet us see.\n</think>\n\nGrüße, 東京 🦊!" },
      { cue: answerCue, say: "Yes?" },
    ];
    await writeFile(join(folder, "scripted.gguf"), encodeScriptedModel(scripts));
    ({ model } = start("scripted.gguf", 4_096));
  });

  it("stops the engine when the signal aborts", async () => {
    verifies("models.abort");
    const stop = new AbortController();
    let pieces = 0;
    let end: unknown;
    for await (const event of model.stream({ messages: [user("talk")], tools: [], maxTokens: 3_000 }, stop.signal)) {
      pieces += event.type === "text" ? 1 : 0;
      if (pieces === 5) stop.abort();
      end = event;
    }
    expect(end).toMatchObject({ type: "error", error: { code: "MODEL_ABORTED" } });
    expect(pieces).toBeLessThan(200);
    expect((await ask(model, { messages: [user("hi")] })).text).toBe("Yes?");
  });

  it("stops the engine when the reader walks away", async () => {
    for await (const event of model.stream({ messages: [user("talk")], tools: [], maxTokens: 3_000 })) {
      if (event.type === "text") break;
    }
    expect((await ask(model, { messages: [user("hi")] })).text).toBe("Yes?");
  });

  it("ends at the limit of the answer's length", async () => {
    const { last } = await ask(model, { messages: [user("talk")], maxTokens: 12 });
    expect(last).toMatchObject({ type: "done", finish: "length", usage: { outputTokens: 12 } });
  });

  it("keeps reasoning apart and characters whole", async () => {
    const answer = await ask(model, { messages: [user("think")] });
    expect(answer.reasoning).toBe("Let us see.");
    expect(answer.text).toBe("Grüße, 東京 🦊!");
  });

  it("reports a call of a tool that was not offered", async () => {
    const answer = await ask(model, { messages: [user("bad")], tools: nineTools });
    expect(answer.bad[0]?.problem).toMatch(/no tool "nothing"/);
    expect(answer.last).toMatchObject({ type: "done", finish: "tool-calls" });
  });
});

describe("a file that is no model", () => {
  it("is refused with its name, and without ending the service", async () => {
    await writeFile(join(folder, "broken.gguf"), encodeRandomModel(1).subarray(0, 60_000));
    const { model } = start("broken.gguf");
    await expect(model.probe()).rejects.toMatchObject({ spec: { code: "MODEL_FILE_INVALID" } });
    const { last } = await ask(model, { messages: [user("hi")] });
    expect(last).toMatchObject({ type: "error", error: { code: "MODEL_FILE_INVALID" } });
  });
});
