import { callForms, type CallForm } from "./call-forms.ts";

export type AnswerPiece =
  | { readonly type: "text" | "reasoning"; readonly text: string }
  | { readonly type: "call"; readonly form: CallForm; readonly body: string; readonly closed: boolean };

/** Cuts a streamed answer into shown text, reasoning and tool calls, however the chunks fall. */
export interface AnswerSplitter {
  push(chunk: string): readonly AnswerPiece[];
  /** What is left when the stream ends; a call that was never closed is a call that is not `closed`. */
  end(): readonly AnswerPiece[];
}

type Place =
  | { readonly kind: "text" | "reasoning"; readonly close: string | null }
  | { readonly kind: "call"; readonly close: string; readonly form: CallForm };

const outside: Place = { kind: "text", close: null };

/** `calls`: whether tools were offered; without them a call's tags are ordinary text. */
export function createAnswerSplitter({ calls }: { readonly calls: boolean }): AnswerSplitter {
  const openings: readonly (readonly [string, Place])[] = [
    ["<think>", { kind: "reasoning", close: "</think>" }],
    ...(calls ? callForms : []).map((form) => [form.open, { kind: "call", close: form.close, form }] as const),
  ];
  let place = outside;
  let buffer = "";
  // White space between text and a tag belongs to neither: it waits until it is known what follows.
  let gap = "";
  let fresh = true;

  const emit = (text: string): AnswerPiece[] => {
    if (place.kind === "call") return [];
    const whole = gap + text;
    const body = fresh ? whole.trimStart() : whole;
    const shown = body.trimEnd();
    gap = body.slice(shown.length);
    if (shown === "") return [];
    fresh = false;
    return [{ type: place.kind, text: shown }];
  };
  const step = (): AnswerPiece[] | null => {
    const tags = place.close === null ? openings.map(([tag]) => tag) : [place.close];
    const hit = firstOf(buffer, tags);
    if (hit === null) {
      if (place.kind === "call") return null;
      const safe = buffer.length - heldBack(buffer, tags);
      const text = buffer.slice(0, safe);
      buffer = buffer.slice(safe);
      return text === "" ? null : emit(text);
    }
    const before = buffer.slice(0, hit.at);
    const pieces = place.kind === "call" ? [callPiece(place, before, true)] : emit(before);
    buffer = buffer.slice(hit.at + hit.tag.length);
    const next = openings.find(([tag]) => place.close === null && tag === hit.tag)?.[1] ?? outside;
    fresh ||= next.kind === "reasoning" || place.kind === "reasoning";
    place = next;
    gap = "";
    return pieces;
  };
  const drain = (): AnswerPiece[] => {
    const pieces: AnswerPiece[] = [];
    for (let next = step(); next !== null; next = step()) pieces.push(...next);
    return pieces;
  };
  return {
    push(chunk) {
      buffer += chunk;
      return drain();
    },
    end() {
      const rest = buffer;
      buffer = "";
      if (place.kind === "call") return [callPiece(place, rest, false)];
      return emit(rest);
    },
  };
}

function callPiece(place: Extract<Place, { kind: "call" }>, body: string, closed: boolean): AnswerPiece {
  return { type: "call", form: place.form, body: body.trim(), closed };
}

function firstOf(text: string, tags: readonly string[]): { readonly at: number; readonly tag: string } | null {
  let best: { at: number; tag: string } | null = null;
  for (const tag of tags) {
    const at = text.indexOf(tag);
    if (at >= 0 && (best === null || at < best.at)) best = { at, tag };
  }
  return best;
}

/** How many characters at the end could be the beginning of a tag. */
function heldBack(text: string, tags: readonly string[]): number {
  let most = 0;
  for (const tag of tags) {
    for (let length = Math.min(tag.length - 1, text.length); length > most; length -= 1) {
      if (text.endsWith(tag.slice(0, length))) most = length;
    }
  }
  return most;
}
