import { expect, test } from "vitest";
import { openTestMemory } from "../test-memory.ts";

test("threads are listed latest first, page by page", async () => {
  await using t = await openTestMemory();
  const titles = ["one", "two", "three", "four", "five"];
  for (const title of titles) {
    await t.memory.threads.create({ title });
    await t.clock.advance(title === "two" ? 0 : 1_000);
  }
  const first = await t.memory.threads.list({ limit: 2 });
  const second = await t.memory.threads.list({ limit: 2, before: first.next ?? "" });
  const third = await t.memory.threads.list({ limit: 2, before: second.next ?? "" });
  const seen = [...first.threads, ...second.threads, ...third.threads].map(({ title }) => title);
  expect(seen).toEqual(["five", "four", "three", "two", "one"]);
  expect(third.next).toBeNull();
});

test("a message moves its thread to the top", async () => {
  await using t = await openTestMemory();
  const old = await t.memory.threads.create({ title: "old" });
  await t.clock.advance(1_000);
  await t.memory.threads.create({ title: "new" });
  await t.clock.advance(1_000);
  await t.say(old.id, "hello");
  const { threads } = await t.memory.threads.list();
  expect(threads.map(({ title, turns }) => [title, turns])).toEqual([
    ["old", 1],
    ["new", 0],
  ]);
});

test("search looks at titles and at what was said", async () => {
  await using t = await openTestMemory();
  const boat = await t.memory.threads.create({ title: "Boat 100%_x" });
  const cake = await t.memory.threads.create({ title: "Baking" });
  await t.say(boat.id, "We painted the hull");
  await t.say(cake.id, "Lemon cakes need butter");
  const titles = async (search: string): Promise<string[]> =>
    (await t.memory.threads.list({ search })).threads.map(({ title }) => title);
  expect(await titles("boat 100%_")).toEqual(["Boat 100%_x"]);
  expect(await titles("%")).toEqual(["Boat 100%_x"]);
  expect(await titles("lemon cake")).toEqual(["Baking"]);
  expect(await titles("lemon hull")).toEqual([]);
});

test("threads are renamed, archived and brought back", async () => {
  await using t = await openTestMemory();
  const { id } = await t.memory.threads.create({ title: "a" });
  expect(await t.memory.threads.rename(id, "b")).toMatchObject({ title: "b" });
  expect(await t.memory.threads.archive(id, true)).toMatchObject({ archived: true });
  expect((await t.memory.threads.list()).threads).toEqual([]);
  expect((await t.memory.threads.list({ archived: true })).threads).toHaveLength(1);
  await t.memory.threads.archive(id, false);
  expect((await t.memory.threads.list()).threads).toHaveLength(1);
});

test("the thread of the notes is no chat", async () => {
  await using t = await openTestMemory();
  const labels = { integrity: "owner", confidentiality: "private", origins: ["owner"] } as const;
  await t.memory.remember({ text: "The key is under the mat", author: "owner", labels });
  expect((await t.memory.threads.list()).threads).toEqual([]);
  expect(await t.memory.stats()).toMatchObject({ threads: 0, turns: 0, notes: 1 });
});

test("a cursor from elsewhere is refused", async () => {
  await using t = await openTestMemory();
  const list = t.memory.threads.list({ before: "1_'; drop table memory.turns" });
  await expect(list).rejects.toMatchObject({ spec: { code: "CURSOR_INVALID" } });
});

test("an unknown thread cannot be renamed", async () => {
  await using t = await openTestMemory();
  const rename = t.memory.threads.rename(t.newId(), "x");
  await expect(rename).rejects.toMatchObject({ spec: { code: "THREAD_NOT_FOUND" } });
});
