import { FreeholdError } from "@freehold/core";
import { memoryErrors } from "../errors.ts";

/** Place in a list that runs from new to old: a time and a tie break. */
export interface Cursor {
  readonly at: Date;
  readonly key: string;
}

export function formatCursor(cursor: Cursor): string {
  return `${cursor.at.getTime()}_${cursor.key}`;
}

/** Throws `CURSOR_INVALID`. `key` matches the pattern afterwards. */
export function parseCursor(text: string, key: RegExp): Cursor {
  const [ms = "", rest = ""] = text.split("_", 2);
  if (!/^\d{1,15}$/.test(ms) || !key.test(rest)) throw new FreeholdError(memoryErrors.CURSOR_INVALID, { cursor: text });
  return { at: new Date(Number(ms)), key: rest };
}

export const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const integerPattern = /^\d{1,18}$/;
