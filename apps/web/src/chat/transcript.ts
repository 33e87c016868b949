import type { LabelsJson, RouteResponse, TurnJson } from "@freehold/contract";
import { isOver, shownItems, type CallItem, type RunItem, type RunView, type TextItem } from "./run-view.ts";

type ThreadDetail = RouteResponse<"threads.get">;

/** What the owner said, and what came of it. */
export interface Exchange {
  readonly key: string;
  readonly runId: string | null;
  readonly own: readonly TurnJson[];
  /** Null until the run's events were read. */
  readonly view: RunView | null;
  readonly items: readonly RunItem[];
  /** Labels of the tools' results, by call id. */
  readonly labels: ReadonlyMap<string, LabelsJson>;
  /** Changes when a turn comes or goes; with `view` it tells whether the exchange must be drawn again. */
  readonly stamp: string;
  readonly at: string | null;
}

export const forgottenText = "_This was forgotten._";

function textOf(turn: TurnJson, type: "text" | "reasoning"): string {
  return turn.parts.flatMap((part) => (part.type === type ? [part.text] : [])).join("");
}

/** The answer as the committed turns tell it, without verdicts and receipts. */
function itemsOfTurns(turns: readonly TurnJson[]): RunItem[] {
  const items: RunItem[] = [];
  const calls = new Map<string, number>();
  for (const turn of turns) {
    if (turn.forgotten) {
      items.push({ kind: "text", messageId: turn.id, text: forgottenText, done: true, turnId: turn.id });
      continue;
    }
    turn.parts.forEach((part, index) => {
      if (part.type === "tool-call") {
        calls.set(part.callId, items.length);
        items.push(callOf(part.callId, part.name, JSON.stringify(part.arguments)));
      } else if (part.type === "tool-result") {
        const at = calls.get(part.callId);
        const state = part.status === "denied" ? "denied" : part.status;
        const call = at === undefined ? callOf(part.callId, part.name, "{}") : (items[at] as CallItem);
        const done: CallItem = { ...call, state, result: part.text };
        if (at === undefined) items.push(done);
        else items[at] = done;
      } else if (turn.author === "system") {
        items.push({ kind: "notice", key: turn.id, level: "info", message: part.text });
      } else {
        items.push({ kind: part.type, messageId: `${turn.id}.${index}`, text: part.text, done: true, turnId: turn.id });
      }
    });
  }
  return items;
}

function callOf(callId: string, name: string, argumentsText: string): CallItem {
  return {
    kind: "call",
    callId,
    name,
    server: null,
    argumentsText,
    state: "proposed",
    tries: 0,
    durationMs: null,
    result: null,
    verdict: null,
    paymentVerdict: null,
  };
}

/** The events' order with the turns' words: what is committed is shown exactly as it is committed. */
function merge(view: RunView, turns: readonly TurnJson[]): RunItem[] {
  const byId = new Map(turns.map((turn) => [turn.id, turn]));
  const shown = new Set<string>();
  const items = view.items.map((item): RunItem => {
    if ((item.kind !== "text" && item.kind !== "reasoning") || item.turnId === null) return item;
    const turn = byId.get(item.turnId);
    if (turn === undefined) return item;
    if (item.kind === "text") shown.add(turn.id);
    const text = turn.forgotten ? forgottenText : textOf(turn, item.kind);
    return text === "" ? item : ({ ...item, text } satisfies TextItem);
  });
  const told = new Set(items.flatMap((item) => (item.kind === "call" ? [item.callId] : [])));
  const missing = turns.filter((turn) => !shown.has(turn.id));
  for (const item of itemsOfTurns(missing)) {
    if (item.kind === "call" ? !told.has(item.callId) : item.kind === "text" && isOver(view.status)) items.push(item);
  }
  return items;
}

function labelsOf(turns: readonly TurnJson[]): Map<string, LabelsJson> {
  const labels = new Map<string, LabelsJson>();
  for (const turn of turns) {
    for (const part of turn.parts) if (part.type === "tool-result") labels.set(part.callId, turn.labels);
  }
  return labels;
}

/** Joins a thread's committed turns with what its runs' events tell; the events may still be on their way. */
export function transcript(detail: ThreadDetail, views: ReadonlyMap<string, RunView>): Exchange[] {
  const groups = new Map<string, { runId: string | null; own: TurnJson[]; said: TurnJson[] }>();
  let lastKey: string | null = null;
  for (const turn of detail.turns.toSorted((a, b) => a.ordinal - b.ordinal)) {
    // A turn without a run (imported, say) answers what stands before it.
    const key: string = turn.runId ?? (turn.author === "owner" || lastKey === null ? turn.id : lastKey);
    lastKey = key;
    const group = groups.get(key) ?? { runId: turn.runId, own: [], said: [] };
    (turn.author === "owner" ? group.own : group.said).push(turn);
    groups.set(key, group);
  }
  for (const runId of detail.runs) {
    if (!groups.has(runId)) groups.set(runId, { runId, own: [], said: [] });
  }
  return [...groups].map(([key, { runId, own, said }]) => {
    const view = runId === null ? null : (views.get(runId) ?? null);
    return {
      key,
      runId,
      own,
      view,
      items: view === null ? itemsOfTurns(said) : shownItems(merge(view, said)),
      labels: labelsOf(said),
      stamp: [...own, ...said].map((turn) => `${turn.id}${turn.forgotten ? "-" : "+"}`).join(),
      at: said.at(-1)?.at ?? own[0]?.at ?? null,
    };
  });
}

/** The words of an answer, for the clipboard. */
export function answerText(items: readonly RunItem[]): string {
  return items.flatMap((item) => (item.kind === "text" ? [item.text] : [])).join("\n\n");
}
