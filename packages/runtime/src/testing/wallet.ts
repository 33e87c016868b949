import { createIds, type IntentId, type Quote, systemLabels } from "@freehold/core";
import { randomBytes } from "node:crypto";
import type { Payer, ToolResponse } from "../ports.ts";
import { type HouseTool, houseTool, quoteOf, usdc } from "./house.ts";

type IntentState = "reserved" | "authorized" | "sent" | "delivered" | "failed" | "abandoned";

/** A payer, and the seller that it pays: the chain remembers what really happened. */
export interface Wallet {
  readonly payer: Payer;
  /** Asks for money, and delivers to whoever brings a payment that settles. */
  readonly seller: HouseTool;
  /** Payments on the chain, one entry each. */
  readonly chain: readonly string[];
  readonly signatures: readonly string[];
  readonly intents: ReadonlyMap<string, IntentState>;
  /** Keys that quotes were kept under. */
  readonly keys: ReadonlyMap<string, IntentId | null>;
  /** What the seller asks from now on. */
  price(quote: Partial<Quote>): void;
  /** Overrides single answers of the payer. */
  readonly say: { -readonly [K in keyof Payer]?: Payer[K] };
}

export function createWallet(over: Partial<Payer> = {}): Wallet {
  const chain: string[] = [];
  const books: Books = { signatures: [], byKey: new Map(), intents: new Map() };
  const say: Wallet["say"] = { ...over };
  let asked = quoteOf();
  const payer = createPayer(books, () => asked);
  return {
    payer: new Proxy(payer, { get: (target, name: keyof Payer) => say[name] ?? target[name] }),
    seller: createSeller(chain, () => asked),
    chain,
    signatures: books.signatures,
    intents: books.intents,
    keys: books.byKey,
    price(quote) {
      asked = quoteOf(quote);
    },
    say,
  };
}

interface Books {
  readonly signatures: string[];
  readonly byKey: Map<string, IntentId | null>;
  readonly intents: Map<string, IntentState>;
}

function createPayer({ signatures, byKey, intents }: Books, asked: () => Quote): Payer {
  const newId = createIds(() => 0, randomBytes);
  return {
    async quote(key) {
      if (!byKey.has(key)) byKey.set(key, null);
      return { outcome: "quote", quote: asked() };
    },
    facts: async () => ({
      budgets: [{ id: "day", name: "day", asset: usdc, cap: 50_000n, held: 0n, spent: 0n }],
      payeeKnown: false,
      firstPayment: true,
      perPaymentCap: null,
    }),
    async reserve(_tx, key) {
      const intentId = byKey.get(key) ?? newId<IntentId>();
      byKey.set(key, intentId);
      if (!intents.has(intentId)) intents.set(intentId, "reserved");
      return { outcome: "reserved", intentId };
    },
    async authorize(intentId) {
      if (!signatures.includes(intentId)) signatures.push(intentId);
      intents.set(intentId, "authorized");
      return { outcome: "authorized" };
    },
    async beforeSend(intentId) {
      intents.set(intentId, "sent");
      return { outcome: "send", credential: { intentId, headers: { payment: intentId } } };
    },
    async outcome(intentId, response: ToolResponse | null) {
      if (response === null) return { outcome: "unknown", reason: "no answer" };
      const outcome = response.status === 200 ? "delivered" : "failed";
      intents.set(intentId, outcome);
      return { outcome, reason: "told by the seller" };
    },
    recover: async () => ({ outcome: "resend" }),
    async abandon(intentId) {
      intents.set(intentId, "abandoned");
    },
  };
}

function createSeller(chain: string[], asked: () => Quote): HouseTool {
  return houseTool(
    "buy",
    ({ payment }) => {
      const { request } = asked();
      const challenge = { status: 402 as const, headers: {}, body: "" };
      if (payment === undefined) {
        return { outcome: "payment_required", request, challenge, requestedMax: null, labels: systemLabels };
      }
      const nonce = payment.headers["payment"] ?? "";
      // A chain settles one authorization once, however often it is sent.
      if (!chain.includes(nonce)) chain.push(nonce);
      return { outcome: "ok", text: "the goods", labels: systemLabels, response: { status: 200, headers: {} } };
    },
    { effects: { readOnly: true, idempotent: true, destructive: false, openWorld: true } },
  );
}

/** What the owner says so that the address counts as the owner's. */
export const buyText = "Buy https://seller.test/paid";
export const buyCall = { call: "buy", args: { url: "https://seller.test/paid" } };
