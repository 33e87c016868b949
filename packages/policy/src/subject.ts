import type { Asset, JsonObject, Labels, Money, Quote } from "@freehold/core";

/**
 * Where the value of one argument comes from.
 *
 * `owner`: stands literally in something the owner wrote. `address-book`: an entry the owner confirmed.
 * `vetted`: stands in the result of a vetted tool. `derived`: composed by the model, found nowhere literally.
 * `memory`: carries a passage of memory or of the system prompt. `untrusted`: stands in untrusted text.
 */
export const argumentSources = ["owner", "address-book", "vetted", "derived", "memory", "untrusted"] as const;
export type ArgumentSource = (typeof argumentSources)[number];

/** What a tool does, as declared. Believed only of built-in tools and of servers that the owner vetted. */
export interface ToolEffects {
  readonly readOnly: boolean;
  readonly idempotent: boolean;
  readonly destructive: boolean;
  /** Talks to something outside the house. */
  readonly openWorld: boolean;
}

export interface ToolSubject {
  readonly kind: "tool";
  /** Full name as offered to the model, server prefix included. */
  readonly name: string;
  /** The server's id; `builtin` for built-in tools. */
  readonly serverId: string;
  readonly builtin: boolean;
  /** The owner looked at this server and trusts what it says about itself. */
  readonly vetted: boolean;
  /** The tool was in the run's set when the run began, before any untrusted text was read. */
  readonly offered: boolean;
  readonly effects: ToolEffects;
  readonly arguments: JsonObject;
  /** Source of each string in `arguments`, by path (`to`, `items.0.url`); from `traceArguments`. A missing path counts as the worst. */
  readonly sources: Readonly<Record<string, ArgumentSource>>;
  /** The address that the call will reach, where the caller knows better than the arguments. */
  readonly url?: string;
}

/** One budget that the payment would draw on, as it stands now. Amounts in the asset's smallest unit. */
export interface BudgetSnapshot {
  readonly id: string;
  /** As the owner named it, e.g. "day" or "research thread". */
  readonly name: string;
  readonly asset: Asset;
  readonly cap: bigint;
  readonly held: bigint;
  readonly spent: bigint;
}

export interface PaymentSubject {
  readonly kind: "payment";
  readonly quote: Quote;
  /** Only the budgets that match this payment. */
  readonly budgets: readonly BudgetSnapshot[];
  /** The payee was paid or approved before. */
  readonly payeeKnown: boolean;
  readonly firstPayment: boolean;
  /** The owner's ceiling for one payment in this asset; null when the owner set none. */
  readonly perPaymentCap: Money | null;
  /** The most that the call itself asked to pay; null when it named nothing. */
  readonly requestedMax: Money | null;
  /** Where the address that asks for money came from. */
  readonly requestSource: ArgumentSource;
}

/** A change of what the agent may do. Only the owner's own act counts, never a run. */
export interface AuthoritySubject {
  readonly kind: "authority";
  readonly change: "add-payee" | "raise-cap" | "add-budget" | "vet-server" | "add-grant" | "list-origin";
  readonly actor: "owner" | "agent" | "peer";
}

export type PolicySubject = ToolSubject | PaymentSubject | AuthoritySubject;

/** "Always allow this tool of this server." */
export interface ToolGrant {
  readonly kind: "tool";
  readonly id: string;
  readonly serverId: string;
  /** Full tool name. */
  readonly tool: string;
  /** The owner also allowed it while untrusted text is in the conversation. */
  readonly whenUntrusted: boolean;
}

/** "Pay this payee at this origin, up to so much each time and so much a day." */
export interface PayeeGrant {
  readonly kind: "payee";
  readonly id: string;
  readonly payee: string;
  readonly origin: string;
  readonly asset: Asset;
  /** Smallest units. */
  readonly perPayment: bigint;
  readonly perDay: bigint;
  /** Held or spent under this grant today. */
  readonly usedToday: bigint;
}

export type Grant = ToolGrant | PayeeGrant;

export interface PolicyContext {
  /** Join of the labels of everything in the prompt. */
  readonly labels: Labels;
  /** The owner is there to answer (a chat), as opposed to a schedule. */
  readonly attended: boolean;
  readonly grants: readonly Grant[];
  /** The kill switch. */
  readonly halted: boolean;
  /** The switch that stops all spending. */
  readonly spendingStopped: boolean;
  readonly localOnly: boolean;
}

export interface AssetName {
  readonly symbol: string;
  readonly decimals: number;
}

export interface PolicyConfig {
  /** Exact origins that the owner listed as his own choice for requests. */
  readonly listedOrigins: readonly string[];
  /** For sentences only; an asset without a name is shown in its smallest unit. */
  readonly assets: Readonly<Record<string, AssetName>>;
}

export type Verdict = "allow" | "ask" | "deny";

export interface Decision {
  readonly verdict: Verdict;
  /** Id of the rule that decided; logged with every decision. */
  readonly ruleId: string;
  /** A sentence that the owner understands. */
  readonly reason: string;
  /** With `ask`: one sentence per rule that asks, the deciding one first. */
  readonly questions?: readonly string[];
}
