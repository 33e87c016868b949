import { ownerLabels, type Labels } from "@freehold/core";
import { verifies } from "@freehold/testkit";
import { expect, test } from "vitest";
import { openTestMemory, type TestMemory } from "../test-memory.ts";

const web: Labels = { integrity: "untrusted", confidentiality: "public", origins: ["web:example.org"] };

async function exported(t: TestMemory): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of t.memory.exportLines()) lines.push(line);
  return lines;
}

/** The same line under another id, as another machine may have noted it. */
function renamed(line: string, id: string): string {
  return line.replace(/"id":"[^"]+"/, `"id":"${id}"`);
}

async function fill(t: TestMemory): Promise<void> {
  const thread = await t.memory.threads.create({ title: "Trip" });
  const turn = await t.say(thread.id, "Ferry at nine");
  await t.say(thread.id, "A page says ten", { author: "tool", labels: web });
  await t.memory.remember({ text: "Ferry: nine", author: "assistant", labels: ownerLabels, sourceTurnId: turn.id });
  await t.memory.blocks.put({ name: "persona", text: "Calm", version: 0, updatedBy: "owner", labels: ownerLabels });
}

test("what was exported and imported elsewhere is the same, labels included", async () => {
  verifies("memory.export.lossless");
  await using source = await openTestMemory();
  await using target = await openTestMemory(() => null, 2);
  await fill(source);
  const lines = await exported(source);
  expect(await target.memory.importLines(lines)).toEqual({ imported: 5, skipped: 0 });
  expect(await exported(target)).toEqual(lines);
  expect((await target.memory.recall({ text: "When is the ferry?" })).hits.length).toBeGreaterThan(0);
  expect(await target.memory.importLines(lines)).toEqual({ imported: 0, skipped: 5 });
});

test("an import does not bring back what was forgotten here", async () => {
  verifies("memory.forget.import");
  await using t = await openTestMemory();
  await fill(t);
  const lines = await exported(t);
  const { items } = await t.memory.timeline();
  const ferry = items.find(({ text }) => text === "Ferry at nine");
  await t.memory.forget({ ids: ferry === undefined ? [] : [ferry.id] });
  const derived = lines.filter((line) => line.includes('"note"')).map((line) => renamed(line, t.newId()));
  expect(derived).toHaveLength(1);
  expect(await t.memory.importLines([...lines, ...derived])).toEqual({ imported: 0, skipped: 6 });
  expect((await exported(t)).join("\n")).not.toContain("nine");
});

test.each([
  ["not JSON", ['{"type":"freehold-memory","version":1}', "{"], 2],
  ["an unknown line", ['{"type":"freehold-memory","version":1}', '{"type":"virus"}'], 2],
  ["no heading", ['{"type":"block"}'], 1],
  ["a version from the future", ['{"type":"freehold-memory","version":2}'], 1],
])("%s stops the import", async (_title, lines, line) => {
  await using t = await openTestMemory();
  await expect(t.memory.importLines(lines)).rejects.toMatchObject({ spec: { code: "IMPORT_INVALID" }, data: { line } });
});

test("a bad line takes the good ones before it back", async () => {
  await using source = await openTestMemory();
  await using target = await openTestMemory(() => null, 2);
  await fill(source);
  const lines = [...(await exported(source)), "{"];
  await expect(target.memory.importLines(lines)).rejects.toMatchObject({ spec: { code: "IMPORT_INVALID" } });
  expect(await target.memory.stats()).toMatchObject({ turns: 0, notes: 0, threads: 0 });
});
