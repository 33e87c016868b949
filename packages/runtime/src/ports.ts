import type {
  CanonicalRequest,
  Challenge,
  ChatModel,
  ChatToolCall,
  IntentId,
  JsonObject,
  Labels,
  Money,
  NewTurn,
  PaymentCredential,
  Quote,
  RunId,
  ThreadId,
  ToolSpec,
  Turn,
  TurnId,
  Tx,
} from "@freehold/core";
import type { BudgetSnapshot, Grant, PolicyConfig, ToolEffects } from "@freehold/policy";

/** The verbatim store of messages and tool results; the run log refers to its turns by id. */
export interface TurnStore {
  append(tx: Tx, turn: NewTurn): Promise<Turn>;
  /** In order of ordinals; `after` is an exclusive ordinal. */
  thread(id: ThreadId, window?: { readonly after?: number }): Promise<readonly Turn[]>;
  /** In the order of the ids; unknown ids are left out. */
  byIds(ids: readonly TurnId[]): Promise<readonly Turn[]>;
}

export interface PinnedBlock {
  readonly name: string;
  readonly text: string;
  readonly labels: Labels;
}

export interface RecalledItem {
  readonly id: TurnId;
  /** One line with date, author and text. */
  readonly text: string;
  readonly score: number;
  readonly labels: Labels;
}

export interface Recalled {
  /** In the order in which they stand in the prompt. */
  readonly items: readonly RecalledItem[];
  /** Arms that ran. */
  readonly arms: readonly string[];
  readonly missingVectors: number;
}

export interface Recall {
  /** Pinned text that is always in context. */
  blocks(): Promise<readonly PinnedBlock[]>;
  recall(query: {
    readonly text: string;
    readonly threadId: ThreadId;
    /** Most tokens that the items may take together. */
    readonly budgetTokens: number;
    /** Turns from this ordinal on stand in the prompt already. */
    readonly fromOrdinal: number;
    readonly signal?: AbortSignal;
  }): Promise<Recalled>;
  /** The same items again after a restart; what was forgotten since is left out. */
  again(ids: readonly TurnId[]): Promise<readonly RecalledItem[]>;
}

export interface ModelSource {
  /** The model to use now; asked before each inference, so that a switch needs no restart. Null when there is none. */
  current(threadId: ThreadId): Promise<ChatModel | null>;
}

/** A tool as it stood when the run began. */
export interface Tool {
  /** `name` carries the server's prefix. */
  readonly spec: ToolSpec;
  /** `builtin` for built-in tools. */
  readonly serverId: string;
  readonly serverName: string;
  readonly builtin: boolean;
  /** The owner vetted the server: what it says of its effects counts. */
  readonly vetted: boolean;
  readonly effects: ToolEffects;
  /** Built-in tools only: whether a call with these arguments reads only and may be repeated, whatever the tool in general does. */
  readonly repeatable?: (given: JsonObject) => boolean;
  /** Changes when the definition does; a changed tool drops out of runs that began before. */
  readonly definitionHash: string;
}

export interface ToolCallContext {
  readonly runId: RunId;
  readonly threadId: ThreadId;
  readonly callId: string;
  /** From 1; each HTTP request is a try of its own. */
  readonly try: number;
  /** Join of what was in context when the model made the call. */
  readonly labels: Labels;
  /** The turn that holds the call. */
  readonly turnId: TurnId;
  /** Present in the try that pays. */
  readonly payment?: PaymentCredential;
  readonly signal: AbortSignal;
}

/** Answer of the server to a try; header names are lower-case. */
export interface ToolResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

export type ToolOutcome =
  | { readonly outcome: "ok"; readonly text: string; readonly labels: Labels; readonly response?: ToolResponse }
  /** The call failed for sure, and this text says why. */
  | { readonly outcome: "error"; readonly text: string; readonly labels: Labels; readonly response?: ToolResponse }
  | {
      readonly outcome: "payment_required";
      readonly request: CanonicalRequest;
      readonly challenge: Challenge;
      /** The most that the call itself allowed. */
      readonly requestedMax: Money | null;
      readonly labels: Labels;
    }
  /** Nobody can say whether it happened: a timeout or a cut connection on a call that changes things. */
  | { readonly outcome: "unknown"; readonly reason: string };

export interface ToolHost {
  /** All tools that a run of this thread may be given now, sorted by name. */
  toolset(threadId: ThreadId): Promise<readonly Tool[]>;
  /** Must not throw for what a tool does wrong. */
  call(call: ChatToolCall, context: ToolCallContext): Promise<ToolOutcome>;
}

/** What policy must know of the payee and the budgets that a quote draws on, as they stand now. */
export interface QuoteFacts {
  readonly budgets: readonly BudgetSnapshot[];
  readonly payeeKnown: boolean;
  readonly firstPayment: boolean;
  readonly perPaymentCap: Money | null;
}

export type Refusal = { readonly outcome: "refused"; readonly code: string; readonly reason: string };

/**
 * Payments as the loop needs them. `key` is minted from (run, call, canonical request) before anything is signed;
 * every method may be repeated with the same arguments after a crash and then gives the first outcome again.
 */
export interface Payer {
  /** Reads a 402. Keeps the quote under the key; until an authorization, a new one takes the place of the old. */
  quote(
    key: string,
    input: {
      readonly runId: RunId;
      readonly threadId: ThreadId;
      readonly callId: string;
      readonly toolName: string;
      readonly request: CanonicalRequest;
      readonly challenge: Challenge;
    },
  ): Promise<{ readonly outcome: "quote"; readonly quote: Quote } | Refusal>;
  facts(key: string, quote: Quote): Promise<QuoteFacts>;
  /** Writes the intent and takes its amount out of the budgets, in the caller's transaction. */
  reserve(
    tx: Tx,
    key: string,
    quote: Quote,
    decision: { readonly ruleId: string; readonly approvalId: string | null },
  ): Promise<{ readonly outcome: "reserved"; readonly intentId: IntentId } | Refusal>;
  /** Has the signer authorize the reserved terms. What a resend needs is committed before it answers. */
  authorize(intentId: IntentId): Promise<
    | { readonly outcome: "authorized" }
    | Refusal
    /** The signer may or may not have signed or paid. */
    | { readonly outcome: "unknown"; readonly reason: string }
  >;
  /** Marks the intent as sent, fenced by the lease. Called before each try that pays. */
  beforeSend(
    intentId: IntentId,
    lease: string,
  ): Promise<{ readonly outcome: "send"; readonly credential: PaymentCredential } | Refusal>;
  /** Tells how the paid try ended; null when no answer came. */
  outcome(
    intentId: IntentId,
    response: ToolResponse | null,
  ): Promise<{ readonly outcome: "delivered" | "paid_not_delivered" | "failed" | "unknown"; readonly reason: string }>;
  /** What to do with an intent whose try was cut off. */
  recover(intentId: IntentId): Promise<
    /** Only these same terms may be sent, through `beforeSend`. */
    | { readonly outcome: "resend" }
    /** Nothing was paid and nothing is held any more. */
    | { readonly outcome: "released"; readonly reason: string }
    | { readonly outcome: "settled_not_delivered"; readonly reason: string }
    | { readonly outcome: "pending"; readonly reason: string }
  >;
  /** The run ended before sending; the hold goes back as soon as that is safe. */
  abandon(intentId: IntentId): Promise<void>;
}

/** The owner's standing choices, as they are now. */
export interface Standing {
  readonly grants: readonly Grant[];
  readonly halted: boolean;
  readonly spendingStopped: boolean;
  readonly localOnly: boolean;
  readonly config: PolicyConfig;
}

export interface OwnersRules {
  standing(): Promise<Standing>;
  /** The kill switch, asked between any two steps. */
  halted(): Promise<boolean>;
}

/**
 * Called at each named edge of a step. Does nothing in production; a crash test ends the process here, or throws,
 * which drops the run without another write.
 */
export type Failpoint = (name: FailpointName) => void;

export const failpointNames = [
  "lease.taken",
  "recall.before-append",
  "infer.started",
  "infer.delta",
  "infer.before-append",
  "infer.ended",
  "gate.before-append",
  "gate.ended",
  "approval.parked",
  "approval.decided",
  "call.started",
  "call.answered",
  "call.ended",
  "payment.quoted",
  "payment.reserved",
  "payment.authorized",
  "payment.logged",
  "payment.before-send",
  "payment.answered",
  "payment.outcome",
  "finish.before-append",
] as const;
export type FailpointName = (typeof failpointNames)[number];
