import { describe, expect, it } from "vitest";
import { aroundChanges, lineDiff } from "./line-diff.ts";

const marks = { same: " ", added: "+", removed: "-" } as const;
const diff = (before: string, after: string): string[] =>
  lineDiff(before, after).map(({ change, text }) => marks[change] + text);

describe("lineDiff", () => {
  it("shows what was taken out before what was put in", () => {
    expect(diff("name\nold\nend", "name\nnew\nmore\nend")).toEqual([" name", "-old", "+new", "+more", " end"]);
  });
  it("shows all of a new text as added", () => {
    expect(diff("a", "a")).toEqual([" a"]);
    expect(diff("a\nb", "b")).toEqual(["-a", " b"]);
  });
  it("leaves out what is far from any change", () => {
    const lines = lineDiff("a\nb\nc\nd\ne", "a\nb\nc\nd\nf");
    expect(aroundChanges(lines, 1).map(({ change, text }) => marks[change] + text)).toEqual([" …", " d", "-e", "+f"]);
  });
});
