import { type RunId, systemClock } from "@freehold/core";
import { verifies } from "@freehold/testkit";
import { expect, test } from "vitest";
import type { FailpointName } from "./ports.ts";
import type { Runtime } from "./runtime.ts";
import type { RunFrame } from "./subscribe.ts";
import { freshDatabase } from "./testing/fresh-database.ts";
import { house, later } from "./testing/house.ts";
import { scriptedModel } from "./testing/scripted-model.ts";

/** A page that shows what it is sent: messages by id, until they are void. */
function page(): { readonly shown: Map<string, string>; take(frame: RunFrame): void; last: string } {
  const shown = new Map<string, string>();
  return {
    shown,
    last: "",
    take(frame) {
      this.last = frame.id;
      if (frame.kind === "delta") {
        shown.set(frame.messageId, (shown.get(frame.messageId) ?? "") + frame.text);
      } else if (frame.logged.event.type === "infer.started" && frame.logged.event.replaces !== null) {
        shown.delete(frame.logged.event.replaces);
      }
    },
  };
}

async function watch(runtime: Runtime, runId: RunId, on: ReturnType<typeof page>, frames = Infinity): Promise<void> {
  const after = on.last === "" ? {} : { after: on.last };
  let left = frames;
  for await (const frame of runtime.subscribe(runId, after)) {
    on.take(frame);
    left -= 1;
    if (left <= 0) return;
  }
}

const words = Array.from({ length: 40 }, (_, index) => `word${String(index)} `);

/** Lets the stream go on only as far as a test wants. */
function gate(): { readonly pace: () => Promise<void>; open(): void } {
  const opened = Promise.withResolvers<void>();
  let passed = 0;
  return {
    pace: async () => {
      passed += 1;
      if (passed > 20) await opened.promise;
    },
    open: () => opened.resolve(),
  };
}

test("however often a watcher is cut off and comes back, what it was shown is what was kept", async () => {
  verifies("runtime.stream.shown-equals-committed");
  await using t = await freshDatabase();
  const half = gate();
  await using h = await house({ db: t.db, model: scriptedModel(() => words, { pace: half.pace }) });
  const { runId, threadId } = await h.say("Speak");
  const working = h.runtime.worker.drain();
  const cutOften = page();
  const pages = [cutOften, page(), page()];
  for (let cut = 0; cut < 5; cut += 1) await watch(h.runtime, runId, cutOften, 1);
  await watch(h.runtime, runId, pages[1] ?? page(), 3);
  half.open();
  await working;
  for (const one of pages) await watch(h.runtime, runId, one);
  const kept = (await h.transcript(threadId)).at(-1);
  for (const { shown } of pages) expect([...shown.values()].map((text) => `assistant: ${text}`)).toEqual([kept]);
});

test("a watcher that comes back after the end is sent the rest from what was kept", async () => {
  verifies("runtime.stream.shown-equals-committed");
  await using t = await freshDatabase();
  await using h = await house({ db: t.db, model: scriptedModel(() => words) });
  const { runId } = await h.say("Speak");
  await h.runtime.worker.drain();
  const events = await h.runtime.events(runId);
  const started = events.find(({ event }) => event.type === "infer.started")?.seq ?? 0;
  const rest: string[] = [];
  for await (const frame of h.runtime.subscribe(runId, { after: `${String(started)}.6` })) {
    if (frame.kind === "delta") rest.push(frame.text);
  }
  expect(rest.join("")).toBe(words.join("").slice(6));
  const ids: string[] = [];
  const end = String(events.at(-1)?.seq);
  for await (const frame of h.runtime.subscribe(runId, { after: end })) ids.push(frame.id);
  expect(ids).toEqual([]);
});

test("text of an inference that died with its worker is void, and the new one is shown as a whole", async () => {
  await using t = await freshDatabase();
  let left = 10;
  const failpoint = (name: FailpointName): void => {
    if (name !== "infer.delta") return;
    left -= 1;
    if (left === 0) throw new Error("crash");
  };
  const model = scriptedModel((_messages, asked) => words.map((word) => `${word}${String(asked)}`));
  await using h = await house({ db: t.db, model, failpoint });
  const { runId, threadId } = await h.say("Speak");
  const seen = page();
  const watching = watch(h.runtime, runId, seen);
  await h.runtime.worker.drain();
  await later(h, 30_000);
  await watching;
  expect([...seen.shown.values()].map((text) => `assistant: ${text}`)).toEqual([(await h.transcript(threadId)).at(-1)]);
});

test("a watcher that goes away leaves nothing behind, and ends when its signal does", async () => {
  await using t = await freshDatabase();
  await using h = await house({ db: t.db, model: scriptedModel(() => ["Hi."]) });
  const { runId } = await h.say("Hi");
  const leave = new AbortController();
  const frames: string[] = [];
  for await (const frame of h.runtime.subscribe(runId, { signal: leave.signal })) {
    frames.push(frame.id);
    leave.abort();
  }
  expect(frames).toEqual(["1"]);
});

test("50 threads stream at once, each watcher is cut off twice, and none is shown a wrong text", async () => {
  verifies("runtime.stream.shown-equals-committed");
  await using t = await freshDatabase();
  const model = scriptedModel((messages) => words.map((word) => `${String(messages.at(-1)?.content.length)}${word}`), {
    pace: () => systemClock.sleep(5),
  });
  await using h = await house({ db: t.db, model, clock: systemClock });
  h.runtime.worker.start();
  const chats = await Promise.all(Array.from({ length: 50 }, (_, n) => h.say("word ".repeat(n + 1))));
  const lost = await Promise.all(
    chats.map(async ({ runId, threadId }) => {
      const seen = page();
      await watch(h.runtime, runId, seen, 6);
      await watch(h.runtime, runId, seen, 3);
      await watch(h.runtime, runId, seen);
      const shown = [...seen.shown.values()].map((text) => `assistant: ${text}`);
      return shown.join("") === (await h.transcript(threadId)).at(-1) ? 0 : 1;
    }),
  );
  expect(lost.filter((one) => one > 0)).toEqual([]);
});
