import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock, type ChatModel } from "@freehold/core";
import { directDoor, labEngines, startOllama, verifies, type RunningOllama } from "@freehold/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoSuite } from "../demo/test-suite.ts";
import { sellerUrl } from "../demo/test-conversations.ts";
import { writeDemoModel } from "../demo/write-demo-model.ts";
import { encodeRandomModel } from "../test-random-model.ts";
import { ask, countingIds, nineTools, temporaryFolder, user } from "../test-world.ts";
import { openOllama, servedContext, type OllamaServer } from "./ollama-client.ts";
import { createOllamaEmbedder } from "./ollama-embedder.ts";
import { createOllamaModel } from "./ollama-model.ts";

const engines = labEngines();

describe.skipIf(engines === null)("a real Ollama", () => {
  const stack = new AsyncDisposableStack();
  let running: RunningOllama;
  let server: OllamaServer;
  const open = (name: string, contextTokens: number): ChatModel =>
    createOllamaModel(server, {
      name,
      label: name,
      digest: null,
      tools: true,
      contextTokens,
      newCallId: countingIds(),
    });

  beforeAll(async () => {
    if (engines === null) return;
    const folder = stack.use(await temporaryFolder());
    running = stack.use(await startOllama(engines));
    server = openOllama(running.url, { door: directDoor(), clock: systemClock });
    const file = (name: string): string => join(folder.path, name);
    await writeDemoModel(file("demo.gguf"), { sellerUrl });
    await running.create("demo", file("demo.gguf"));
    await writeFile(file("random.gguf"), encodeRandomModel(3));
    await running.create("random", file("random.gguf"));
    await writeFile(file("embed.gguf"), encodeRandomModel(3, { pooled: true }));
    await running.create("embed", file("embed.gguf"));
  });
  afterAll(() => stack.disposeAsync());

  describe("with the demo model", () => {
    demoSuite(() => open("demo", 16_384));
  });

  it("serves the context that was asked for", async () => {
    expect(await open("random", 4_096).probe()).toMatchObject({ contextWindow: 4_096, demo: false });
    expect(await servedContext(server, "random")).toBe(4_096);
  });

  it("refuses a prompt that does not fit instead of answering to a part of it", async () => {
    verifies("models.ollama.never-cut");
    const model = open("random", 2_048);
    const messages = Array.from({ length: 12 }, (_, index) => user(`message ${index} `.repeat(60)));
    const { last } = await ask(model, { messages, maxTokens: 5 });
    expect(last).toMatchObject({ type: "error", error: { code: "MODEL_CONTEXT_EXCEEDED" } });
    expect((await ask(model, { messages: [user("hi")], maxTokens: 3 })).last.type).toBe("done");
  });

  it("learns to count from what the engine reports, and stays above it", async () => {
    verifies("models.ollama.count-learns");
    const model = open("demo", 16_384);
    const text = "Where does the time go, and what does it do there? ";
    const request = { messages: [user(text.repeat(20))], tools: nineTools };
    await ask(model, request);
    for (const repeat of [18, 25, 40]) {
      const next = { ...request, messages: [user(text.repeat(repeat))] };
      const counted = await model.count(next);
      const { last } = await ask(model, next);
      if (last.type !== "done") throw new Error(JSON.stringify(last));
      expect(counted).toBeGreaterThanOrEqual(last.usage.promptTokens);
      expect(counted).toBeLessThan(last.usage.promptTokens * 1.3);
    }
  });

  it("binds an answer to a schema", async () => {
    const schema = { type: "object", properties: { count: { type: "integer", maximum: 9 } }, required: ["count"] };
    const { text } = await ask(open("demo", 16_384), { messages: [user("count")], schema });
    expect(JSON.parse(text)).toMatchObject({ count: expect.any(Number) });
  });

  it("frees the engine when the signal aborts", async () => {
    verifies("models.abort");
    const model = open("random", 4_096);
    const stop = new AbortController();
    let end: unknown;
    for await (const event of model.stream({ messages: [user("on")], tools: [], maxTokens: 3_500 }, stop.signal)) {
      if (event.type === "text") stop.abort();
      end = event;
    }
    expect(end).toMatchObject({ type: "error", error: { code: "MODEL_ABORTED" } });
    expect((await ask(model, { messages: [user("hi")], maxTokens: 3 })).last.type).toBe("done");
  });

  it("names a model that is not there", async () => {
    const { last } = await ask(open("gone", 4_096), { messages: [user("hi")] });
    expect(last).toMatchObject({ type: "error", error: { code: "MODEL_UNKNOWN", data: { model: "gone" } } });
  });

  it("makes vectors", async () => {
    const embedder = await createOllamaEmbedder(server, "embed");
    expect(embedder).toMatchObject({ modelId: "ollama:embed", dimensions: 64 });
    const [one, two] = await embedder.embed(["tea", "a longer text about tea"], "document");
    expect(one).toHaveLength(64);
    expect(two).not.toEqual(one);
  });
});
