import { describe, expect, it } from "vitest";
import { markWords } from "./mark-words.ts";

const hits = (text: string, query: string): string[] =>
  markWords(text, query).flatMap(({ part, hit }) => (hit ? [part] : []));

describe("markWords", () => {
  it("finds the query's words in any case and script, and loses no letter", () => {
    const text = "The Boiler needs its service; הדוד needs it, too.";
    expect(hits(text, "boiler הדוד")).toEqual(["Boiler", "הדוד"]);
    expect(
      markWords(text, "boiler")
        .map(({ part }) => part)
        .join(""),
    ).toBe(text);
  });
  it("takes signs of the query for what they are", () => {
    expect(hits("a+b (c) costs", "(c) a+b .* costs")).toEqual(["costs"]);
    expect(hits("anything", ".*")).toEqual([]);
  });
});
