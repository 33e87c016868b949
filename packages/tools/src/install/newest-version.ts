/** The newest of some versions by the order of semver; prereleases only when there is nothing else. */
export function newestVersion(versions: readonly string[]): string | null {
  const stable = versions.filter((version) => !version.includes("-"));
  const candidates = stable.length > 0 ? stable : versions;
  return candidates.toSorted(compareVersions).at(-1) ?? null;
}

function compareVersions(left: string, right: string): number {
  const [a, b] = [numbers(left), numbers(right)];
  for (let part = 0; part < 3; part += 1) {
    const difference = (a[part] ?? 0) - (b[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.localeCompare(right, "en", { numeric: true });
}

function numbers(version: string): readonly number[] {
  return (version.split(/[-+]/)[0] ?? "").split(".").map(Number);
}
