import { systemClock, type Embedder } from "@freehold/core";
import type { Database } from "@freehold/database";
import { createEmbeddingWorker, createMemory, memoryMigrations, type Memory } from "@freehold/memory";
import { postgresDatabase, seededIds, seededRandom, testDatabase } from "@freehold/testkit";
import { type BenchResult, measure, type Measure, quantile } from "../measure.ts";
import { conversationsPath, readConversations, type Conversation } from "./conversations.ts";
import { loadFilled } from "./corpus.ts";
import { fillerTurns } from "./filler.ts";
import { askable } from "./quality.ts";

const size = 10_000;
const largeSize = 100_000;
const questionCount = 200;

const postgresIds = [
  "memory.recall_lexical_p50_ms",
  "memory.recall_lexical_p95_ms",
  "memory.recall_hybrid_p50_ms",
  "memory.recall_hybrid_p95_ms",
  "memory.index_ms_per_turn",
  "memory.model_calls_per_message",
  "memory.recall_100k_p50_ms",
];

/** Recall and writing among many turns. The 100,000-turn corpus is built only when `FREEHOLD_BENCH_LARGE` is set. */
export async function measures(): Promise<BenchResult> {
  const path = await conversationsPath();
  const conversations = path === null ? [] : (await readConversations(path)).conversations;
  const embedded = await embeddedMeasures(conversations);
  await using postgres = await postgresDatabase([memoryMigrations]);
  if (postgres === null) {
    const why = "FREEHOLD_TEST_POSTGRES names no server";
    return { measures: embedded, skipped: postgresIds.map((id) => ({ id, why })) };
  }
  const { measures } = await postgresMeasures(postgres.db, conversations);
  const large =
    process.env["FREEHOLD_BENCH_LARGE"] === undefined ? [] : await largeMeasures(postgres.db, conversations);
  const skipped = large.length > 0 ? [] : [{ id: "memory.recall_100k_p50_ms", why: "FREEHOLD_BENCH_LARGE is not set" }];
  return { measures: [...embedded, ...measures, ...large], skipped };
}

function questionsOf(conversations: readonly Conversation[]): readonly string[] {
  const real = conversations.flatMap((conversation) => askable(conversation).map(({ text }) => text));
  const pool = real.length > 0 ? real : fillerTurns(questionCount, 5).map((text) => text.slice(0, 60));
  const step = Math.max(1, Math.floor(pool.length / questionCount));
  return pool.filter((_, index) => index % step === 0).slice(0, questionCount);
}

async function time(memory: Memory, questions: readonly string[]): Promise<readonly number[]> {
  for (const text of questions.slice(0, 10)) await memory.recall({ text });
  const samples: number[] = [];
  for (const text of questions) {
    const start = performance.now();
    await memory.recall({ text });
    samples.push(performance.now() - start);
  }
  return samples;
}

async function embeddedMeasures(conversations: readonly Conversation[]): Promise<readonly Measure[]> {
  await using database = await testDatabase([memoryMigrations]);
  const corpus = await loadFilled(database.db, conversations, size);
  const samples = await time(corpus.memory, questionsOf(conversations));
  const note = `PGlite, ${size} turns, p95 ${quantile(samples, 0.95).toFixed(1)} ms, ${corpus.msPerTurn.toFixed(2)} ms to write a turn`;
  return [
    measure("memory.recall_embedded_p50_ms", quantile(samples, 0.5), {
      unit: "ms",
      goal: "<= 10",
      n: samples.length,
      note,
    }),
  ];
}

/** Unit-length noise: an exact scan costs the same whatever the vectors mean. */
function noiseEmbedder(onCall: (kind: "query" | "document") => void): Embedder {
  const random = seededRandom(11);
  const vector = (): Float32Array => {
    const raw = Float32Array.from({ length: 384 }, () => random() - 0.5);
    const norm = Math.hypot(...raw);
    return raw.map((value) => value / norm);
  };
  return {
    modelId: "bench:noise",
    dimensions: 384,
    embed: (texts, kind) => {
      onCall(kind);
      return Promise.resolve(texts.map(vector));
    },
  };
}

async function postgresMeasures(db: Database, conversations: readonly Conversation[]) {
  let writing = true;
  let callsWhileWriting = 0;
  const embedder = noiseEmbedder(() => (writing ? (callsWhileWriting += 1) : 0));
  const corpus = await loadFilled(db, conversations, size, () => embedder);
  writing = false;
  const questions = questionsOf(conversations);
  const { scope } = corpus.context;
  const lexical = await time(createMemory({ db, clock: systemClock, newId: corpus.context.newId, scope }), questions);
  await embedAll(db, embedder, scope);
  const hybrid = await time(corpus.memory, questions);
  const common = { unit: "ms", n: lexical.length, note: `Postgres, ${size} turns` };
  const measures = [
    measure("memory.recall_lexical_p50_ms", quantile(lexical, 0.5), { ...common, goal: "<= 10" }),
    measure("memory.recall_lexical_p95_ms", quantile(lexical, 0.95), { ...common, goal: "<= 30" }),
    measure("memory.recall_hybrid_p50_ms", quantile(hybrid, 0.5), { ...common, goal: "<= 25" }),
    measure("memory.recall_hybrid_p95_ms", quantile(hybrid, 0.95), { ...common, goal: "<= 60" }),
    measure("memory.index_ms_per_turn", corpus.msPerTurn, {
      unit: "ms",
      goal: "<= 1.5",
      n: size,
      note: "40 turns per transaction, without embeddings",
    }),
    measure("memory.model_calls_per_message", callsWhileWriting / size, {
      unit: "calls",
      goal: "0",
      n: size,
      note: "counted by the embedder's port",
    }),
  ];
  return { measures };
}

async function embedAll(db: Database, embedder: Embedder, scope: string): Promise<void> {
  const worker = createEmbeddingWorker({ db, clock: systemClock, embedder: () => embedder, scope, batch: 200 });
  while ((await worker.runOnce()).outcome === "embedded") continue;
}

async function largeMeasures(db: Database, conversations: readonly Conversation[]): Promise<readonly Measure[]> {
  const corpus = await loadFilled(db, conversations, largeSize);
  const { scope } = corpus.context;
  const memory = createMemory({ db, clock: systemClock, newId: seededIds(3, systemClock), scope });
  const samples = await time(memory, questionsOf(conversations));
  const note = `Postgres, ${largeSize} turns, p95 ${quantile(samples, 0.95).toFixed(1)} ms`;
  return [
    measure("memory.recall_100k_p50_ms", quantile(samples, 0.5), {
      unit: "ms",
      goal: "<= 60",
      n: samples.length,
      note,
    }),
  ];
}
