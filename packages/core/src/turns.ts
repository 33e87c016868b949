import type { RunId, ThreadId, TurnId } from "./ids.ts";
import type { JsonObject } from "./json.ts";
import type { Labels } from "./labels.ts";

export type TurnAuthor = "owner" | "assistant" | "tool" | "system";

export type ToolResultStatus = "ok" | "error" | "denied" | "unknown";

export type TurnPart =
  | { readonly type: "text"; readonly text: string }
  /** Reasoning text of the model, kept apart from the answer and never sent back to it. */
  | { readonly type: "reasoning"; readonly text: string }
  | { readonly type: "tool-call"; readonly callId: string; readonly name: string; readonly arguments: JsonObject }
  | {
      readonly type: "tool-result";
      readonly callId: string;
      readonly name: string;
      readonly status: ToolResultStatus;
      readonly text: string;
    };

/** One message, verbatim and append-only. Messages and tool results exist here and nowhere else. */
export interface Turn {
  readonly id: TurnId;
  readonly threadId: ThreadId;
  /** Position in the thread, from 1, without gaps. */
  readonly ordinal: number;
  readonly runId: RunId | null;
  readonly author: TurnAuthor;
  /** Empty once forgotten. */
  readonly parts: readonly TurnPart[];
  readonly labels: Labels;
  readonly at: Date;
  readonly forgotten: boolean;
}

/** A turn about to be written; the store gives it its ordinal. */
export type NewTurn = Omit<Turn, "ordinal" | "forgotten">;
