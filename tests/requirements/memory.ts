import { defineRequirements } from "../requirements.ts";

const guide = "docs/memory.md";

/** What the memory promises. Those about forgetting, labels and scopes have a break. */
export const memoryRequirements = defineRequirements({
  "memory.turn.verbatim": {
    source: `${guide}#turns`,
    behavior: "A turn comes back as it was written: parts, author, run, time and labels.",
  },
  "memory.turn.one-transaction": {
    source: `${guide}#turns`,
    behavior: "Turn, index, statistics and embedding job are written in the caller's transaction or not at all.",
  },
  "memory.turn.ordinals": {
    source: `${guide}#turns`,
    behavior: "Ordinals of a thread have no gaps and no doubles, however many write at once or roll back.",
  },
  "memory.labels.not-null": {
    source: `${guide}#labels`,
    behavior: "Wherever text is stored, integrity, confidentiality and origins stand beside it and cannot be empty.",
    break: {
      file: "packages/memory/migrations/001-memory.sql",
      find: "  origins text[] not null,\n  at timestamptz not null,",
      replace: "  origins text[],\n  at timestamptz not null,",
    },
  },
  "memory.recall.lexical": {
    source: `${guide}#recall`,
    behavior: "Without an embedder, the turn that shares the query's rare words comes first.",
  },
  "memory.recall.neighbours": {
    source: `${guide}#recall`,
    behavior: "A turn next to a match comes back with it; a turn after a silence of hours does not.",
  },
  "memory.recall.excluded": {
    source: `${guide}#recall`,
    behavior: "What the prompt holds already is neither recalled nor counted for its neighbours.",
  },
  "memory.recall.labels": {
    source: `${guide}#labels`,
    behavior: "Recalled items keep their labels, and the whole carries the join of them.",
    break: {
      file: "packages/memory/src/recall/assemble.ts",
      find: "joinLabels(ordered.map(({ item }) => item.labels))",
      replace: "joinLabels([])",
    },
  },
  "memory.recall.coverage": {
    source: `${guide}#recall`,
    behavior: "Every answer says which arms ran and how many items have no vector yet.",
  },
  "memory.recall.degraded": {
    source: `${guide}#recall`,
    behavior: "An embedder that is missing or fails leaves the text arm, and the answer says why.",
  },
  "memory.block.version": {
    source: `${guide}#blocks`,
    behavior: "A block that was changed in between is not overwritten.",
  },
  "memory.block.untrusted": {
    source: `${guide}#blocks`,
    behavior: "Untrusted text never becomes a block.",
    break: {
      file: "packages/memory/src/store/blocks.ts",
      find: 'if (block.labels.integrity === "untrusted") return',
      replace: "if (block.version < 0) return",
    },
  },
  "memory.embedding.missing-embedder": {
    source: `${guide}#embeddings`,
    behavior: "Without an embedder nothing is lost or late; its work waits.",
  },
  "memory.forget.gone": {
    source: `${guide}#forgetting`,
    behavior: "Forgetting leaves no text, index term, vector, job, derived note or title in any table.",
    break: {
      file: "packages/memory/src/store/forget.ts",
      find: "delete from memory.postings where turn = any(${keys}::bigint[]) returning 1",
      replace: "select 1 from memory.postings where turn = any(${keys}::bigint[])",
    },
  },
  "memory.forget.jobs-in-flight": {
    source: `${guide}#forgetting`,
    behavior: "An embedding that was under way while its turn was forgotten is not stored.",
    break: {
      file: "packages/memory/src/embedding-worker.ts",
      find: "and key = any(${keys}::bigint[]) and not forgotten",
      replace: "and key = any(${keys}::bigint[])",
    },
  },
  "memory.forget.import": {
    source: `${guide}#forgetting`,
    behavior: "An import does not bring back what was forgotten.",
    break: {
      file: "packages/memory/src/portable/import.ts",
      find: "where id = any(array[${line.id}::uuid, ${line.sourceTurnId}::uuid])) as open",
      replace: "where id = any(array[]::uuid[])) as open",
    },
  },
  "memory.export.lossless": {
    source: `${guide}#export-and-import`,
    behavior: "An export that is imported into an empty memory exports the same lines again.",
  },
  "memory.scope.row-security": {
    source: `${guide}#scopes`,
    behavior: "Row security holds every table: another scope, or none, sees and changes nothing.",
    break: {
      file: "packages/memory/migrations/001-memory.sql",
      find: "alter table memory.turns enable row level security;",
      replace: "",
    },
  },
  "memory.scope.pooled": {
    source: `${guide}#scopes`,
    behavior: "A scope ends with its transaction and does not stay on the connection.",
    break: {
      file: "packages/memory/src/in-scope.ts",
      find: "set_config('freehold.scope', ${scope}, true)",
      replace: "set_config('freehold.scope', ${scope}, false)",
    },
  },
});
