import { ownerLabels, type Labels } from "@freehold/core";
import { verifies } from "@freehold/testkit";
import { expect, test } from "vitest";
import { openTestMemory } from "../test-memory.ts";

const persona = {
  name: "persona",
  text: "Calm and brief",
  version: 0,
  updatedBy: "owner",
  labels: ownerLabels,
} as const;

test("a block is written, edited by version, listed in order and removed", async () => {
  verifies("memory.block.version");
  await using t = await openTestMemory();
  const { blocks } = t.memory;
  const first = await blocks.put(persona);
  expect(first).toMatchObject({ outcome: "written", block: { version: 1, position: 1 } });
  await blocks.put({ ...persona, name: "profile" });
  await blocks.put({ ...persona, name: "top", position: 0 });
  const second = await blocks.put({ ...persona, text: "Brief", version: 1 });
  expect(second).toMatchObject({ outcome: "written", block: { version: 2, text: "Brief", position: 1 } });

  const stale = await blocks.put({ ...persona, text: "Loud", version: 1 });
  expect(stale).toMatchObject({ outcome: "conflict", current: { version: 2, text: "Brief" } });
  expect(await blocks.put(persona)).toMatchObject({ outcome: "conflict" });
  expect(await blocks.put({ ...persona, name: "ghost", version: 3 })).toEqual({ outcome: "conflict", current: null });

  expect((await blocks.list()).map(({ name }) => name)).toEqual(["top", "persona", "profile"]);
  expect(await blocks.remove("persona")).toBe(true);
  expect(await blocks.remove("persona")).toBe(false);
  expect(await blocks.get("persona")).toBeNull();
});

test("untrusted text never becomes a block", async () => {
  verifies("memory.block.untrusted");
  await using t = await openTestMemory();
  const labels: Labels = { integrity: "untrusted", confidentiality: "public", origins: ["web:example.org"] };
  const change = await t.memory.blocks.put({ ...persona, labels, updatedBy: "assistant" });
  expect(change).toEqual({ outcome: "refused", reason: "untrusted" });
  expect(await t.memory.blocks.list()).toEqual([]);
});

test.each([
  ["a name with spaces", { name: "my block" }],
  ["a long text", { text: "x".repeat(8_001) }],
])("%s is refused", async (_title, change) => {
  await using t = await openTestMemory();
  await expect(t.memory.blocks.put({ ...persona, ...change })).rejects.toMatchObject({
    spec: { code: "BLOCK_INVALID" },
  });
});
