export interface NpxCommand {
  /** `name` or `name@range`. */
  readonly package: string;
  /** The program inside the package; null for the package's own. */
  readonly bin: string | null;
  readonly arguments: readonly string[];
}

const packagePattern = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(@[a-zA-Z0-9^~<>=.*+-]+)?$/;

/** Reads `npx [-y] [-p package] name[@range] args…`; null when it is a form that is not supported. */
export function readNpxCommand(words: readonly string[]): NpxCommand | null {
  let named: string | null = null;
  let at = 1;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word === "-y" || word === "--yes" || word === "-q" || word === "--quiet") continue;
    if (word === "-p" || word === "--package") {
      if (named !== null) return null;
      named = words[(at += 1)] ?? "";
    } else if (word.startsWith("--package=")) {
      if (named !== null) return null;
      named = word.slice("--package=".length);
    } else if (word === "--") {
      at += 1;
      break;
    } else if (word.startsWith("-")) return null;
    else break;
  }
  const target = words[at];
  if (target === undefined) return null;
  const wanted = named ?? target;
  if (!packagePattern.test(wanted)) return null;
  return { package: wanted, bin: named === null ? null : target, arguments: words.slice(at + 1) };
}

/** Splits `@scope/name@range`; the range is `latest` when there is none. */
export function splitPackage(text: string): { readonly name: string; readonly range: string } {
  const at = text.lastIndexOf("@");
  return at > 0 ? { name: text.slice(0, at), range: text.slice(at + 1) } : { name: text, range: "latest" };
}
