import { ownerLabels, type Embedder, type RunId, type ThreadId, type TurnId } from "@freehold/core";
import type { Database } from "@freehold/database";
import { fakeClock, seededIds, testDatabase } from "@freehold/testkit";
import { expect, test } from "vitest";
import { z } from "zod";
import { createMemory } from "./create-memory.ts";
import { createEmbeddingWorker } from "./embedding-worker.ts";
import { memoryMigrations } from "./migrations.ts";
import { say, wordEmbedder } from "./test-memory.ts";

const rawNode = z.object({ sqlFragments: z.array(z.string()), parameters: z.array(z.unknown()) });

/** The text of a statement with `?` for each parameter, white space evened out. */
function textOf(node: unknown): string {
  const raw = rawNode.safeParse(node);
  if (!raw.success) return "?";
  const { sqlFragments, parameters } = raw.data;
  return sqlFragments.map((fragment, index) => (index === 0 ? "" : textOf(parameters[index - 1])) + fragment).join("");
}

/** Writes down the statements that pass, and lets them run. */
function recording(db: Database): { readonly db: Database; take(): string[] } {
  const seen: string[] = [];
  return {
    db: {
      ...db,
      run: (query, tx) => {
        seen.push(textOf(query.toOperationNode()).replaceAll(/\s+/g, " ").trim());
        return db.run(query, tx);
      },
    },
    take: () => seen.splice(0),
  };
}

test("the SQL of every method", async () => {
  await using database = await testDatabase([memoryMigrations]);
  const { db, take } = recording(database.db);
  const clock = fakeClock();
  const newId = seededIds(1, clock);
  let embedder: Embedder | null = wordEmbedder([["cat"]]);
  const memory = createMemory({ db, clock, newId, embedder: () => embedder });
  const worker = createEmbeddingWorker({ db, clock, embedder: () => embedder });
  const id = newId<ThreadId>();
  const turnId = newId<TurnId>();
  const block = { name: "persona", text: "Calm", version: 0, updatedBy: "owner", labels: ownerLabels } as const;
  const steps: Record<string, () => Promise<unknown>> = {
    "threads.create": () => memory.threads.create({ id, title: "A" }),
    "threads.get": () => memory.threads.get(id),
    "threads.list": () => memory.threads.list(),
    "threads.list with search": () => memory.threads.list({ search: "cat" }),
    "threads.rename": () => memory.threads.rename(id, "B"),
    "threads.archive": () => memory.threads.archive(id, false),
    "turns.append": () => say({ db, clock, newId, memory }, id, "A cat", { id: turnId }),
    "turns.thread": () => memory.turns.thread(id),
    "turns.byIds": () => memory.turns.byIds([turnId]),
    "turns.byRun": () => memory.turns.byRun(newId<RunId>()),
    remember: () => memory.remember({ text: "Cat", author: "owner", labels: ownerLabels }),
    "blocks.put new": () => memory.blocks.put(block),
    "blocks.put old": () => memory.blocks.put({ ...block, version: 1 }),
    "blocks.get": () => memory.blocks.get("persona"),
    "blocks.list": () => memory.blocks.list(),
    "blocks.remove": () => memory.blocks.remove("persona"),
    "worker.runOnce": () => worker.runOnce(),
    "worker.enqueueMissing": () => worker.enqueueMissing("test:other"),
    recall: () => memory.recall({ text: "cat", excludeThread: { threadId: newId<ThreadId>(), fromOrdinal: 1 } }),
    timeline: () => memory.timeline(),
    why: () => memory.why(turnId),
    stats: () => memory.stats(),
    previewForget: () => memory.previewForget({ ids: [turnId] }),
    forget: () => memory.forget({ ids: [turnId] }),
    "forget a thread": () => memory.forget({ threadId: id }),
  };
  for (const [name, step] of Object.entries(steps)) {
    await step();
    expect(take().join("\n"), name).toMatchSnapshot(name);
  }
  embedder = { ...wordEmbedder([["cat"]]), embed: () => Promise.reject(new Error("down")) };
  await say({ db, clock, newId, memory }, (await memory.threads.create({})).id, "Another cat");
  take();
  await worker.runOnce();
  expect(take().join("\n")).toMatchSnapshot("worker.runOnce that fails");
});
