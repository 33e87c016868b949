import { array, assert, dictionary, integer, jsonValue, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { verifies } from "@freehold/testkit";
import { createAnswerReader } from "../answer-events.ts";
import { countingIds, tool } from "../test-world.ts";
import { repairJson } from "./repair-json.ts";
import { createAnswerSplitter, type AnswerPiece } from "./split-answer.ts";

const tools = [tool("time", { zone: "string" }), tool("search", { query: "string", limit: "number" })];

function read(text: string, finish: "stop" | "length" = "stop") {
  const reader = createAnswerReader(tools, countingIds());
  return [...reader.text(text), ...reader.end(finish)];
}

describe("repairJson", () => {
  it.each([
    [`{"a": 1}`, { a: 1 }],
    [`{'a': 'it is', 'b': True, 'c': None,}`, { a: "it is", b: true, c: null }],
    [`{"a": ["x", "y",], "b": {"c": "d"`, { a: ["x", "y"], b: { c: "d" } }],
    ['```json\n{"a": "line\nbreak"}\n```', { a: "line\nbreak" }],
    [`{"a": "say \\"True\\" and 'None'"}`, { a: `say "True" and 'None'` }],
    [`{"a": 1}} and more`, { a: 1 }],
    [`{'a': 'it\\'s "quoted"'}`, { a: `it's "quoted"` }],
  ])("mends %s", (text, value) => {
    expect(JSON.parse(repairJson(text))).toEqual(value);
  });

  it("leaves correct JSON with the same meaning", () => {
    assert(
      property(dictionary(string(), jsonValue()), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(repairJson(text))).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe("the answer splitter", () => {
  const whole =
    '<think>\nhm, <tool_call> is a tag\n</think>\n\nLet me look.\n<tool_call>\n{"name": "time"}\n</tool_call>\n<tool_call>{"name":"search"}</tool_call>';

  const merge = (pieces: readonly AnswerPiece[]): readonly string[] => {
    const out: [string, string][] = [];
    for (const piece of pieces) {
      const last = out.at(-1);
      if (piece.type === "call") out.push(["call", piece.body]);
      else if (last?.[0] === piece.type) last[1] += piece.text;
      else out.push([piece.type, piece.text]);
    }
    return out.map(([type, text]) => `${type}: ${text}`);
  };

  it("finds the same pieces however the stream is cut", () => {
    assert(
      property(array(integer({ min: 1, max: whole.length - 1 }), { maxLength: 60 }), (cuts) => {
        const splitter = createAnswerSplitter({ calls: true });
        const at = [0, ...new Set(cuts)].sort((a, b) => a - b);
        const pieces = at.flatMap((from, index) => splitter.push(whole.slice(from, at[index + 1])));
        expect(merge([...pieces, ...splitter.end()])).toEqual([
          "reasoning: hm, <tool_call> is a tag",
          "text: Let me look.",
          'call: {"name": "time"}',
          'call: {"name":"search"}',
        ]);
      }),
    );
  });

  it("shows a call's tags as text when no tools were offered", () => {
    const splitter = createAnswerSplitter({ calls: false });
    expect(merge([...splitter.push("see <tool_call>x</tool_call>"), ...splitter.end()])).toEqual([
      "text: see <tool_call>x</tool_call>",
    ]);
  });
});

describe("the answer reader", () => {
  it("gives calls of offered tools, mended where it can be", () => {
    verifies("models.calls.repaired");
    expect(read(`<tool_call>{'name': 'time', 'parameters': {'zone': 'UTC',}}</tool_call>`)).toEqual([
      { type: "tool-call", call: { callId: "call-1", name: "time", arguments: { zone: "UTC" } } },
    ]);
    expect(read(`<tool_call>{"name": "time", "arguments": "{\\"zone\\": \\"UTC\\"}"}`)).toMatchObject([
      { type: "tool-call", call: { arguments: { zone: "UTC" } } },
    ]);
  });

  it.each([
    [`<tool_call>{"name": "rm", "arguments": {}}</tool_call>`, /no tool "rm"; there are: time, search/],
    [`<tool_call>time please</tool_call>`, /not valid JSON/],
    [`<tool_call>{"arguments": {}}</tool_call>`, /no "name"/],
    [`<tool_call>{"name": "time", "arguments": [1]}</tool_call>`, /one JSON object/],
  ])("says what is wrong with %s", (text, problem) => {
    verifies("models.calls.bad-visible");
    expect(read(text)).toEqual([
      { type: "bad-tool-call", raw: expect.any(String), problem: expect.stringMatching(problem) },
    ]);
  });

  it("does not mend a call that the token limit cut off", () => {
    verifies("models.calls.cut-not-mended");
    const text = `<tool_call>{"name": "time", "arguments": {"zone": "Europe/B`;
    expect(read(text, "length")).toMatchObject([{ type: "bad-tool-call", problem: expect.stringMatching(/cut off/) }]);
    expect(read(text, "stop")).toMatchObject([{ type: "tool-call" }]);
  });
});
