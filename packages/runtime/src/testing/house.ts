import { randomBytes } from "node:crypto";
import {
  asset,
  createIds,
  type NewId,
  ownerLabels,
  type Quote,
  type RunId,
  type ThreadId,
  type Turn,
  type TurnId,
  type Clock,
  systemLabels,
} from "@freehold/core";
import { type Database, sql } from "@freehold/database";
import { type FakeClock, fakeClock } from "@freehold/testkit";
import type { RuntimeConfig } from "../deps.ts";
import type {
  Failpoint,
  ModelSource,
  OwnersRules,
  Payer,
  Recall,
  RecalledItem,
  Tool,
  ToolCallContext,
  ToolHost,
  ToolOutcome,
} from "../ports.ts";
import { createRuntime, type Runtime, type StartRun } from "../runtime.ts";
import type { Line, ScriptedModel } from "./scripted-model.ts";
import { createTurnStore } from "./turn-store.ts";

export type { Line };

/** A tool of the house with what it does. */
export interface HouseTool {
  readonly tool: Tool;
  readonly run: (context: ToolCallContext, args: Record<string, unknown>) => Promise<ToolOutcome> | ToolOutcome;
}

export function houseTool(name: string, run: HouseTool["run"], over: Partial<Tool> = {}): HouseTool {
  return {
    run,
    tool: {
      spec: { name, description: name, inputSchema: { type: "object", properties: { path: { type: "string" } } } },
      serverId: "builtin",
      serverName: "house",
      builtin: true,
      vetted: true,
      effects: { readOnly: true, idempotent: true, destructive: false, openWorld: false },
      definitionHash: `${name}-1`,
      ...over,
    },
  };
}

export const okay = (text: string): ToolOutcome => ({ outcome: "ok", text, labels: systemLabels });

export const usdc = asset("eip155:84532/erc20:0x036cbd53842c5426634e7929541ec2318f3dcf7e");

export interface HouseOptions {
  readonly db: Database;
  readonly model: ScriptedModel;
  readonly tools?: readonly HouseTool[];
  readonly payer?: Payer;
  readonly models?: ModelSource;
  readonly recalled?: readonly RecalledItem[];
  readonly config?: Partial<RuntimeConfig>;
  readonly clock?: Clock;
  readonly newId?: NewId;
  readonly failpoint?: Failpoint;
  readonly halted?: () => boolean;
}

export interface House extends AsyncDisposable {
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly faults: readonly string[];
  readonly effects: () => Promise<readonly { tool: string; call_id: string; try: number }[]>;
  /** The owner says something in a thread. */
  say(text: string, options?: Partial<StartRun>): Promise<{ runId: RunId; threadId: ThreadId; userTurnId: TurnId }>;
  /** Event types of a run, leases left out. */
  story(runId: RunId): Promise<readonly string[]>;
  /** What was said in a thread, as `author: text`. */
  transcript(threadId: ThreadId): Promise<readonly string[]>;
}

/** A runtime whose ports are small things of a test, on a real database. */
export async function house(options: HouseOptions): Promise<House> {
  const { db } = options;
  const clock = options.clock ?? fakeClock();
  const newId = options.newId ?? createIds(() => clock.now().getTime(), randomBytes);
  const turns = createTurnStore(db);
  const faults: string[] = [];
  const runtime = await createRuntime(
    {
      db,
      clock,
      newId,
      turns,
      recall: recallOf(options.recalled ?? []),
      models: options.models ?? { current: async () => options.model },
      tools: toolHost(db, options.tools ?? []),
      payer: options.payer ?? noPayer,
      rules: rulesOf(options.halted ?? (() => false)),
      ...(options.failpoint === undefined ? {} : { failpoint: options.failpoint }),
      onFault: (problem) => faults.push(problem),
    },
    options.config,
  );
  return {
    runtime,
    clock,
    newId,
    faults,
    effects: () => db.run(sql`select tool, call_id, try from fixture.effects order by id`),
    async say(text, run = {}) {
      const threadId = run.threadId ?? newId<ThreadId>();
      const id = run.userTurnId ?? newId<TurnId>();
      const runId = await db.transaction(async (tx) => {
        const turn = { id, threadId, runId: null, author: "owner" as const, labels: ownerLabels, at: clock.now() };
        if (run.userTurnId === undefined) await turns.append(tx, { ...turn, parts: [{ type: "text", text }] });
        return runtime.startRun(tx, { attended: true, ...run, threadId, userTurnId: id });
      });
      return { runId, threadId, userTurnId: id };
    },
    async story(runId) {
      const events = await runtime.events(runId);
      return events.map(({ event }) => event.type).filter((type) => type !== "lease.taken");
    },
    transcript: async (threadId) => (await turns.thread(threadId)).flatMap(spoken),
    [Symbol.asyncDispose]: () => dispose(runtime),
  };
}

function spoken({ author, parts }: Turn): readonly string[] {
  return parts.map((part) => `${author}: ${"text" in part ? part.text : `${part.name}()`}`);
}

function recallOf(items: readonly RecalledItem[]): Recall {
  return {
    blocks: async () => [{ name: "profile", text: "The owner is called Ada.", labels: ownerLabels }],
    recall: async () => ({ items, arms: ["text"], missingVectors: 0 }),
    again: async (ids) => items.filter((item) => ids.includes(item.id)),
  };
}

function rulesOf(halted: () => boolean): OwnersRules {
  return {
    halted: async () => halted(),
    standing: async () => ({
      grants: [],
      halted: halted(),
      spendingStopped: false,
      localOnly: false,
      config: { listedOrigins: [], assets: { [usdc]: { symbol: "USDC", decimals: 6 } } },
    }),
  };
}

async function dispose(runtime: Runtime): Promise<void> {
  await runtime[Symbol.asyncDispose]();
}

function toolHost(db: Database, tools: readonly HouseTool[]): ToolHost {
  return {
    toolset: async () => tools.map(({ tool }) => tool),
    async call(call, context) {
      const found = tools.find(({ tool }) => tool.spec.name === call.name);
      if (found === undefined) return { outcome: "error", text: "no such tool", labels: systemLabels };
      await db.run(sql`insert into fixture.effects (run_id, call_id, try, tool)
        values (${context.runId}, ${context.callId}, ${context.try}, ${call.name})`);
      return found.run(context, call.arguments);
    },
  };
}

const noPayer: Payer = {
  quote: async () => ({ outcome: "refused", code: "NO_WALLET", reason: "there is no wallet" }),
  facts: async () => ({ budgets: [], payeeKnown: false, firstPayment: true, perPaymentCap: null }),
  reserve: async () => ({ outcome: "refused", code: "NO_WALLET", reason: "there is no wallet" }),
  authorize: async () => ({ outcome: "refused", code: "NO_WALLET", reason: "there is no wallet" }),
  beforeSend: async () => ({ outcome: "refused", code: "NO_WALLET", reason: "there is no wallet" }),
  outcome: async () => ({ outcome: "failed", reason: "there is no wallet" }),
  recover: async () => ({ outcome: "released", reason: "there is no wallet" }),
  abandon: async () => {},
};

export function quoteOf(over: Partial<Quote> = {}): Quote {
  const request = { method: "GET", url: "https://seller.test/paid", bodySha256: "00" };
  return {
    rail: "x402",
    request,
    origin: "https://seller.test",
    payee: "0x1111111111111111111111111111111111111111",
    amount: { asset: usdc, units: 10_000n },
    network: "eip155:84532",
    expiresAt: null,
    description: "a paid thing",
    hash: "quote-1",
    ...over,
  };
}

/** Moves a test's time on and lets the runtime work on all that is due then. */
export async function later(house: House, ms: number): Promise<void> {
  await (house.clock as FakeClock).advance(ms);
  await house.runtime.worker.drain();
}
