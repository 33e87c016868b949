import type { Embedder, Labels, TurnId } from "@freehold/core";
import { verifies } from "@freehold/testkit";
import { expect, test } from "vitest";
import { createEmbeddingWorker } from "../embedding-worker.ts";
import { openTestMemory, wordEmbedder, type TestMemory } from "../test-memory.ts";

const web: Labels = { integrity: "untrusted", confidentiality: "public", origins: ["web:example.org"] };
const hours = 3_600_000;

async function chat(t: TestMemory, title: string, texts: readonly string[]): Promise<readonly TurnId[]> {
  const thread = await t.memory.threads.create({ title });
  const ids: TurnId[] = [];
  for (const text of texts) ids.push((await t.say(thread.id, text)).id);
  return ids;
}

const smallTalk = [
  "Good morning!",
  "How was the weekend?",
  "It rained a lot",
  "We stayed inside",
  "Fair enough",
  "Bye",
];

test("the turn that was asked for comes first, without a model", async () => {
  verifies("memory.recall.lexical");
  await using t = await openTestMemory();
  await chat(t, "Small talk", smallTalk);
  const [cat] = await chat(t, "Pets", ["My cat is called Whiskers", "What a nice name"]);
  const { hits, ran, degraded } = await t.memory.recall({ text: "What is my cat called?" });
  expect(hits[0]?.item.id).toBe(cat);
  expect(ran).toEqual(["text"]);
  expect(degraded).toBe("There is no embedding model.");
});

test("parts of a score add up to it", async () => {
  await using t = await openTestMemory(() => wordEmbedder([["cat", "pet"]]));
  await chat(t, "Pets", ["My cat is called Whiskers", "Nice name for a cat", "She is a quiet pet"]);
  await chat(t, "Small talk", smallTalk);
  await drain(t, wordEmbedder([["cat", "pet"]]));
  const { hits } = await t.memory.search("quiet cat");
  expect(hits.length).toBeGreaterThan(2);
  for (const { score, arms } of hits) {
    expect(arms.text + arms.meaning + arms.neighbours + arms.session).toBeCloseTo(score, 9);
  }
});

test("an answer is found by the question before it, but not across a silence", async () => {
  verifies("memory.recall.neighbours");
  await using t = await openTestMemory();
  await chat(t, "Small talk", smallTalk);
  const thread = await t.memory.threads.create({ title: "Garden" });
  const question = await t.say(thread.id, "Which colour did the greenhouse door get?");
  const answer = await t.say(thread.id, "Turquoise");
  const late = await t.say(thread.id, "Goodnight", { at: new Date(t.clock.now().getTime() + 5 * hours) });
  const { hits } = await t.memory.search("greenhouse door");
  const ids = hits.map(({ item }) => item.id);
  expect(ids).toEqual([question.id, answer.id]);
  expect(ids).not.toContain(late.id);
  expect(hits[1]?.arms).toMatchObject({ text: 0 });
});

test("a turn by somebody whom the query names comes before another with the same words", async () => {
  await using t = await openTestMemory();
  await chat(t, "Small talk", smallTalk);
  await chat(t, "Group", ["Ann: I planted roses", "Ben: I planted roses"]);
  const { hits } = await t.memory.search("What did Ben plant?");
  expect(hits[0]?.item.text).toBe("Ben: I planted roses");
});

test("what the prompt holds already neither returns nor lends its neighbours a score", async () => {
  verifies("memory.recall.excluded");
  await using t = await openTestMemory();
  await chat(t, "Small talk", smallTalk);
  const thread = await t.memory.threads.create({});
  const old = await t.say(thread.id, "The spare key is under the blue pot");
  await t.say(thread.id, "Thanks for telling me");
  await t.say(thread.id, "Where is the spare key?");
  const excludeThread = { threadId: thread.id, fromOrdinal: 2 };
  const byPlace = await t.memory.recall({ text: "Where is the spare key?", excludeThread });
  expect(byPlace.hits.map(({ item }) => item.id)).toEqual([old.id]);
  const byId = await t.memory.recall({ text: "Where is the spare key?", excludeThread, excludeTurnIds: [old.id] });
  expect(byId.hits).toEqual([]);
});

test("recalled text keeps its labels", async () => {
  verifies("memory.recall.labels");
  await using t = await openTestMemory();
  const thread = await t.memory.threads.create({});
  await t.say(thread.id, "The museum opens at nine", { author: "tool", labels: web });
  await t.memory.remember({ text: "The museum opens late on Mondays", author: "tool", labels: web });
  const { hits, labels } = await t.memory.recall({ text: "When does the museum open?" });
  expect(hits).toHaveLength(2);
  expect(hits.map(({ item }) => item.labels)).toEqual([web, web]);
  expect(labels).toEqual(web);
});

test("a note is recalled with its source", async () => {
  await using t = await openTestMemory();
  const [source] = await chat(t, "Pets", ["Our vet is Doctor Finch"]);
  const labels: Labels = { integrity: "owner", confidentiality: "private", origins: ["owner"] };
  const note = await t.memory.remember({
    text: "Vet: Finch",
    author: "assistant",
    labels,
    sourceTurnId: source ?? null,
  });
  const { hits } = await t.memory.search("Who is the vet?");
  expect(hits.map(({ item }) => item)).toContainEqual(note);
  expect(note).toMatchObject({ kind: "note", threadId: null, sourceTurnId: source });
});

test("an empty note is refused", async () => {
  await using t = await openTestMemory();
  const note = t.memory.remember({ text: " \n", author: "owner", labels: web });
  await expect(note).rejects.toMatchObject({ spec: { code: "NOTE_EMPTY" } });
});

test("meaning finds what shares no word, and says how much it has not seen", async () => {
  verifies("memory.recall.coverage");
  const embedder = wordEmbedder([
    ["cat", "kitten", "feline"],
    ["boat", "sail"],
    ["rain", "weather"],
  ]);
  await using t = await openTestMemory(() => embedder);
  await chat(t, "Small talk", smallTalk);
  const [kitten] = await chat(t, "Pets", ["The kitten sleeps all day"]);
  const before = await t.memory.search("feline");
  expect(before).toMatchObject({ hits: [], ran: ["text", "meaning"], missingVectors: 7 });
  await drain(t, embedder);
  const after = await t.memory.search("feline");
  expect(after.hits[0]?.item.id).toBe(kitten);
  expect(after.hits[0]?.arms.meaning).toBeGreaterThan(0);
  expect(after).toMatchObject({ missingVectors: 0, degraded: null });
});

test("an embedder that fails leaves the text arm, and says so", async () => {
  verifies("memory.recall.degraded");
  const broken: Embedder = { ...wordEmbedder([]), embed: () => Promise.reject(new Error("engine is down")) };
  await using t = await openTestMemory(() => broken);
  const [cat] = await chat(t, "Pets", ["My cat is called Whiskers"]);
  const { hits, ran, degraded } = await t.memory.recall({ text: "cat" });
  expect(hits.map(({ item }) => item.id)).toEqual([cat]);
  expect(ran).toEqual(["text"]);
  expect(degraded).toContain("engine is down");
});

test("a query without a known word recalls nothing", async () => {
  await using t = await openTestMemory();
  await chat(t, "Small talk", smallTalk);
  for (const text of ["", "the of and", "zebra", "'; drop table memory.turns; --", "\u0000"]) {
    const recall = await t.memory.recall({ text });
    expect(recall).toMatchObject({ hits: [], text: "", tokens: 0, labels: null });
  }
});

async function drain(t: TestMemory, embedder: Embedder): Promise<void> {
  const worker = createEmbeddingWorker({ db: t.db, clock: t.clock, embedder: () => embedder });
  while ((await worker.runOnce()).outcome === "embedded") continue;
}
