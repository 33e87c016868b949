import type { Database } from "@freehold/database";
import { memoryMigrations } from "@freehold/memory";
import { testDatabase } from "@freehold/testkit";
import { type BenchResult, measure, type Measure } from "../measure.ts";
import { conversationsPath, readConversations, type Conversation } from "./conversations.ts";
import { loadConversation } from "./corpus.ts";
import { heldOut, type Loaded } from "./held-out.ts";
import { type Answer, answers, cutPoint, fixedCurve, precisionAt, recallAt } from "./quality.ts";

const ids = [
  "memory.locomo_r10_lexical",
  "memory.locomo_r20_lexical",
  "memory.locomo_r10_held_out",
  "memory.precision_gain",
];

/** How much of what a question needs comes back. One database, each conversation a scope of its own, no embedder. */
export async function measures(): Promise<BenchResult> {
  const path = await conversationsPath();
  if (path === null) {
    const why = "no LoCoMo file; name one in FREEHOLD_LOCOMO";
    return { measures: [], skipped: [...ids, "memory.locomo_r10_hybrid"].map((id) => ({ id, why })) };
  }
  const { conversations, unusable } = await readConversations(path);
  await using database = await testDatabase([memoryMigrations]);
  const loaded = await load(database.db, conversations);
  const all: Answer[] = [];
  for (const { conversation, corpus } of loaded) all.push(...(await answers(corpus, conversation)));
  const quality = lexical(all, unusable);
  const held = await heldOut(loaded);
  const chosen = held.chosen.map(({ neighbours, session, speaker }) => `${neighbours.join("/")} ${session} ${speaker}`);
  return {
    measures: [
      ...quality,
      measure("memory.locomo_r10_held_out", recallAt(held.answers, 10), {
        unit: "%",
        goal: ">= 75",
        n: held.answers.length,
        note: `each conversation with the weights that the others chose (neighbours, session, speaker: ${chosen.join("; ")}); R@20 ${recallAt(held.answers, 20).toFixed(1)}`,
      }),
      precisionGain(all),
    ],
    skipped: [{ id: "memory.locomo_r10_hybrid", why: "no embedding model is configured for the bench" }],
  };
}

async function load(db: Database, conversations: readonly Conversation[]): Promise<readonly Loaded[]> {
  const loaded: Loaded[] = [];
  for (const [index, conversation] of conversations.entries()) {
    loaded.push({ conversation, corpus: await loadConversation(db, conversation, index + 1) });
  }
  return loaded;
}

function lexical(all: readonly Answer[], unusable: number): readonly Measure[] {
  const categories = [1, 2, 3, 4].map((category) => {
    const own = all.filter((answer) => answer.category === category);
    return `${category}: ${recallAt(own, 10).toFixed(1)}`;
  });
  const common = { unit: "%", n: all.length };
  return [
    measure("memory.locomo_r10_lexical", recallAt(all, 10), {
      ...common,
      goal: ">= 75",
      note: `turn level, floor 71.9; by category ${categories.join(", ")}; R@5 ${recallAt(all, 5).toFixed(1)}; ${unusable} evidence ids unusable`,
    }),
    measure("memory.locomo_r20_lexical", recallAt(all, 20), { ...common, goal: ">= 82", note: "floor 79.2" }),
  ];
}

function precisionGain(all: readonly Answer[]): Measure {
  const cut = cutPoint(all);
  const curve = fixedCurve(all);
  const shown = [1, 3, 5, 10, 20].map((k) => {
    const one = curve[k - 1];
    return `${k}: ${one?.precision.toFixed(3)}/${one?.recall.toFixed(3)}`;
  });
  return measure("memory.precision_gain", cut.precision / precisionAt(curve, cut.recall), {
    unit: "x",
    goal: ">= 1.5",
    n: all.length,
    note: `cut: ${cut.k.toFixed(1)} items, precision ${cut.precision.toFixed(3)}, recall ${cut.recall.toFixed(3)}; fixed k precision/recall ${shown.join(", ")}`,
  });
}
