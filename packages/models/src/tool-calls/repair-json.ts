/**
 * Small models write JSON with Python's habits: single quotes, True and None, trailing commas, raw line breaks in
 * strings, a missing end. Gives text that `JSON.parse` may accept; correct JSON comes back as it was.
 */
export function repairJson(text: string): string {
  const source = text.trim().replace(/^```(?:json)?\s*|\s*```$/g, "");
  const open: string[] = [];
  let out = "";
  let at = 0;
  while (at < source.length) {
    const char = source.charAt(at);
    if (char === '"' || char === "'") {
      const string = readString(source, at);
      out += string.text;
      at = string.end;
      continue;
    }
    if (char === "{" || char === "[") open.push(char === "{" ? "}" : "]");
    if (char === "}" || char === "]") {
      if (open.at(-1) !== char) break;
      open.pop();
      out = out.replace(/,\s*$/, "");
    }
    const word = /^[A-Za-z]+/.exec(source.slice(at))?.[0];
    out += word === undefined ? char : (pythonWords[word] ?? word);
    at += word?.length ?? 1;
    if (open.length === 0) break;
  }
  return out.replace(/[,:]\s*$/, "") + open.reverse().join("");
}

const pythonWords: Readonly<Record<string, string>> = { True: "true", False: "false", None: "null" };

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"' };

function readString(source: string, start: number): { readonly text: string; readonly end: number } {
  const quote = source.charAt(start);
  let text = '"';
  let at = start + 1;
  while (at < source.length && source.charAt(at) !== quote) {
    const char = source.charAt(at);
    if (char === "\\" && at + 1 < source.length) {
      const next = source.charAt(at + 1);
      text += next === "'" ? "'" : char + next;
      at += 2;
    } else {
      text += escapes[char] ?? char;
      at += 1;
    }
  }
  return { text: `${text}"`, end: at + 1 };
}
