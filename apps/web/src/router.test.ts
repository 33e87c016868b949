import { describe, expect, it } from "vitest";
import { hrefOf, parsePlace } from "./router.tsx";

describe("router", () => {
  it("reads back every address that it writes", () => {
    expect(parsePlace(hrefOf("chat"))).toEqual({ page: "chat", id: null });
    expect(parsePlace(hrefOf("chat", "a/b ü"))).toEqual({ page: "chat", id: "a/b ü" });
    expect(parsePlace("/tools/7#top")).toEqual({ page: "tools", id: "7" });
    expect(parsePlace(hrefOf("wallet"))).toEqual({ page: "wallet", id: null });
  });
  it("takes an unknown address for the chat", () => {
    expect(parsePlace("/nowhere/at/all").page).toBe("chat");
  });
});
