import { type Embedder, ownerLabels, systemClock, type ThreadId, type TurnId } from "@freehold/core";
import type { Database } from "@freehold/database";
import { createMemory, type Memory } from "@freehold/memory";
import { createInScope, type StoreContext } from "@freehold/memory/bench";
import { seededIds } from "@freehold/testkit";
import type { Conversation } from "./conversations.ts";
import { fillerTurns } from "./filler.ts";

/** A scope of its own, so that corpus statistics are those of what was loaded into it. */
export interface Corpus {
  readonly memory: Memory;
  readonly context: StoreContext;
  /** From a conversation's turn id to ours. */
  readonly ids: ReadonlyMap<string, TurnId>;
}

interface Loading {
  readonly memory: Memory;
  readonly context: StoreContext;
  readonly ids: Map<string, TurnId>;
}

function open(db: Database, scope: string, seed: number, embedder: () => Embedder | null = () => null): Loading {
  const clock = systemClock;
  const newId = seededIds(seed, clock);
  const context = { db, clock, newId, scope, inScope: createInScope(db, scope) };
  return { memory: createMemory({ db, clock, newId, scope, embedder }), context, ids: new Map() };
}

async function append(
  { memory, context }: Loading,
  threadId: ThreadId,
  turns: readonly { readonly text: string; readonly at: Date }[],
): Promise<readonly TurnId[]> {
  const ids: TurnId[] = [];
  await context.db.transaction(async (tx) => {
    for (const { text, at } of turns) {
      const id = context.newId<TurnId>();
      const parts = [{ type: "text", text }] as const;
      await memory.turns.append(tx, { id, threadId, runId: null, author: "owner", parts, labels: ownerLabels, at });
      ids.push(id);
    }
  });
  return ids;
}

async function addConversation(corpus: Loading, conversation: Conversation): Promise<void> {
  const thread = await corpus.memory.threads.create({ title: conversation.id });
  const ids = await append(corpus, thread.id, conversation.turns);
  for (const [index, id] of ids.entries()) corpus.ids.set(`${conversation.id} ${conversation.turns[index]?.id}`, id);
}

/** One conversation alone. */
export async function loadConversation(db: Database, conversation: Conversation, seed: number): Promise<Corpus> {
  const corpus = open(db, `bench-${conversation.id}`, seed);
  await addConversation(corpus, conversation);
  return corpus;
}

/** All conversations inside made-up chats of 40 turns, up to `size` turns. */
export async function loadFilled(
  db: Database,
  conversations: readonly Conversation[],
  size: number,
  embedder: () => Embedder | null = () => null,
): Promise<Corpus & { readonly msPerTurn: number }> {
  const corpus = open(db, `bench-${size}`, size, embedder);
  for (const conversation of conversations) await addConversation(corpus, conversation);
  const filler = fillerTurns(Math.max(0, size - corpus.ids.size), size);
  const start = Date.UTC(2024, 0, 1);
  const before = performance.now();
  for (let at = 0; at < filler.length; at += 40) {
    const thread = await corpus.memory.threads.create({ title: `filler ${at}` });
    const texts = filler.slice(at, at + 40);
    const time = (index: number): Date => new Date(start + (at * 60 + index) * 60_000);
    await append(
      corpus,
      thread.id,
      texts.map((text, index) => ({ text, at: time(index) })),
    );
  }
  return { ...corpus, msPerTurn: (performance.now() - before) / Math.max(1, filler.length) };
}
