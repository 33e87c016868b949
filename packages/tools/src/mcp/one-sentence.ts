/** What a stranger said, as one short line: control characters and line ends become spaces. */
export function oneSentence(text: string, most = 500): string {
  const flat = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  const cut = flat.length <= most ? flat : `${flat.slice(0, most - 1)}…`;
  return cut === "" ? "It gave no reason." : /[.!?…]$/.test(cut) ? cut : `${cut}.`;
}
