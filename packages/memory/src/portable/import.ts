import {
  describeError,
  FreeholdError,
  type NewTurn,
  type RunId,
  type ThreadId,
  type TurnId,
  type Tx,
} from "@freehold/core";
import { sql } from "@freehold/database";
import { z } from "zod";
import { cleanText } from "../clean-text.ts";
import { memoryErrors } from "../errors.ts";
import { createBlockStore } from "../store/blocks.ts";
import type { StoreContext } from "../store/context.ts";
import { insertTurn } from "../store/insert-turn.ts";
import { notesThread } from "../store/notes.ts";
import { lineSchema, type Line, type TurnLine } from "./line.ts";

export interface Imported {
  readonly imported: number;
  readonly skipped: number;
}

/** All lines or none. What is known already, and what was forgotten here, is skipped. */
export function importLines(context: StoreContext, lines: AsyncIterable<string> | Iterable<string>): Promise<Imported> {
  return context.inScope(undefined, async (tx) => {
    let number = 0;
    let imported = 0;
    let skipped = 0;
    for await (const text of lines) {
      number += 1;
      if (text.trim() === "") continue;
      const line = parseLine(text, number);
      if (number === 1 && line.type !== "freehold-memory") throw invalid(number, "the heading is missing.");
      if (line.type === "freehold-memory") continue;
      if (await importLine(context, tx, line)) imported += 1;
      else skipped += 1;
    }
    return { imported, skipped };
  });
}

function invalid(line: number, problem: string, cause?: unknown): FreeholdError {
  return new FreeholdError(memoryErrors.IMPORT_INVALID, { line, problem }, { cause });
}

function parseLine(text: string, number: number): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(number, describeError(error), error);
  }
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success) throw invalid(number, z.prettifyError(parsed.error));
  return parsed.data;
}

async function importLine(
  context: StoreContext,
  tx: Tx,
  line: Exclude<Line, { readonly type: "freehold-memory" }>,
): Promise<boolean> {
  switch (line.type) {
    case "thread":
      return importThread(context, tx, line);
    case "turn":
    case "note":
      return importTurn(context, tx, line);
    case "block": {
      const { name, text, position, updatedBy, labels } = line;
      const change = await createBlockStore(context).put({ name, text, position, updatedBy, labels, version: 0 }, tx);
      return change.outcome === "written";
    }
  }
}

async function importThread(
  { db, scope }: StoreContext,
  tx: Tx,
  line: Extract<Line, { readonly type: "thread" }>,
): Promise<boolean> {
  const rows = await db.run(
    sql`
      insert into memory.threads (id, scope, title, created_at, updated_at, archived_at)
      values (${line.id}::uuid, ${scope}, ${cleanText(line.title)}, ${line.createdAt}::timestamptz,
        ${line.updatedAt}::timestamptz, ${line.archived ? line.updatedAt : null}::timestamptz)
      on conflict (id) do nothing
      returning id`,
    tx,
  );
  return rows.length > 0;
}

async function importTurn(context: StoreContext, tx: Tx, line: TurnLine): Promise<boolean> {
  const { db, scope } = context;
  const threadId = await targetThread(context, tx, line);
  const [row] = await db.run(
    sql<{ open: boolean }>`
      select exists (select from memory.threads
          where scope = ${scope} and id = ${threadId}::uuid and forgotten_at is null)
        and not exists (select from memory.turns where id = ${line.id}::uuid)
        and not exists (select from memory.tombstones
          where id = any(array[${line.id}::uuid, ${line.sourceTurnId}::uuid])) as open`,
    tx,
  );
  if (row?.open !== true || threadId === null) return false;
  const turn: NewTurn = {
    id: line.id as TurnId,
    threadId,
    runId: line.runId as RunId | null,
    author: line.author,
    parts: line.parts,
    labels: line.labels,
    at: new Date(line.at),
  };
  await insertTurn(context, tx, turn, line.sourceTurnId as TurnId | null);
  return true;
}

async function targetThread(context: StoreContext, tx: Tx, line: TurnLine): Promise<ThreadId | null> {
  return line.type === "note" ? notesThread(context, tx, context.clock.now()) : (line.threadId as ThreadId | null);
}
