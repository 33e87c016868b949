import {
  ownerLabels,
  type Embedder,
  type Labels,
  type NewId,
  type ThreadId,
  type Turn,
  type TurnAuthor,
  type TurnId,
} from "@freehold/core";
import type { Database } from "@freehold/database";
import { fakeClock, seededIds, testDatabase, type FakeClock } from "@freehold/testkit";
import { createMemory } from "./create-memory.ts";
import type { Memory } from "./memory.ts";
import { memoryMigrations } from "./migrations.ts";

/** For this room's tests: a memory on a fresh embedded database, at a time that stands still. */
export interface TestMemory extends AsyncDisposable {
  readonly db: Database;
  readonly clock: FakeClock;
  readonly newId: NewId;
  readonly memory: Memory;
  /** Appends one turn in a transaction of its own. */
  say(thread: ThreadId, text: string, options?: SayOptions): Promise<Turn>;
}

export interface SayOptions {
  readonly author?: TurnAuthor;
  readonly labels?: Labels;
  readonly at?: Date;
  readonly id?: TurnId;
}

export async function openTestMemory(embedder: () => Embedder | null = () => null, seed = 1): Promise<TestMemory> {
  const database = await testDatabase([memoryMigrations]);
  const clock = fakeClock();
  const newId = seededIds(seed, clock);
  const memory = createMemory({ db: database.db, clock, newId, embedder });
  return {
    db: database.db,
    clock,
    newId,
    memory,
    say: (threadId, text, options = {}) => say({ db: database.db, clock, newId, memory }, threadId, text, options),
    [Symbol.asyncDispose]: () => Promise.resolve(database[Symbol.asyncDispose]()),
  };
}

export type Speaking = Pick<TestMemory, "db" | "clock" | "newId" | "memory">;

export function say(
  { db, clock, newId, memory }: Speaking,
  threadId: ThreadId,
  text: string,
  options: SayOptions = {},
): Promise<Turn> {
  return db.transaction((tx) =>
    memory.turns.append(tx, {
      id: options.id ?? newId<TurnId>(),
      threadId,
      runId: null,
      author: options.author ?? "owner",
      parts: [{ type: "text", text }],
      labels: options.labels ?? ownerLabels,
      at: options.at ?? clock.now(),
    }),
  );
}

/** Vectors by word: each known word is an axis, so that related texts can be made on purpose. */
export function wordEmbedder(axes: readonly (readonly string[])[], modelId = "test:words"): Embedder {
  return {
    modelId,
    dimensions: axes.length + 1,
    embed: (texts) =>
      Promise.resolve(
        texts.map((text) => {
          const words = text.toLowerCase().split(/\W+/);
          const counts = axes.map((axis) => words.filter((word) => axis.includes(word)).length);
          return Float32Array.from([...counts, 0.1]);
        }),
      ),
  };
}
