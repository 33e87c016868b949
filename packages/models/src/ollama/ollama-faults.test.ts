import type { ChatModel } from "@freehold/core";
import { directDoor, fakeClock, fakeEngine, ollamaReply, verifies, type FakeReply } from "@freehold/testkit";
import { describe, expect, it } from "vitest";
import { ask, countingIds, driven, nineTools, user } from "../test-world.ts";
import { openOllama, ollamaUrl } from "./ollama-client.ts";
import { createOllamaEmbedder } from "./ollama-embedder.ts";
import { contextBucket, createOllamaModel } from "./ollama-model.ts";

const done = { message: { content: "" }, done: true, done_reason: "stop", prompt_eval_count: 900, eval_count: 1 };

async function scene(replies: Readonly<Record<string, (count: number) => FakeReply>>) {
  const engine = await fakeEngine((request, count) => replies[request.path]?.(count) ?? ollamaReply(request));
  const clock = fakeClock();
  const server = openOllama(engine.url, { door: directDoor(), clock });
  const model: ChatModel = createOllamaModel(server, {
    name: "fake",
    label: "fake",
    digest: null,
    tools: true,
    contextTokens: 8_192,
    newCallId: countingIds(),
  });
  return { engine, clock, server, model, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() };
}

const chat = (reply: FakeReply) => ({ "/api/chat": () => reply });

describe("an Ollama that misbehaves", () => {
  it("is sent num_ctx, truncate and shift with every request", async () => {
    verifies("models.ollama.never-cut");
    await using it = await scene(chat({ lines: [{ message: { content: "hi" }, done: false }, done] }));
    await ask(it.model, { messages: [user("hello")], maxTokens: 77 });
    expect(it.engine.requests.at(-1)?.body).toMatchObject({
      truncate: false,
      shift: false,
      options: { num_ctx: 8_192, num_predict: 77 },
    });
  });

  it("gets no prompt for a model that runs elsewhere", async () => {
    verifies("models.ollama.remote-refused");
    await using it = await scene({
      "/api/show": () => ({ json: { capabilities: ["completion"], remote_host: "https://ollama.com" } }),
    });
    const { last } = await ask(it.model, { messages: [user("my secret")] });
    expect(last).toMatchObject({
      type: "error",
      error: { code: "MODEL_REMOTE", data: { host: "https://ollama.com" } },
    });
    expect(it.engine.requests.map(({ path }) => path)).toEqual(["/api/show"]);
  });

  it("is asked again while busy, and given up after six tries", async () => {
    const busy = { status: 503, json: { error: "server busy, please try again" } };
    const fine = { lines: [{ message: { content: "at last" }, done: false }, done] };
    await using soon = await scene({ "/api/chat": (count) => (count < 3 ? busy : fine) });
    expect((await driven(soon.clock, ask(soon.model, { messages: [user("x")] }))).text).toBe("at last");
    await using never = await scene(chat(busy));
    const { last } = await driven(never.clock, ask(never.model, { messages: [user("x")] }));
    expect(last).toMatchObject({ type: "error", error: { code: "MODEL_BUSY", data: { tries: 6 } } });
  });

  it.each([
    [
      "a connection that breaks",
      { lines: [{ message: { content: "half" }, done: false }], cut: true },
      "MODEL_STREAM_CUT",
    ],
    ["a stream without its last line", { lines: [{ message: { content: "half" }, done: false }] }, "MODEL_STREAM_CUT"],
    ["an error in the stream", { lines: [{ error: "runner died: signal 9" }] }, "MODEL_ENGINE_FAILED"],
    ["lines of another form", { lines: [{ done: "yes" }] }, "MODEL_ENGINE_FAILED"],
    ["an HTML page", { status: 502, text: "<html><title>Bad gateway</title></html>" }, "MODEL_ENGINE_FAILED"],
    [
      "an error that is JSON in a string",
      {
        status: 400,
        json: {
          error: JSON.stringify({
            error: { code: 400, message: "too long", type: "exceed_context_size_error", n_prompt_tokens: 9, n_ctx: 4 },
          }),
        },
      },
      "MODEL_CONTEXT_EXCEEDED",
    ],
  ] as const)("ends a stream with one clear error for %s", async (_, reply, code) => {
    verifies("models.errors-in-stream");
    await using it = await scene(chat(reply));
    const { last } = await ask(it.model, { messages: [user("x")] });
    expect(last).toMatchObject({ type: "error", error: { code } });
  });

  it("may not answer nothing when tools were offered", async () => {
    verifies("models.empty-is-failure");
    await using it = await scene(chat({ lines: [done] }));
    const { last } = await ask(it.model, { messages: [user("x")], tools: nineTools });
    expect(last).toMatchObject({ type: "error", error: { code: "MODEL_ANSWER_EMPTY" } });
  });

  it("is caught when it read only a part of the prompt", async () => {
    verifies("models.ollama.never-cut");
    await using it = await scene(chat({ lines: [{ ...done, message: { content: "ok" }, prompt_eval_count: 100 }] }));
    const { last } = await ask(it.model, { messages: [user("a b ".repeat(2_000))] });
    expect(last).toMatchObject({ type: "error", error: { code: "MODEL_PROMPT_CUT" } });
  });

  it("gives calls as objects or as text, with or without ids", async () => {
    const calls = [
      { id: "abc", function: { name: "time", arguments: { zone: "UTC" } } },
      { function: { name: "recall", arguments: '{"query": "tea"}' } },
    ];
    await using it = await scene(chat({ lines: [{ ...done, message: { content: "", tool_calls: calls } }] }));
    const answer = await ask(it.model, { messages: [user("x")], tools: nineTools });
    expect(answer.calls).toEqual([
      { callId: "abc", name: "time", arguments: { zone: "UTC" } },
      { callId: "call-1", name: "recall", arguments: { query: "tea" } },
    ]);
    expect(answer.last).toMatchObject({ finish: "tool-calls" });
  });

  it.each([
    ["NaN", [[1, null, 2]]],
    ["zeros", [[0, 0, 0]]],
    ["too few vectors", []],
  ])("makes no embedder of %s", async (_, embeddings) => {
    await using it = await scene({ "/api/embed": () => ({ json: { embeddings } }) });
    await expect(createOllamaEmbedder(it.server, "bge-m3")).rejects.toMatchObject({
      spec: { code: "MODEL_VECTORS_INVALID" },
    });
  });

  it("that is not there is named", async () => {
    const server = openOllama("http://127.0.0.1:1", { door: directDoor(), clock: fakeClock() });
    const model = createOllamaModel(server, {
      name: "x",
      label: "x",
      digest: null,
      tools: true,
      contextTokens: 4_096,
      newCallId: countingIds(),
    });
    const { last } = await ask(model, { messages: [user("x")] });
    expect(last).toMatchObject({
      type: "error",
      error: { code: "MODEL_UNREACHABLE", message: expect.stringMatching(/ECONNREFUSED|bad port/) },
    });
  });
});

describe("OLLAMA_HOST", () => {
  it.each([
    ["http://127.0.0.1:11434", "http://127.0.0.1:11434"],
    ["127.0.0.1", "http://127.0.0.1:11434"],
    ["0.0.0.0:1234", "http://127.0.0.1:1234"],
    ["ollama:11434/", "http://ollama:11434"],
    ["https://box.lan", "https://box.lan"],
  ])("%s means %s", (host, url) => {
    expect(ollamaUrl(host)).toBe(url);
  });

  it("contexts come in few sizes", () => {
    expect([contextBucket(8_192, null), contextBucket(9_000, null), contextBucket(9_000, 12_000)]).toEqual([
      8_192, 16_384, 12_000,
    ]);
  });
});
