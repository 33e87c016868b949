import { FreeholdError } from "@freehold/core";
import { toolsErrors } from "../errors.ts";

/**
 * Splits a command line into words as a POSIX shell would, and nothing more: no variables, globs, pipes or
 * substitutions. Characters that would mean one of these are refused, so that what is shown is what runs.
 */
export function splitCommand(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: "'" | '"' | null = null;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote !== null) {
      if (char === quote) quote = null;
      else if (char === "\\" && quote === '"' && '\\"'.includes(text.charAt(at + 1)))
        word = (word ?? "") + text.charAt((at += 1));
      else word = (word ?? "") + char;
    } else if (char === "'" || char === '"') {
      quote = char;
      word ??= "";
    } else if (char === "\\" && at + 1 < text.length) {
      word = (word ?? "") + text.charAt((at += 1));
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else if ("|&;<>()$`*?\n".includes(char)) {
      throw invalid(
        `"${char}" has a meaning for shells, and no shell is used; put it in quotes if it is part of a name`,
      );
    } else {
      word = (word ?? "") + char;
    }
  }
  if (quote !== null) throw invalid("a quote is not closed");
  if (word !== null) words.push(word);
  if (words.length === 0) throw invalid("it is empty");
  return words;
}

function invalid(problem: string): FreeholdError {
  return new FreeholdError(toolsErrors.TOOL_COMMAND_INVALID, { problem });
}
