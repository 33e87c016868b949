/** What the tests of this room share. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChatEvent, ChatMessage, ChatModel, ChatRequest, ChatToolCall, ToolSpec } from "@freehold/core";
import type { FakeClock } from "@freehold/testkit";

export interface Answer {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly ChatToolCall[];
  readonly bad: readonly { readonly raw: string; readonly problem: string }[];
  readonly last: Extract<ChatEvent, { type: "done" | "error" }>;
  readonly events: readonly ChatEvent[];
}

export async function ask(model: ChatModel, request: Partial<ChatRequest>, signal?: AbortSignal): Promise<Answer> {
  const events: ChatEvent[] = [];
  const full: ChatRequest = { messages: [], tools: [], maxTokens: 300, ...request };
  for await (const event of model.stream(full, signal)) events.push(event);
  const last = events.at(-1);
  if (last?.type !== "done" && last?.type !== "error") throw new Error("The stream has no end.");
  const ends = events.filter((event) => event.type === "done" || event.type === "error");
  if (ends.length !== 1) throw new Error("The stream ends more than once.");
  return {
    text: events.map((event) => (event.type === "text" ? event.text : "")).join(""),
    reasoning: events.map((event) => (event.type === "reasoning" ? event.text : "")).join(""),
    calls: events.flatMap((event) => (event.type === "tool-call" ? [event.call] : [])),
    bad: events.flatMap((event) => (event.type === "bad-tool-call" ? [event] : [])),
    last,
    events,
  };
}

export function user(content: string): ChatMessage {
  return { role: "user", content };
}

export function tool(name: string, properties: Readonly<Record<string, string>>, required: string[] = []): ToolSpec {
  const entries = Object.entries(properties).map(([key, type]) => [key, { type, description: `The ${key} of it.` }]);
  return {
    name,
    description: `${name} does what its name says, and does it well.`,
    inputSchema: { type: "object", properties: Object.fromEntries(entries), required, additionalProperties: false },
  };
}

/** The built-ins among others, sorted by name as the runtime sends them. */
export const nineTools: readonly ToolSpec[] = [
  tool("calendar__list_events", { from: "string", to: "string" }, ["from"]),
  tool("files__read_text_file", { path: "string" }, ["path"]),
  tool("files__write_file", { path: "string", content: "string" }, ["path", "content"]),
  tool("http_request", { method: "string", url: "string", body: "string" }, ["method", "url"]),
  tool("mail__send", { to: "string", subject: "string", text: "string" }, ["to", "text"]),
  tool("recall", { query: "string" }, ["query"]),
  tool("remember", { text: "string" }, ["text"]),
  tool("time", { zone: "string" }),
  tool("weather__forecast", { place: "string", days: "number" }, ["place"]),
];

export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "freehold-models-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Waits for work that sleeps by a fake clock: whenever it sleeps, time moves on. */
export async function driven<T>(clock: FakeClock, work: Promise<T>): Promise<T> {
  const state = { over: false };
  const watched = work.finally(() => {
    state.over = true;
  });
  while (!state.over) {
    if (clock.sleeping > 0) await clock.advance(5_000);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return watched;
}

export function countingIds(): () => string {
  let count = 0;
  return () => `call-${(count += 1)}`;
}
