import type { Labels, RunId, ThreadId, Turn, TurnId, TurnPart } from "@freehold/core";
import { sql } from "@freehold/database";
import { z } from "zod";
import type { MemoryItem } from "../memory.ts";
import { turnText } from "../turn-text.ts";

export const integritySchema = z.enum(["owner", "system", "vetted", "untrusted"]);
export const confidentialitySchema = z.enum(["public", "private", "secret"]);
export const authorSchema = z.enum(["owner", "assistant", "tool", "system"]);

export const partsSchema: z.ZodType<TurnPart[]> = z.array(
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("text"), text: z.string() }),
    z.object({ type: z.literal("reasoning"), text: z.string() }),
    z.object({
      type: z.literal("tool-call"),
      callId: z.string(),
      name: z.string(),
      arguments: z.record(z.string(), z.json()),
    }),
    z.object({
      type: z.literal("tool-result"),
      callId: z.string(),
      name: z.string(),
      status: z.enum(["ok", "error", "denied", "unknown"]),
      text: z.string(),
    }),
  ]),
);

export interface LabelColumns {
  readonly integrity: Labels["integrity"];
  readonly confidentiality: Labels["confidentiality"];
  readonly origins: readonly string[];
}

export function labelsFromRow(row: LabelColumns): Labels {
  return { integrity: row.integrity, confidentiality: row.confidentiality, origins: row.origins };
}

export interface TurnRow extends LabelColumns {
  readonly id: TurnId;
  readonly thread_id: ThreadId;
  readonly ordinal: number;
  readonly run_id: RunId | null;
  readonly author: Turn["author"];
  readonly parts: unknown;
  readonly at: Date;
  readonly forgotten: boolean;
}

export const turnColumns = sql`t.id, t.thread_id, t.ordinal, t.run_id, t.author, t.parts,
  t.integrity, t.confidentiality, t.origins, t.at, t.forgotten`;

export function turnFromRow(row: TurnRow): Turn {
  return {
    id: row.id,
    threadId: row.thread_id,
    ordinal: row.ordinal,
    runId: row.run_id,
    author: row.author,
    parts: partsSchema.parse(row.parts),
    labels: labelsFromRow(row),
    at: row.at,
    forgotten: row.forgotten,
  };
}

export interface ItemRow extends LabelColumns {
  readonly key: bigint;
  readonly id: TurnId;
  readonly kind: "chat" | "notes";
  readonly thread_id: ThreadId;
  readonly title: string;
  readonly ordinal: number;
  readonly session: bigint;
  readonly author: Turn["author"];
  readonly parts: unknown;
  readonly at: Date;
  readonly source_turn_id: TurnId | null;
  readonly run_id: RunId | null;
}

/** For `memory.turns t join memory.threads h`. */
export const itemColumns = sql`t.key, t.id, h.kind, t.thread_id, h.title, t.ordinal, t.session, t.author, t.parts,
  t.integrity, t.confidentiality, t.origins, t.at, t.source_turn_id, t.run_id`;

/** Sessions are numbered within their thread in the low 20 bits. */
const sessionBits = 20;

export function sessionNumber(session: bigint): number {
  return Number(BigInt.asUintN(sessionBits, session));
}

export function itemFromRow(row: ItemRow): MemoryItem {
  const note = row.kind === "notes";
  return {
    id: row.id,
    kind: note ? "note" : "turn",
    threadId: note ? null : row.thread_id,
    threadTitle: note ? null : row.title,
    ordinal: row.ordinal,
    session: sessionNumber(row.session),
    author: row.author,
    text: turnText(partsSchema.parse(row.parts)),
    at: row.at,
    labels: labelsFromRow(row),
    sourceTurnId: row.source_turn_id,
  };
}
