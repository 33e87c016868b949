import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock, type ChatMessage, type ChatModel } from "@freehold/core";
import { directDoor, labEngines, startLlamaServer, verifies, type RunningEngine } from "@freehold/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoSuite } from "../demo/test-suite.ts";
import { demoPrompts } from "../demo/scripts.ts";
import { sellerUrl } from "../demo/test-conversations.ts";
import { writeDemoModel } from "../demo/write-demo-model.ts";
import { encodeRandomModel } from "../test-random-model.ts";
import { ask, countingIds, nineTools, temporaryFolder, user } from "../test-world.ts";
import { openOpenAi } from "./openai-client.ts";
import { createOpenAiModel } from "./openai-model.ts";

const engines = labEngines();

function open(running: RunningEngine, key: string | null): ChatModel {
  const server = openOpenAi({ url: `${running.url}/v1`, key }, { door: directDoor(), clock: systemClock });
  return createOpenAiModel(server, {
    name: "any",
    label: "any",
    contextTokens: 8_192,
    tools: null,
    newCallId: countingIds(),
  });
}

describe.skipIf(engines === null)("a real llama-server", () => {
  const stack = new AsyncDisposableStack();
  let demo: RunningEngine;
  let random: RunningEngine;

  beforeAll(async () => {
    if (engines === null) return;
    const folder = stack.use(await temporaryFolder());
    const demoPath = join(folder.path, "demo.gguf");
    const randomPath = join(folder.path, "random.gguf");
    await writeDemoModel(demoPath, { sellerUrl });
    await writeFile(randomPath, encodeRandomModel(5));
    demo = stack.use(await startLlamaServer(engines, demoPath, { contextTokens: 16_384 }));
    random = stack.use(await startLlamaServer(engines, randomPath, { contextTokens: 2_048, key: "k-1" }));
  });
  afterAll(() => stack.disposeAsync());

  describe("with the demo model", () => {
    demoSuite(() => open(demo, null));
  });

  it("tells the context that it serves", async () => {
    expect(await open(random, "k-1").probe()).toMatchObject({ contextWindow: 2_048 });
    expect(await open(demo, null).probe()).toMatchObject({ contextWindow: 16_384, tools: true });
  });

  it("counts exactly what it then reads, tools included, and reuses the prefix", async () => {
    verifies("models.openai.exact-count");
    const model = open(demo, null);
    const messages: ChatMessage[] = [{ role: "system", content: "Be kind. ".repeat(50) }, user("hello")];
    const first = await ask(model, { messages, tools: nineTools });
    if (first.last.type !== "done") throw new Error(JSON.stringify(first.last));
    expect(await model.count({ messages, tools: nineTools })).toBe(first.last.usage.promptTokens);
    messages.push({ role: "assistant", content: first.text, toolCalls: [] }, user("again"));
    const { last } = await ask(model, { messages, tools: nineTools });
    if (last.type !== "done") throw new Error(JSON.stringify(last));
    expect(last.usage.cachedTokens).toBeGreaterThan(last.usage.promptTokens * 0.9);
    expect(last.usage.engineMs).toBeGreaterThanOrEqual(0);
  });

  it("says by how much a prompt is too long", async () => {
    verifies("models.context-exceeded");
    const { last } = await ask(open(random, "k-1"), { messages: [user("too long. ".repeat(2_000))] });
    expect(last).toMatchObject({
      type: "error",
      error: { code: "MODEL_CONTEXT_EXCEEDED", data: { contextWindow: 2_048, promptTokens: expect.any(Number) } },
    });
  });

  it("refuses a wrong key with a sentence about the key", async () => {
    const { last } = await ask(open(random, "wrong"), { messages: [user("hi")] });
    expect(last).toMatchObject({ type: "error", error: { code: "MODEL_KEY_REFUSED" } });
    expect((await ask(open(random, "k-1"), { messages: [user("hi")], maxTokens: 3 })).last.type).toBe("done");
  });

  it("binds an answer to a schema", async () => {
    const schema = { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] };
    const { text } = await ask(open(demo, null), { messages: [user("ok?")], schema });
    expect(JSON.parse(text)).toMatchObject({ ok: expect.any(Boolean) });
  });

  it("frees the slot when the signal aborts or the reader walks away", async () => {
    verifies("models.abort");
    const model = open(random, "k-1");
    const request = { messages: [user("on")], tools: [], maxTokens: 1_900 };
    const stop = new AbortController();
    let end: unknown;
    for await (const event of model.stream(request, stop.signal)) {
      if (event.type === "text") stop.abort();
      end = event;
    }
    expect(end).toMatchObject({ type: "error", error: { code: "MODEL_ABORTED" } });
    for await (const event of model.stream(request)) if (event.type === "text") break;
    expect((await ask(model, { messages: [user("hi")], maxTokens: 3 })).last.type).toBe("done");
  });

  it("streams an example's call with one finish", async () => {
    const answer = await ask(open(demo, null), { messages: [user(demoPrompts[1].prompt)], tools: nineTools });
    expect(answer.events.map(({ type }) => type)).toEqual(["tool-call", "done"]);
  });
});
