import type { Labels, NewTurn, RunId, ThreadId, Turn, TurnAuthor, TurnId, Tx } from "@freehold/core";

export interface Thread {
  readonly id: ThreadId;
  readonly title: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly archived: boolean;
  /** Turns written so far, forgotten ones included. */
  readonly turns: number;
}

export interface ThreadPage {
  readonly threads: readonly Thread[];
  /** Give it back as `before` for the next page; null at the end. */
  readonly next: string | null;
}

export interface ThreadStore {
  create(input: { readonly id?: ThreadId; readonly title?: string }, tx?: Tx): Promise<Thread>;
  /** Null when unknown or forgotten. */
  get(id: ThreadId, tx?: Tx): Promise<Thread | null>;
  /** Latest first. `search` looks at titles and at the text of turns. */
  list(query?: {
    readonly limit?: number;
    readonly before?: string;
    readonly search?: string;
    readonly archived?: boolean;
  }): Promise<ThreadPage>;
  /** Throws `THREAD_NOT_FOUND`. */
  rename(id: ThreadId, title: string, tx?: Tx): Promise<Thread>;
  /** Throws `THREAD_NOT_FOUND`. */
  archive(id: ThreadId, archived: boolean, tx?: Tx): Promise<Thread>;
}

export interface TurnStore {
  /**
   * Writes turn, postings and embedding job in the caller's transaction, without a model call.
   * The thread's row stays locked until the transaction ends, so ordinals have no gaps.
   * Throws `THREAD_NOT_FOUND`.
   */
  append(tx: Tx, turn: NewTurn): Promise<Turn>;
  /** In order of ordinals; `after` and `before` are exclusive ordinals, `last` keeps the latest n. */
  thread(
    id: ThreadId,
    window?: { readonly after?: number; readonly before?: number; readonly last?: number },
    tx?: Tx,
  ): Promise<readonly Turn[]>;
  /** In the order of the ids; unknown ids are left out. */
  byIds(ids: readonly TurnId[], tx?: Tx): Promise<readonly Turn[]>;
  byRun(id: RunId, tx?: Tx): Promise<readonly Turn[]>;
}

export interface Block {
  readonly name: string;
  readonly text: string;
  readonly position: number;
  readonly version: number;
  readonly updatedBy: "owner" | "assistant";
  readonly updatedAt: Date;
  readonly labels: Labels;
}

export interface PutBlock {
  /** `^[a-z][a-z0-9-]{0,39}$` */
  readonly name: string;
  /** At most 8,000 characters. */
  readonly text: string;
  /** The version that was edited; 0 makes a new block. */
  readonly version: number;
  readonly updatedBy: Block["updatedBy"];
  readonly labels: Labels;
  /** Order in the prompt; a new block without one goes last. */
  readonly position?: number;
}

export type BlockChange =
  | { readonly outcome: "written"; readonly block: Block }
  /** Somebody else wrote in between; `current` is null when the block is gone. Nothing was changed. */
  | { readonly outcome: "conflict"; readonly current: Block | null }
  /** Untrusted text never becomes a block. */
  | { readonly outcome: "refused"; readonly reason: "untrusted" };

export interface BlockStore {
  list(tx?: Tx): Promise<readonly Block[]>;
  get(name: string, tx?: Tx): Promise<Block | null>;
  /** Throws `BLOCK_INVALID` for a bad name or a text that is too long. */
  put(block: PutBlock, tx?: Tx): Promise<BlockChange>;
  /** False when there was none. */
  remove(name: string, tx?: Tx): Promise<boolean>;
}

/** A turn or a remembered note, as recall, search and the memory page show it. */
export interface MemoryItem {
  readonly id: TurnId;
  readonly kind: "turn" | "note";
  /** Null for notes. */
  readonly threadId: ThreadId | null;
  readonly threadTitle: string | null;
  readonly ordinal: number;
  /** Stretch of the thread without a long silence. */
  readonly session: number;
  readonly author: TurnAuthor;
  readonly text: string;
  readonly at: Date;
  readonly labels: Labels;
  /** Notes: the turn in which it was remembered. */
  readonly sourceTurnId: TurnId | null;
}

export type RecallArm = "text" | "meaning";

/** Parts of a score; they add up to it. */
export interface ArmScores {
  readonly text: number;
  readonly meaning: number;
  readonly neighbours: number;
  readonly session: number;
}

export interface MemoryHit {
  readonly item: MemoryItem;
  readonly score: number;
  readonly arms: ArmScores;
}

export interface RecallCoverage {
  readonly ran: readonly RecallArm[];
  /** Why the meaning arm did not run; null when it did. */
  readonly degraded: string | null;
  /** Items that the current embedder has not seen yet. */
  readonly missingVectors: number;
}

export interface RecallQuery {
  readonly text: string;
  /** Upper bound of `Recall.text` in tokens. Default 1,500. */
  readonly budgetTokens?: number;
  /** Default 20. The score gap usually returns fewer. */
  readonly limit?: number;
  /** What the prompt holds already. */
  readonly excludeTurnIds?: readonly TurnId[];
  /** The same by position: this thread from this ordinal on. */
  readonly excludeThread?: { readonly threadId: ThreadId; readonly fromOrdinal: number };
  readonly signal?: AbortSignal;
}

export interface Recall extends RecallCoverage {
  /** By session and time, as in `text`. */
  readonly hits: readonly MemoryHit[];
  /** One line per item with date, author and id, under a heading per session. Data, never instructions. */
  readonly text: string;
  /** Estimated tokens of `text`. */
  readonly tokens: number;
  /** Join of the labels of all hits; null when there is none. */
  readonly labels: Labels | null;
}

export interface MemorySearch extends RecallCoverage {
  /** Best first. */
  readonly hits: readonly MemoryHit[];
}

export interface NewNote {
  readonly id?: TurnId;
  readonly text: string;
  readonly author: TurnAuthor;
  readonly labels: Labels;
  readonly sourceTurnId?: TurnId | null;
  readonly runId?: RunId | null;
}

/** What goes away together; ids that are unknown or gone already count nothing. */
export interface Forgotten {
  readonly turns: number;
  readonly notes: number;
  readonly postings: number;
  readonly vectors: number;
  /** Every turn and note whose text is gone, derived ones included. */
  readonly ids: readonly TurnId[];
}

export type ForgetTarget = { readonly ids: readonly TurnId[] } | { readonly threadId: ThreadId };

export interface MemoryStats {
  readonly turns: number;
  readonly notes: number;
  readonly threads: number;
  readonly vectors: number;
  readonly missingVectors: number;
  readonly embedder: string | null;
  /** Size of the room's tables and indexes on disk. */
  readonly bytes: number;
}

export interface Why {
  readonly item: MemoryItem;
  readonly runId: RunId | null;
  /** Models that hold a vector of it. */
  readonly vectors: readonly string[];
  /** Index terms with their counts. */
  readonly terms: readonly { readonly term: string; readonly count: number }[];
}

export interface Memory {
  readonly threads: ThreadStore;
  readonly turns: TurnStore;
  readonly blocks: BlockStore;
  /** For the prompt: cut at the score gap, inside a token budget, by session in time order. No model call but the query's embedding. */
  recall(query: RecallQuery): Promise<Recall>;
  /** For people: best first, without cut and budget. */
  search(text: string, options?: { readonly limit?: number; readonly signal?: AbortSignal }): Promise<MemorySearch>;
  /** Newest first, notes included; `before` is the `next` of the page before. */
  timeline(query?: { readonly limit?: number; readonly before?: string }): Promise<{
    readonly items: readonly MemoryItem[];
    readonly next: string | null;
  }>;
  why(id: TurnId): Promise<Why | null>;
  remember(note: NewNote, tx?: Tx): Promise<MemoryItem>;
  /** What `forget` would remove. */
  previewForget(target: ForgetTarget): Promise<Forgotten>;
  /** Removes text, postings, vectors, jobs and derived notes for good. The turns stay as holes that say "forgotten". */
  forget(target: ForgetTarget, tx?: Tx): Promise<Forgotten>;
  stats(): Promise<MemoryStats>;
  /** JSON lines: threads, turns, notes and blocks, oldest first. */
  exportLines(): AsyncIterable<string>;
  /** Reads what `exportLines` wrote. Known and forgotten ids are skipped. Throws `IMPORT_INVALID` with the line. */
  importLines(lines: AsyncIterable<string> | Iterable<string>): Promise<{
    readonly imported: number;
    readonly skipped: number;
  }>;
}
