export interface MarkedPart {
  /** Where it begins in the text. */
  readonly at: number;
  readonly part: string;
  readonly hit: boolean;
}

/** The text in parts; those that are a word of the query (three letters or more, in any script) are hits. */
export function markWords(text: string, query: string): MarkedPart[] {
  const words = [...new Set(query.match(/[\p{L}\p{N}]{3,}/gu) ?? [])];
  if (words.length === 0) return [{ at: 0, part: text, hit: false }];
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[^\p{L}\p{N}]/gu, "")).join("|")})`, "giu");
  let at = 0;
  return text.split(pattern).flatMap((part, index) => {
    const here = { at, part, hit: index % 2 === 1 };
    at += part.length;
    return part === "" ? [] : [here];
  });
}
