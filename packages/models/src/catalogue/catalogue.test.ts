import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  directDoor,
  fakeClock,
  fakeEngine,
  ollamaReply,
  seededIds,
  testDatabase,
  verifies,
  type FakeReply,
  type TestDatabase,
} from "@freehold/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoPrompts } from "../demo/scripts.ts";
import { modelsMigrations } from "../migrations.ts";
import { encodeRandomModel } from "../test-random-model.ts";
import { ask, nineTools, temporaryFolder, user } from "../test-world.ts";
import { createModelCatalogue, type ModelsConfig } from "./create.ts";

const stack = new AsyncDisposableStack();
let database: TestDatabase;
beforeAll(async () => {
  database = stack.use(await testDatabase([modelsMigrations]));
});
afterAll(() => stack.disposeAsync());

async function house(config: Partial<ModelsConfig> = {}, options: { readonly kept?: boolean } = {}) {
  const things = new AsyncDisposableStack();
  const { path } = things.use(await temporaryFolder());
  const clock = fakeClock();
  const start = () =>
    things.use(
      createModelCatalogue({
        ...(options.kept === true ? { db: database.db } : {}),
        clock,
        newId: seededIds(1, clock),
        door: directDoor(),
        config: {
          ollamaHost: null,
          openaiUrl: null,
          openaiKey: null,
          modelsDir: join(path, "models"),
          contextTokens: 8_192,
          demo: { path: join(path, "demo.gguf"), sellerUrl: "http://127.0.0.1:9/" },
          embedder: null,
          ...config,
        },
      }),
    );
  await mkdir(join(path, "models"));
  return {
    catalogue: start(),
    start,
    clock,
    addModel: (name: string, bytes: Uint8Array = encodeRandomModel(2)) => writeFile(join(path, "models", name), bytes),
    removeModel: (name: string) => rm(join(path, "models", name)),
    [Symbol.asyncDispose]: () => things.disposeAsync(),
  };
}

function fakeOllama(replies: Readonly<Record<string, FakeReply>> = {}) {
  return fakeEngine((request) => replies[request.path] ?? ollamaReply(request));
}

describe("the catalogue", () => {
  it("falls back to the demo, which offers its own examples and plays them", async () => {
    await using home = await house();
    const [info, ...others] = await home.catalogue.list();
    expect(others).toEqual([]);
    expect(info).toMatchObject({ id: "embedded:demo", demo: true, selected: true, locality: "this-machine" });
    expect(info?.examplePrompts).toEqual(demoPrompts);
    const model = await home.catalogue.current();
    expect(await model.probe()).toMatchObject({ demo: true, tools: true });
    const answer = await ask(model, { messages: [user(info?.examplePrompts[1]?.prompt ?? "")], tools: nineTools });
    expect(answer.calls).toMatchObject([{ name: "time" }]);
  });

  it("prefers Ollama, then the configured server, then a file, then the demo", async () => {
    verifies("models.catalogue.order");
    await using ollama = await fakeOllama();
    await using openai = await fakeEngine(({ path }) =>
      path === "/v1/models" ? { json: { data: [{ id: "served", max_model_len: 4_096 }] } } : { status: 404, text: "" },
    );
    await using home = await house({ ollamaHost: ollama.url, openaiUrl: `${openai.url}/v1` });
    await home.addModel("small.gguf");
    const found = await home.catalogue.list();
    expect(found.map(({ id, selected }) => [id, selected])).toEqual([
      ["ollama:fake:latest", true],
      ["openai:served", false],
      ["embedded:small.gguf", false],
      ["embedded:demo", false],
    ]);
    expect(found.map(({ contextWindow }) => contextWindow)).toEqual([8_192, 4_096, 8_192, 32_768]);
    expect((await home.catalogue.providers()).map(({ provider, state }) => [provider, state])).toEqual([
      ["ollama", "ready"],
      ["openai", "ready"],
      ["embedded", "ready"],
      ["demo", "ready"],
    ]);
  });

  it("notices a real model after 30 s without being told, and never asks sooner", async () => {
    verifies("models.catalogue.appears");
    await using ollama = await fakeOllama({ "/api/tags": { json: { models: [] } } });
    await using home = await house({ ollamaHost: ollama.url });
    expect((await home.catalogue.currentInfo()).demo).toBe(true);
    await home.addModel("real.gguf");
    await home.clock.advance(29_000);
    await home.catalogue.currentInfo();
    expect(ollama.requests).toHaveLength(1);
    await home.clock.advance(1_000);
    await home.catalogue.currentInfo();
    await expect.poll(async () => (await home.catalogue.currentInfo()).id).toBe("embedded:real.gguf");
    expect(ollama.requests).toHaveLength(2);
  });

  it("keeps the owner's choice over a restart, and switches back without one", async () => {
    verifies("models.catalogue.choice-kept");
    await using home = await house({}, { kept: true });
    await home.addModel("real.gguf");
    expect(await home.catalogue.select("embedded:demo")).toMatchObject({ id: "embedded:demo", selected: true });
    const second = home.start();
    expect((await second.current()).id).toBe("embedded:demo");
    await second.select("embedded:real.gguf");
    expect((await second.current()).id).toBe("embedded:real.gguf");
    expect((await home.catalogue.current()).id).toBe("embedded:real.gguf");
    const { last } = await ask(await second.current(), { messages: [user("hi")], maxTokens: 3 });
    expect(last.type).toBe("done");
  });

  it("puts no other model in the place of a chosen one that is gone", async () => {
    verifies("models.catalogue.no-silent-switch");
    await using home = await house();
    await home.addModel("mine.gguf");
    await home.catalogue.select("embedded:mine.gguf");
    await home.removeModel("mine.gguf");
    await home.catalogue.list({ refresh: true });
    await expect(home.catalogue.current()).rejects.toMatchObject({ spec: { code: "MODEL_UNKNOWN" } });
    await expect(home.catalogue.select("embedded:other.gguf")).rejects.toMatchObject({
      spec: { code: "MODEL_UNKNOWN" },
    });
  });

  it("lists what cannot be used with the reason, and does not choose it", async () => {
    const json = { models: [{ name: "big:cloud", remote_host: "https://ollama.com" }] };
    await using ollama = await fakeOllama({ "/api/tags": { json } });
    await using home = await house({ ollamaHost: ollama.url });
    await home.addModel("broken.gguf", encodeRandomModel(2).subarray(0, 9_000));
    await home.addModel("text.gguf", Buffer.from("not a model at all, only text"));
    await home.addModel("big-00002-of-00003.gguf");
    const found = await home.catalogue.list();
    expect(found.map(({ id, problem }) => [id, problem?.code ?? null])).toEqual([
      ["ollama:big:cloud", "MODEL_REMOTE"],
      ["embedded:broken.gguf", "MODEL_FILE_INVALID"],
      ["embedded:text.gguf", "MODEL_FILE_INVALID"],
      ["embedded:demo", null],
    ]);
    expect(found.find(({ selected }) => selected)?.id).toBe("embedded:demo");
    await expect(home.catalogue.select("ollama:big:cloud")).rejects.toMatchObject({ spec: { code: "MODEL_REMOTE" } });
  });

  it("does not chat with an Ollama that has embedding models only", async () => {
    await using ollama = await fakeOllama({ "/api/show": { json: { capabilities: ["embedding"] } } });
    await using home = await house({ ollamaHost: ollama.url });
    expect((await home.catalogue.currentInfo()).demo).toBe(true);
  });

  it("says what is wrong with each place where it looked", async () => {
    await using openai = await fakeEngine(() => ({ status: 401, json: { error: { message: "Invalid API Key" } } }));
    await using home = await house({ ollamaHost: "127.0.0.1:1", openaiUrl: `${openai.url}/v1`, demo: null });
    expect(await home.catalogue.providers()).toMatchObject([
      { provider: "ollama", state: "absent", problem: { code: "MODEL_UNREACHABLE" } },
      { provider: "openai", state: "failed", problem: { code: "MODEL_KEY_REFUSED" } },
      { provider: "embedded", state: "absent", problem: null },
    ]);
    await expect(home.catalogue.current()).rejects.toMatchObject({ spec: { code: "MODEL_NONE" } });
  });

  it("makes an embedder when one is configured, and tries again after a failure", async () => {
    let fails = true;
    await using ollama = await fakeEngine((request) => {
      if (request.path !== "/api/embed") return ollamaReply(request);
      return fails ? { status: 500, json: { error: "no memory" } } : { json: { embeddings: [[1, 2]] } };
    });
    await using home = await house({ ollamaHost: ollama.url, embedder: "bge-small-en-v1.5" });
    await expect(home.catalogue.embedder()).rejects.toMatchObject({ spec: { code: "MODEL_ENGINE_FAILED" } });
    fails = false;
    expect(await home.catalogue.embedder()).toMatchObject({ modelId: "ollama:bge-small-en-v1.5", dimensions: 2 });
    await using without = await house();
    expect(await without.catalogue.embedder()).toBeNull();
  });

  it.runIf(process.platform === "linux")("holds the weights of one file at a time", async () => {
    await using home = await house();
    await home.addModel("one.gguf");
    await home.addModel("two.gguf", encodeRandomModel(9));
    const children = async (): Promise<number> => {
      const text = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, "utf8");
      return text.trim().split(" ").length;
    };
    await home.catalogue.select("embedded:one.gguf");
    await ask(await home.catalogue.current(), { messages: [user("hi")], maxTokens: 3 });
    const before = await children();
    await home.catalogue.select("embedded:two.gguf");
    await ask(await home.catalogue.current(), { messages: [user("hi")], maxTokens: 3 });
    expect(await children()).toBe(before);
  });
});
