import { type ChatMessage, joinLabels, type Labels, systemLabels, type Turn, type TurnPart } from "@freehold/core";
import type { ContextText } from "@freehold/policy";
import type { PinnedBlock, RecalledItem } from "./ports.ts";

export interface PromptInput {
  readonly instructions: string;
  readonly blocks: readonly PinnedBlock[];
  /** Turns of the thread that came before, oldest first. */
  readonly history: readonly Turn[];
  /** The message that is being answered. */
  readonly userTurn: Turn;
  /** What this run wrote so far. */
  readonly own: readonly Turn[];
  readonly recalled: readonly RecalledItem[];
  /** Turns before this ordinal are left out. */
  readonly beforeOrdinal: number;
}

export interface Prompt {
  readonly messages: readonly ChatMessage[];
  /** Every text in it with its labels, for tracing where an argument comes from. */
  readonly texts: readonly ContextText[];
  readonly labels: Labels;
  /** Turns that were given and left out. */
  readonly omitted: number;
}

/**
 * Builds the prompt. The beginning stays the same bytes from message to message (instructions and pinned blocks, then
 * the history as it was); what changes with time (the date, what recall found) stands in the newest message of the
 * owner only, and recalled text is fenced as data.
 */
export function buildPrompt(input: PromptInput): Prompt {
  const kept = (turn: Turn): boolean => turn.ordinal >= input.beforeOrdinal && !turn.forgotten;
  const history = input.history.filter(kept);
  const own = input.own.filter(kept);
  const omitted = input.history.length + input.own.length - history.length - own.length;
  const system = systemText(input);
  const turns = [...history, input.userTurn, ...own];
  const messages = turns.flatMap((turn) =>
    turn === input.userTurn ? [newest(input.userTurn, input.recalled)] : toMessages(turn),
  );
  return {
    messages: [{ role: "system", content: system }, ...answerAll(messages)],
    texts: contextTexts(input, system, turns),
    labels: joinLabels([
      systemLabels,
      ...input.blocks.map((block) => block.labels),
      ...input.recalled.map((item) => item.labels),
      ...turns.map((turn) => turn.labels),
    ]),
    omitted,
  };
}

function systemText({ instructions, blocks, beforeOrdinal }: PromptInput): string {
  const pinned = blocks.map(({ name, text }) => `<pinned name="${name}">\n${unfenced(text)}\n</pinned>`);
  const note = beforeOrdinal === 0 ? [] : ["Earlier messages of this conversation are not shown; recall finds them."];
  return [instructions, ...pinned, ...note].join("\n\n");
}

function newest(turn: Turn, recalled: readonly RecalledItem[]): ChatMessage {
  const memory =
    recalled.length === 0 ? [] : [`<memory>\n${recalled.map((item) => unfenced(item.text)).join("\n")}\n</memory>`];
  const now = `<now>${turn.at.toISOString().slice(0, 16)}Z</now>`;
  return { role: "user", content: [...memory, now, textOf(turn)].join("\n") };
}

/** A text cannot close the fence around it. */
function unfenced(text: string): string {
  return text.replace(/<(\/?)(memory|pinned|now)\b/gi, "‹$1$2");
}

function textOf(turn: Turn): string {
  return turn.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("");
}

function toMessages(turn: Turn): readonly ChatMessage[] {
  switch (turn.author) {
    case "owner":
      return [{ role: "user", content: textOf(turn) }];
    case "system":
      return [{ role: "user", content: `(Note by the system: ${textOf(turn)})` }];
    case "assistant": {
      const toolCalls = turn.parts.flatMap((part) =>
        part.type === "tool-call" ? [{ callId: part.callId, name: part.name, arguments: part.arguments }] : [],
      );
      return [{ role: "assistant", content: textOf(turn), toolCalls }];
    }
    case "tool":
      return turn.parts.flatMap((part) =>
        part.type === "tool-result"
          ? [{ role: "tool" as const, callId: part.callId, name: part.name, content: resultText(part) }]
          : [],
      );
  }
}

/** What did not succeed says so in its first word: a model must not take it for a result. */
function resultText({ status, text }: Extract<TurnPart, { type: "tool-result" }>): string {
  return status === "ok" ? text : `${status}: ${text}`;
}

/** Engines refuse a call without its result and a result without its call: a gap is closed, an orphan left out. */
function answerAll(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const whole: ChatMessage[] = [];
  const open = new Map<string, string>();
  const close = (): void => {
    for (const [callId, name] of open)
      whole.push({ role: "tool", callId, name, content: "unknown: there is no result." });
    open.clear();
  };
  for (const message of messages) {
    if (message.role === "tool") {
      if (open.delete(message.callId)) whole.push(message);
      continue;
    }
    close();
    whole.push(message);
    if (message.role !== "assistant") continue;
    for (const call of message.toolCalls) open.set(call.callId, call.name);
  }
  close();
  return whole;
}

function contextTexts(input: PromptInput, system: string, turns: readonly Turn[]): readonly ContextText[] {
  const spoken = turns.flatMap((turn) =>
    turn.parts.flatMap((part): ContextText[] =>
      part.type === "text" || part.type === "tool-result"
        ? [{ text: part.text, labels: turn.labels, kind: "message" }]
        : [],
    ),
  );
  return [
    { text: system, labels: systemLabels, kind: "private" },
    ...input.blocks.map(({ text, labels }): ContextText => ({ text, labels, kind: "private" })),
    ...input.recalled.map(({ text, labels }): ContextText => ({ text, labels, kind: "private" })),
    ...spoken,
  ];
}
