import { expect, test } from "vitest";
import { speakerOf, turnText } from "./turn-text.ts";

test("text and tool results are read, reasoning and call arguments are not", () => {
  const text = turnText([
    { type: "reasoning", text: "hidden" },
    { type: "text", text: "The answer" },
    { type: "tool-call", callId: "1", name: "read", arguments: { path: "secret.txt" } },
    { type: "tool-result", callId: "1", name: "read", status: "ok", text: "contents" },
  ]);
  expect(text).toBe("The answer\ncontents");
});

test.each([
  ["Ann: hello", "Ann"],
  ["Ann Lee: hello", "Ann Lee"],
  ["Zoë O'Brien-Díaz: hi", "Zoë O'Brien-Díaz"],
  ["see Ann: hello", ""],
  ["http://example.org", ""],
  ["12:30 is fine", ""],
  ["Ann:hello", ""],
])("the speaker of %j is %j", (text, speaker) => {
  expect(speakerOf(text)).toBe(speaker);
});
