import { ApiError, type Client } from "@freehold/contract";
import { describe, expect, it } from "vitest";
import { createQueryStore } from "./query-store.ts";

/** A small agent: answers `halt.get` from a list, one entry a call. */
function agent(answers: readonly (boolean | Error)[]): { call: Client["call"]; asked: () => number } {
  let asked = 0;
  const call: Client["call"] = async (name) => {
    const answer = answers[asked++];
    if (answer instanceof Error) throw answer;
    return { halted: answer } as Awaited<ReturnType<typeof call<typeof name>>>;
  };
  return { call, asked: () => asked };
}

const down = new ApiError(0, { code: "NO_ANSWER", message: "The agent does not answer.", next: "Check.", data: {} });

describe("query store", () => {
  it("asks a question once, however many ask it at the same time", async () => {
    const { call, asked } = agent([true]);
    const store = createQueryStore(call);
    await Promise.all([store.ask("halt.get", {}), store.ask("halt.get", {})]);
    expect(asked()).toBe(1);
    expect(store.peek("halt.get", {})).toEqual({ data: { halted: true }, problem: null, loading: false });
  });

  it("keeps what it knows when a refresh fails, and says what failed", async () => {
    const store = createQueryStore(agent([true, down]).call);
    await store.ask("halt.get", {});
    await store.ask("halt.get", {});
    expect(store.peek("halt.get", {}).data).toEqual({ halted: true });
    expect(store.peek("halt.get", {}).problem?.code).toBe("NO_ANSWER");
  });

  it("refreshes what is shown and forgets what is not", async () => {
    const { call, asked } = agent([true, false]);
    const store = createQueryStore(call);
    await store.ask("halt.get", {});
    await store.refresh(["halt.get"]);
    expect(store.peek("halt.get", {}).data).toBeNull();
    let told = 0;
    const leave = store.subscribe("halt.get", {}, () => (told += 1));
    await store.refresh(["halt.get"]);
    expect({ asked: asked(), told: told > 0 }).toEqual({ asked: 2, told: true });
    leave();
  });
});
