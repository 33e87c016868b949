import { ApiError, type Client, type RunEventFrame } from "@freehold/contract";
import { verifies } from "@freehold/testkit";
import { describe, expect, it } from "vitest";
import { followRun } from "./follow-run.ts";

const runId = "01990000-0000-7000-8000-000000000001";
const frame = (id: string, text: string): RunEventFrame => ({
  id,
  event: { type: "TEXT_MESSAGE_CONTENT", messageId: "m", delta: text },
});
const finished: RunEventFrame = {
  id: "9",
  event: { type: "RUN_FINISHED", threadId: "01990000-0000-7000-8000-000000000002", runId },
};

/** An agent whose lines carry the given frames and then end, or break with the given error. */
function lines(script: readonly (readonly (RunEventFrame | Error)[])[]): {
  client: Client;
  asked: (string | undefined)[];
} {
  const asked: (string | undefined)[] = [];
  async function* events(_runId: string, after?: string): AsyncGenerator<RunEventFrame> {
    const line = script[asked.length] ?? [];
    asked.push(after);
    for (const step of line) {
      if (step instanceof Error) throw step;
      yield step;
    }
  }
  return { client: { events, call: () => Promise.reject(new Error("not asked")) }, asked };
}

async function follow(client: Client): Promise<{ ids: string[]; pauses: number[] }> {
  const ids: string[] = [];
  const pauses: number[] = [];
  await followRun({
    client,
    runId,
    signal: new AbortController().signal,
    onFrame: ({ id }) => ids.push(id),
    onLine: () => undefined,
    sleep: async (ms) => void pauses.push(ms),
  });
  return { ids, pauses };
}

const gone = new ApiError(0, { code: "NO_ANSWER", message: "", next: "", data: {} });

describe("following a run", () => {
  it("resumes after the last frame that it saw, whether the line ends or breaks", async () => {
    verifies("web.stream.resume");
    const { client, asked } = lines([[frame("1", "a"), frame("", "b")], [frame("1.4", "c"), gone], [finished]]);
    expect((await follow(client)).ids).toEqual(["1", "", "1.4", "9"]);
    expect(asked).toEqual([undefined, "1", "1.4"]);
  });

  it("waits longer between attempts that bring nothing, and is quick again after a frame", async () => {
    const { client } = lines([[gone], [gone], [gone], [frame("1", "a"), gone], [finished]]);
    expect((await follow(client)).pauses).toEqual([250, 500, 1000, 250]);
  });

  it("gives up where asking again cannot help", async () => {
    const missing = new ApiError(404, { code: "RUN_UNKNOWN", message: "", next: "", data: {} });
    await expect(follow(lines([[missing]]).client)).rejects.toBe(missing);
  });
});
