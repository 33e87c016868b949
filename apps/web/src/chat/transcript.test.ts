import type { RouteResponse, TurnJson } from "@freehold/contract";
import { verifies } from "@freehold/testkit";
import { describe, expect, it } from "vitest";
import { emptyRunView, type RunView } from "./run-view.ts";
import { answerText, forgottenText, transcript } from "./transcript.ts";

const threadId = "01990000-0000-7000-8000-000000000002";
const labels = { integrity: "owner", confidentiality: "private", origins: ["owner"] } as const;
let ordinal = 0;

function turn(id: string, runId: string | null, author: TurnJson["author"], parts: TurnJson["parts"]): TurnJson {
  ordinal += 1;
  return {
    id,
    threadId,
    ordinal,
    runId,
    author,
    parts,
    labels: { ...labels, origins: [...labels.origins] },
    at: "2026-11-21T14:03:00.000Z",
    forgotten: false,
  };
}
function detail(turns: TurnJson[], runs: string[]): RouteResponse<"threads.get"> {
  const time = "2026-11-21T14:00:00.000Z";
  const thread = { id: threadId, title: "T", createdAt: time, updatedAt: time, turns: turns.length, activeRun: null };
  return { thread, turns, runs };
}
const said = (text: string): TurnJson["parts"] => [{ type: "text", text }];

describe("transcript", () => {
  it("shows the committed turns before any event was read", () => {
    const exchanges = transcript(
      detail(
        [
          turn("t1", "r1", "owner", said("What time is it?")),
          turn("t2", "r1", "assistant", [
            { type: "tool-call", callId: "c1", name: "time", arguments: { zone: "UTC" } },
          ]),
          turn("t3", "r1", "tool", [{ type: "tool-result", callId: "c1", name: "time", status: "ok", text: "14:03" }]),
          turn("t4", "r1", "assistant", said("Three past two.")),
        ],
        ["r1"],
      ),
      new Map(),
    );
    expect(exchanges).toHaveLength(1);
    expect(exchanges[0]?.items).toMatchObject([
      { kind: "call", name: "time", argumentsText: '{"zone":"UTC"}', state: "ok", result: "14:03" },
      { kind: "text", text: "Three past two." },
    ]);
  });

  it("shows the committed words where the events brought others", () => {
    verifies("web.stream.committed");
    const view: RunView = {
      ...emptyRunView("r1"),
      status: "completed",
      items: [{ kind: "text", messageId: "m", text: "stale", done: true, turnId: "t2" }],
    };
    const turns = [turn("t1", "r1", "owner", said("Hi")), turn("t2", "r1", "assistant", said("committed"))];
    const [exchange] = transcript(detail(turns, ["r1"]), new Map([["r1", view]]));
    expect(answerText(exchange?.items ?? [])).toBe("committed");
  });

  it("puts turns without a run below the message that they answer", () => {
    const turns = [turn("t1", null, "owner", said("Hi")), turn("t2", null, "assistant", said("Hello."))];
    expect(transcript(detail(turns, []), new Map()).map(({ own, items }) => [own.length, items.length])).toEqual([
      [1, 1],
    ]);
  });

  it("leaves a hole that says so where a turn was forgotten", () => {
    const gone = { ...turn("t2", "r1", "assistant", []), forgotten: true };
    const [exchange] = transcript(detail([turn("t1", "r1", "owner", said("Hi")), gone], ["r1"]), new Map());
    expect(exchange?.items).toMatchObject([{ kind: "text", text: forgottenText }]);
  });

  it("gives a run that has no turn yet a place at the end", () => {
    const exchanges = transcript(detail([turn("t1", "r1", "owner", said("Hi"))], ["r1", "r2"]), new Map());
    expect(exchanges.map(({ runId }) => runId)).toEqual(["r1", "r2"]);
  });
});
