import { directDoor, fakeClock, fakeEngine, verifies, type FakeReply } from "@freehold/testkit";
import { describe, expect, it } from "vitest";
import { ask, countingIds, nineTools, user } from "../test-world.ts";
import { openOpenAi } from "./openai-client.ts";
import { createOpenAiModel } from "./openai-model.ts";

function sse(...parts: readonly object[]): string {
  return [...parts.map((part) => JSON.stringify(part)), "[DONE]"].map((line) => `data: ${line}\n\n`).join("");
}

function delta(fields: object, finish: string | null = null): object {
  return { choices: [{ index: 0, delta: fields, finish_reason: finish }] };
}

async function scene(reply: FakeReply, tools: boolean | null = null) {
  const engine = await fakeEngine(({ path }) =>
    path === "/v1/chat/completions" ? reply : { status: 404, text: "no" },
  );
  const server = openOpenAi({ url: `${engine.url}/v1/`, key: null }, { door: directDoor(), clock: fakeClock() });
  const options = { name: "m", label: "m", contextTokens: 4_096, tools, newCallId: countingIds() };
  const model = createOpenAiModel(server, options);
  return { engine, model, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() };
}

describe("an OpenAI-compatible server", () => {
  it("may send calls in pieces, out of order, with reasoning beside", async () => {
    const call = (index: number, fields: object) => delta({ tool_calls: [{ index, ...fields }] });
    await using it = await scene({
      text: sse(
        delta({ role: "assistant", content: null }),
        delta({ reasoning_content: "hm" }),
        call(1, { id: "b", function: { name: "recall", arguments: '{"query"' } }),
        call(0, { id: "a", function: { name: "time", arguments: "" } }),
        call(1, { function: { arguments: ': "tea"}' } }),
        delta({}, "tool_calls"),
        {
          choices: [],
          usage: { prompt_tokens: 50, completion_tokens: 9, prompt_tokens_details: { cached_tokens: 40 } },
        },
      ),
    });
    const answer = await ask(it.model, { messages: [user("x")], tools: nineTools });
    expect(answer.reasoning).toBe("hm");
    expect(answer.calls).toEqual([
      { callId: "a", name: "time", arguments: {} },
      { callId: "b", name: "recall", arguments: { query: "tea" } },
    ]);
    expect(answer.last).toMatchObject({
      finish: "tool-calls",
      usage: { promptTokens: 50, cachedTokens: 40, outputTokens: 9 },
    });
    expect(it.engine.requests[0]?.headers.authorization).toBeUndefined();
  });

  it("does not get a cut call completed", async () => {
    verifies("models.calls.cut-not-mended");
    const part = { tool_calls: [{ index: 0, id: "a", function: { name: "time", arguments: '{"zone": "Eu' } }] };
    await using it = await scene({ text: sse(delta(part), delta({}, "length")) });
    const answer = await ask(it.model, { messages: [user("x")], tools: nineTools });
    expect(answer.calls).toEqual([]);
    expect(answer.bad[0]?.problem).toMatch(/cut off/);
  });

  it("gets no tools when its template has no place for them", async () => {
    await using it = await scene({ text: sse() }, false);
    const { last } = await ask(it.model, { messages: [user("x")], tools: nineTools });
    expect(last).toMatchObject({ type: "error", error: { code: "MODEL_TOOLS_UNSUPPORTED" } });
    expect(it.engine.requests).toEqual([]);
  });

  it("is estimated where it cannot count", async () => {
    await using it = await scene({ text: sse() });
    expect(await it.model.count({ messages: [user("x".repeat(1_000))], tools: [] })).toBeGreaterThan(350);
  });

  it.each([
    ["an HTML page", { status: 502, text: "<html><title>Bad gateway</title>" }, "MODEL_ENGINE_FAILED", /Bad gateway/],
    ["a refused key", { status: 401, json: { error: { message: "Invalid API Key" } } }, "MODEL_KEY_REFUSED", /key/],
    [
      "an error in the stream",
      { text: `data: {"error":{"code":500,"message":"out of memory","type":"x"}}\n\n` },
      "MODEL_ENGINE_FAILED",
      /out of memory/,
    ],
    [
      "a stream without an end",
      { text: `data: ${JSON.stringify(delta({ content: "half" }))}\n\n` },
      "MODEL_STREAM_CUT",
      /finish/,
    ],
    [
      "a connection that breaks",
      { text: `data: ${JSON.stringify(delta({ content: "half" }))}\n\n`, cut: true },
      "MODEL_STREAM_CUT",
      /middle/,
    ],
    ["lines that are no JSON", { text: "data: {oops\n\n" }, "MODEL_ENGINE_FAILED", /./],
  ] as const)("ends a stream with one clear error for %s", async (_, reply, code, message) => {
    verifies("models.errors-in-stream");
    await using it = await scene(reply);
    const { last } = await ask(it.model, { messages: [user("x")] });
    expect(last).toMatchObject({ type: "error", error: { code, message: expect.stringMatching(message) } });
  });
});
