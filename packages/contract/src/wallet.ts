import { z } from "zod";
import { assetInfoSchema, idSchema, moneySchema, okSchema, pageQuerySchema, timeSchema } from "./common.ts";
import { receiptSchema } from "./events.ts";
import { route } from "./route.ts";

export const budgetSchema = z.object({
  id: idSchema,
  name: z.string(),
  scope: z.enum(["day", "month", "total", "thread", "payee", "tool"]),
  /** The thread, payee or tool it is for. */
  subject: z.string().nullable(),
  cap: moneySchema,
  held: moneySchema,
  spent: moneySchema,
  resetsAt: timeSchema.nullable(),
});
export type BudgetJson = z.infer<typeof budgetSchema>;
export const putBudgetSchema = z.object({ cap: moneySchema });

export const walletSchema = z.object({
  signer: z.object({
    state: z.enum(["ready", "locked", "down"]),
    message: z.string().nullable(),
    next: z.string().nullable(),
  }),
  accounts: z.array(
    z.object({
      rail: z.enum(["x402", "l402"]),
      network: z.string(),
      address: z.string(),
      /** Null when the chain cannot be asked now. */
      balance: moneySchema.nullable(),
    }),
  ),
  assets: z.array(assetInfoSchema),
  budgets: z.array(budgetSchema),
  /** The signer's own ceilings, which nothing here can raise. */
  ceilings: z.array(z.object({ asset: z.string(), perPayment: z.string(), perDay: z.string() })),
  perPayment: z.array(moneySchema),
  spending: z.object({ state: z.enum(["open", "stopped", "reconciling"]), reason: z.string().nullable() }),
  payees: z.array(z.object({ payee: z.string(), origin: z.string(), approvedAt: timeSchema })),
});
export type WalletJson = z.infer<typeof walletSchema>;

export const journalSchema = z.object({ entries: z.array(receiptSchema), next: z.string().nullable() });
export const spendingSchema = z.object({
  byDay: z.array(z.object({ day: z.string(), amount: moneySchema })),
  byPayee: z.array(
    z.object({ payee: z.string(), origin: z.string(), amount: moneySchema, payments: z.number().int() }),
  ),
});
export const unlockSchema = z.object({ passphrase: z.string().min(1).max(500) });

/** A receipt with everything that `freehold receipts verify` needs; no network is used to verify it. */
export const signedReceiptSchema = z.object({
  version: z.literal(1),
  receipt: receiptSchema,
  quote: z.record(z.string(), z.json()),
  decision: z.record(z.string(), z.json()),
  authorization: z.record(z.string(), z.json()),
  settlement: z.record(z.string(), z.json()).nullable(),
});

const byId = z.object({ id: idSchema });

export const walletRoutes = {
  "wallet.get": route({
    method: "GET",
    path: "/api/v1/wallet",
    summary: "Balances, budgets, ceilings",
    access: "read",
    response: walletSchema,
  }),
  "wallet.journal": route({
    method: "GET",
    path: "/api/v1/wallet/journal",
    summary: "Every intended payment, newest first",
    access: "read",
    query: pageQuerySchema,
    response: journalSchema,
  }),
  "wallet.spending": route({
    method: "GET",
    path: "/api/v1/wallet/spending",
    summary: "Spending by day and payee",
    access: "read",
    query: z.object({ days: z.coerce.number().int().min(1).max(366).default(30) }),
    response: spendingSchema,
  }),
  "wallet.receipt": route({
    method: "GET",
    path: "/api/v1/wallet/receipts/:id",
    summary: "A receipt that verifies offline",
    access: "read",
    params: byId,
    response: signedReceiptSchema,
  }),
  "wallet.budget": route({
    method: "PUT",
    path: "/api/v1/wallet/budgets/:id",
    summary: "Change a budget's cap",
    access: "owner",
    params: byId,
    body: putBudgetSchema,
    response: budgetSchema,
  }),
  "wallet.stop": route({
    method: "POST",
    path: "/api/v1/wallet/stop",
    summary: "Stop all spending",
    access: "owner",
    response: okSchema,
  }),
  "wallet.resume": route({
    method: "POST",
    path: "/api/v1/wallet/resume",
    summary: "Allow spending again",
    access: "owner",
    response: okSchema,
  }),
  "wallet.unlock": route({
    method: "POST",
    path: "/api/v1/wallet/unlock",
    summary: "Unlock the signer",
    access: "owner",
    body: unlockSchema,
    response: okSchema,
  }),
  "wallet.faucet": route({
    method: "POST",
    path: "/api/v1/wallet/faucet",
    summary: "Fill the wallet with the demo chain's test money",
    access: "owner",
    response: okSchema,
  }),
  "wallet.payees.remove": route({
    method: "DELETE",
    path: "/api/v1/wallet/payees/:payee",
    summary: "Forget an approved payee",
    access: "owner",
    params: z.object({ payee: z.string().max(200) }),
    response: okSchema,
  }),
} as const;
