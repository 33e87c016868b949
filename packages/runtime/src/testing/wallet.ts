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
  /** What the seller asks from now on. */
  price(quote: Partial<Quote>): void;
  /** Overrides single answers of the payer. */
  readonly say: Partial<Payer>;
}

export function createWallet(over: Partial<Payer> = {}): Wallet {
  const newId = createIds(() => 0, randomBytes);
  const chain: string[] = [];
  const signatures: string[] = [];
  const byKey = new Map<string, IntentId>();
  const intents = new Map<string, IntentState>();
  const say: { -readonly [K in keyof Payer]?: Payer[K] } = { ...over };
  let asked = quoteOf();

  const payer: Payer = {
    quote: async () => ({ outcome: "quote", quote: asked }),
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

  const seller = houseTool(
    "buy",
    ({ payment }) => {
      const { request } = asked;
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

  return {
    payer: new Proxy(payer, { get: (target, name: keyof Payer) => say[name] ?? target[name] }),
    seller,
    chain,
    signatures,
    intents,
    price(quote) {
      asked = quoteOf(quote);
    },
    say,
  };
}

/** What the owner says so that the address counts as the owner's. */
export const buyText = "Buy https://seller.test/paid";
export const buyCall = { call: "buy", args: { url: "https://seller.test/paid" } };
