import { asset, money, ownerLabels, type Labels, type Quote } from "@freehold/core";
import type { PayeeGrant, PaymentSubject, PolicyConfig, PolicyContext, ToolGrant, ToolSubject } from "./subject.ts";

/** For this room's tests: ordinary subjects and contexts, to be changed one field at a time. */
export const usdc = asset("eip155:84532/erc20:0x036cbd53842c5426634e7929541ec2318f3dcf7e");
export const seller = "https://api.example";
export const payee = "0x00000000000000000000000000000000000000aa";

export const untrustedLabels: Labels = {
  integrity: "untrusted",
  confidentiality: "private",
  origins: ["owner", "web:blog.example"],
};

export const config: PolicyConfig = {
  listedOrigins: ["http://127.0.0.1:4021"],
  assets: { [usdc]: { symbol: "USDC", decimals: 6 } },
};

export function context(change: Partial<PolicyContext> = {}): PolicyContext {
  return {
    labels: ownerLabels,
    attended: true,
    grants: [],
    halted: false,
    spendingStopped: false,
    localOnly: false,
    ...change,
  };
}

export function tool(change: Partial<ToolSubject> = {}): ToolSubject {
  return {
    kind: "tool",
    name: "files__write",
    serverId: "files",
    builtin: false,
    vetted: true,
    offered: true,
    effects: { readOnly: false, idempotent: false, destructive: false, openWorld: false },
    arguments: {},
    sources: {},
    ...change,
  };
}

export function builtin(name: string, change: Partial<ToolSubject> = {}): ToolSubject {
  const effects = { readOnly: true, idempotent: true, destructive: false, openWorld: false };
  return tool({ name, serverId: "builtin", builtin: true, effects, ...change });
}

/** The built-in `http_request`, which may do anything. */
export function request(url: string, source: ToolSubject["sources"][string], method?: string): ToolSubject {
  return builtin("http_request", {
    effects: { readOnly: false, idempotent: false, destructive: true, openWorld: true },
    arguments: method === undefined ? { url } : { url, method },
    sources: { url: source, method: "owner" },
  });
}

export function quote(change: Partial<Quote> = {}): Quote {
  return {
    rail: "x402",
    request: { method: "GET", url: `${seller}/report`, bodySha256: "" },
    origin: seller,
    payee,
    amount: money(usdc, 10_000n),
    network: "eip155:84532",
    expiresAt: null,
    description: "a report",
    hash: "hash",
    ...change,
  };
}

export function payment(change: Partial<PaymentSubject> = {}): PaymentSubject {
  return {
    kind: "payment",
    quote: quote(),
    budgets: [{ id: "b1", name: "day", asset: usdc, cap: 5_000_000n, held: 0n, spent: 0n }],
    payeeKnown: true,
    firstPayment: false,
    perPaymentCap: money(usdc, 500_000n),
    requestedMax: null,
    requestSource: "owner",
    ...change,
  };
}

export const payeeGrant: PayeeGrant = {
  kind: "payee",
  id: "g1",
  payee,
  origin: seller,
  asset: usdc,
  perPayment: 50_000n,
  perDay: 200_000n,
  usedToday: 0n,
};

export const toolGrant: ToolGrant = {
  kind: "tool",
  id: "g2",
  serverId: "files",
  tool: "files__write",
  whenUntrusted: false,
};
