export { memoryErrors } from "./errors.ts";
export type {
  ArmScores,
  Block,
  BlockChange,
  BlockStore,
  Forgotten,
  ForgetTarget,
  Memory,
  MemoryHit,
  MemoryItem,
  MemorySearch,
  MemoryStats,
  NewNote,
  PutBlock,
  Recall,
  RecallArm,
  RecallCoverage,
  RecallQuery,
  Thread,
  ThreadPage,
  ThreadStore,
  TurnStore,
  Why,
} from "./memory.ts";
export { createMemory, type MemoryOptions } from "./create-memory.ts";
export {
  createEmbeddingWorker,
  type EmbeddingRound,
  type EmbeddingWorker,
  type EmbeddingWorkerOptions,
} from "./embedding-worker.ts";
export { memoryMigrations } from "./migrations.ts";
