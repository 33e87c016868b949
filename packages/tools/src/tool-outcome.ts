import type {
  CanonicalRequest,
  Challenge,
  ChatToolCall,
  JsonObject,
  Labels,
  Money,
  PaymentCredential,
  RunId,
  ThreadId,
  ToolSpec,
  TurnId,
} from "@freehold/core";
import type { DeclaredEffects } from "./registry/definition.ts";

/** A tool as it may be offered to a run. */
export interface OfferedTool {
  readonly spec: ToolSpec;
  /** `builtin` for built-in tools. */
  readonly serverId: string;
  readonly serverName: string;
  readonly builtin: boolean;
  /** The owner believes what the server says of its effects. */
  readonly vetted: boolean;
  readonly effects: DeclaredEffects;
  /** Built-in tools only: a call with these arguments reads only and may be repeated. */
  readonly repeatable?: (given: JsonObject) => boolean;
  readonly definitionHash: string;
}

export interface CallContext {
  readonly runId: RunId;
  readonly threadId: ThreadId;
  readonly callId: string;
  readonly try: number;
  /** Join of what was in context when the model made the call. */
  readonly labels: Labels;
  /** The turn that holds the call. */
  readonly turnId: TurnId;
  /** Present in the try that pays. */
  readonly payment?: PaymentCredential;
  readonly signal: AbortSignal;
}

/** Header names are lower-case. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

export type CallOutcome =
  | { readonly outcome: "ok"; readonly text: string; readonly labels: Labels; readonly response?: HttpAnswer }
  | { readonly outcome: "error"; readonly text: string; readonly labels: Labels; readonly response?: HttpAnswer }
  | {
      readonly outcome: "payment_required";
      readonly request: CanonicalRequest;
      readonly challenge: Challenge;
      readonly requestedMax: Money | null;
      readonly labels: Labels;
    }
  | { readonly outcome: "unknown"; readonly reason: string };

/** The tools of a run and their calls. `toolset` is sorted by name; `call` never throws for what a tool does wrong. */
export interface ToolHost {
  toolset(threadId: ThreadId): Promise<readonly OfferedTool[]>;
  call(call: ChatToolCall, context: CallContext): Promise<CallOutcome>;
}
