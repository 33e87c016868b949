import { ownerLabels } from "@freehold/core";
import { expect, test } from "vitest";
import { openTestMemory } from "../test-memory.ts";

test("the timeline runs from new to old, notes included, without the forgotten", async () => {
  await using t = await openTestMemory();
  const thread = await t.memory.threads.create({ title: "Day" });
  await t.say(thread.id, "one");
  const two = await t.say(thread.id, "two");
  await t.clock.advance(1_000);
  await t.memory.remember({ text: "three", author: "owner", labels: ownerLabels });
  await t.say(thread.id, "four");
  await t.memory.forget({ ids: [two.id] });
  const first = await t.memory.timeline({ limit: 2 });
  const second = await t.memory.timeline({ limit: 2, before: first.next ?? "" });
  expect(first.items.map(({ text, kind }) => [text, kind])).toEqual([
    ["four", "turn"],
    ["three", "note"],
  ]);
  expect(second.items.map(({ text, threadTitle }) => [text, threadTitle])).toEqual([["one", "Day"]]);
  expect(second.next).toBeNull();
});

test("why tells where an item comes from and how it is indexed", async () => {
  await using t = await openTestMemory();
  const thread = await t.memory.threads.create({});
  const turn = await t.say(thread.id, "Cats and more cats");
  const why = await t.memory.why(turn.id);
  expect(why).toMatchObject({ item: { id: turn.id, labels: ownerLabels }, runId: null, vectors: [] });
  expect(why?.terms).toEqual([{ term: "cat", count: 2 }]);
  expect(await t.memory.why(t.newId())).toBeNull();
});
