import { describe, expect, it } from "vitest";
import { bytes, daysAgo, duration, plural, shortHash, span, tokens } from "./format.ts";

describe("format", () => {
  it("shortens in the middle, and only what is long", () => {
    expect(shortHash("0x71c4aabbccddeeff0be2")).toBe("0x71c4…0be2");
    expect(shortHash("short")).toBe("short");
  });
  it("gives one figure with its unit", () => {
    expect([bytes(0), bytes(1200), bytes(94_000), bytes(8_900_000_000)]).toEqual(["0 B", "1.2 kB", "94 kB", "8.9 GB"]);
    expect([duration(61), duration(400), duration(1250), duration(61_000)]).toEqual([
      "61 ms",
      "400 ms",
      "1.3 s",
      "1 min 1 s",
    ]);
    expect([span(30_000), span(9 * 60_000), span(3 * 3_600_000)]).toEqual(["1 min", "9 min", "3 h"]);
    expect([tokens(980), tokens(11_200), tokens(32_768)]).toEqual(["980", "11.2k", "32k"]);
    expect([plural(1, "turn"), plural(18_412, "turn")]).toEqual(["1 turn", "18,412 turns"]);
  });
  it("counts days by midnights", () => {
    expect(daysAgo(new Date(2026, 10, 20, 23, 59).toISOString(), new Date(2026, 10, 21, 0, 1))).toBe(1);
    expect(daysAgo(new Date(2026, 10, 21, 0, 0).toISOString(), new Date(2026, 10, 21, 23, 59))).toBe(0);
  });
});
