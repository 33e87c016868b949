import type { Script } from "./scripts.ts";
import { createVocabulary, type Vocabulary } from "./vocabulary.ts";

/** "After token `from`, token `to`"; of two such, the stronger one wins unless a grammar forbids it. */
interface Transition {
  readonly from: number;
  readonly to: number;
  readonly strength: number;
}

export interface Composition {
  readonly vocabulary: Vocabulary;
  readonly transitions: readonly Transition[];
}

const preferred = 20;
const secondChoice = 14;

/**
 * Cuts the scripts into tokens of their own: each cue is one token, and no chunk of speech occurs twice, so that the
 * newest token alone says what comes next. The matrix of a model's output head can hold exactly that.
 */
export function composeScripts(scripts: readonly Script[]): Composition {
  const vocabulary = createVocabulary();
  const transitions: Transition[] = [];
  const link = (from: number, to: number, strength = preferred): void => {
    transitions.push({ from, to, strength });
  };
  for (const { cue, say, instead } of scripts) {
    const chunks = speechTokens(vocabulary, instead === undefined ? [say] : aroundOf(say, instead.of));
    const path = [vocabulary.addLiteral(cue), ...chunks.flat(), vocabulary.end];
    for (const [index, from] of path.entries()) {
      const to = path[index + 1];
      if (to !== undefined) link(from, to);
    }
    const [before, , after] = chunks;
    if (instead !== undefined && before !== undefined && after !== undefined) {
      const detour = speechTokens(vocabulary, [instead.say]).flat();
      const stops = [...before.slice(-1), ...detour, ...after.slice(0, 1)];
      for (const [index, from] of stops.entries()) {
        const to = stops[index + 1];
        if (to !== undefined) link(from, to, index === 0 ? secondChoice : preferred);
      }
    }
  }
  return { vocabulary, transitions };
}

function aroundOf(say: string, part: string): readonly string[] {
  const at = say.indexOf(part);
  if (at < 0) throw new Error("A script replaces a part that it does not say.");
  return [say.slice(0, at), part, say.slice(at + part.length)];
}

/** Word by word, but with as many words in one token as it takes to be unlike any other token. */
function speechTokens(vocabulary: Vocabulary, parts: readonly string[]): number[][] {
  return parts.map((part) => {
    const chunks: string[] = [];
    let open = "";
    // The bare tag is the word at which llama.cpp starts a grammar; as a token it would have to be declared to it.
    const isTaken = (): boolean => vocabulary.has(open) || chunks.includes(open) || open === "<tool_call>";
    for (const word of part.match(/\s*\S+/g) ?? []) {
      open += word;
      if (isTaken()) continue;
      chunks.push(open);
      open = "";
    }
    if (open !== "") {
      do open = (chunks.pop() ?? "") + open;
      while (isTaken() && chunks.length > 0);
      chunks.push(open);
    }
    return chunks.map((chunk) => vocabulary.addLiteral(chunk));
  });
}
