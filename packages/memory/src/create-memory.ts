import type { Clock, Embedder, NewId } from "@freehold/core";
import type { Database } from "@freehold/database";
import { createInScope } from "./in-scope.ts";
import type { Memory, Recall, RecallQuery } from "./memory.ts";
import { exportLines } from "./portable/export.ts";
import { importLines } from "./portable/import.ts";
import { assemble } from "./recall/assemble.ts";
import { cutAtGap } from "./recall/cut.ts";
import { find } from "./recall/find.ts";
import { defaultWeights } from "./recall/weights.ts";
import { createBlockStore } from "./store/blocks.ts";
import type { StoreContext } from "./store/context.ts";
import { forget, previewForget } from "./store/forget.ts";
import { insertNote } from "./store/notes.ts";
import { stats } from "./store/stats.ts";
import { createThreadStore } from "./store/threads.ts";
import { timeline, why } from "./store/timeline.ts";
import { createTurnStore } from "./store/turns.ts";

export interface MemoryOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly newId: NewId;
  /** Asked at each recall, so that an embedder may come and go; null or absent runs the text arm alone. */
  readonly embedder?: () => Embedder | null;
  /** Whose memory this handle reads and writes (default `owner`); row level security holds everything else back. */
  readonly scope?: string;
}

const nothingExcluded = { ids: [], threadId: null, fromOrdinal: 1 } as const;

export function createMemory(options: MemoryOptions): Memory {
  const { db, clock, newId, scope = "owner" } = options;
  const context: StoreContext = { db, clock, newId, scope, inScope: createInScope(db, scope) };
  const embedder = (): Embedder | null => options.embedder?.() ?? null;
  return {
    threads: createThreadStore(context),
    turns: createTurnStore(context),
    blocks: createBlockStore(context),
    recall: (query) => recall(context, embedder(), query),
    search: (text, { limit = 20, signal } = {}) =>
      find(context, { text, limit, excluded: nothingExcluded, embedder: embedder(), weights: defaultWeights, signal }),
    timeline: (query = {}) => context.inScope(undefined, (tx) => timeline(context, tx, query)),
    why: (id) => context.inScope(undefined, (tx) => why(context, tx, id)),
    remember: (note, tx) => context.inScope(tx, (tx) => insertNote(context, tx, note)),
    previewForget: (target) => context.inScope(undefined, (tx) => previewForget(context, tx, target)),
    forget: (target, tx) => context.inScope(tx, (tx) => forget(context, tx, target)),
    stats: () => context.inScope(undefined, (tx) => stats(context, tx, embedder()?.modelId ?? null)),
    exportLines: () => exportLines(context),
    importLines: (lines) => importLines(context, lines),
  };
}

async function recall(context: StoreContext, embedder: Embedder | null, query: RecallQuery): Promise<Recall> {
  const excluded = {
    ids: query.excludeTurnIds ?? [],
    threadId: query.excludeThread?.threadId ?? null,
    fromOrdinal: query.excludeThread?.fromOrdinal ?? 1,
  };
  const { limit = 20, text, signal } = query;
  const found = await find(context, { text, limit, excluded, embedder, weights: defaultWeights, signal });
  return { ...found, ...assemble(cutAtGap(found.hits), query.budgetTokens ?? 1_500) };
}
