export interface DiffLine {
  readonly change: "same" | "added" | "removed";
  readonly text: string;
}

/** A line diff by the longest common subsequence; meant for definitions of at most some hundred lines. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  // common[i][j]: length of the longest common subsequence of old from i on and now from j on.
  const common = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const row = common[i];
      if (row !== undefined) row[j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push({ change: "same", text: old[i] ?? "" });
      i += 1;
      j += 1;
    } else if (i < old.length && (j >= now.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ change: "removed", text: old[i] ?? "" });
      i += 1;
    } else {
      lines.push({ change: "added", text: now[j] ?? "" });
      j += 1;
    }
  }
  return lines;
}

/** Only what changed, with so many lines around it; a left-out stretch is one line `…`. */
export function aroundChanges(lines: readonly DiffLine[], margin: number): DiffLine[] {
  const near = (index: number): boolean =>
    lines.slice(Math.max(0, index - margin), index + margin + 1).some(({ change }) => change !== "same");
  return lines.flatMap((line, index): DiffLine[] => {
    if (near(index)) return [line];
    return index === 0 || near(index - 1) ? [{ change: "same", text: "…" }] : [];
  });
}
