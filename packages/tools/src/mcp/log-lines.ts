import type { Clock } from "@freehold/core";

/** The newest lines of a server's own log, kept in memory only. */
export interface LogLines {
  add(line: string): void;
  lines(): readonly string[];
}

const most = 200;
const longest = 2_000;

export function createLogLines(clock: Clock): LogLines {
  const lines: string[] = [];
  return {
    add(line) {
      lines.push(`${clock.now().toISOString()} ${line.slice(0, longest)}`);
      if (lines.length > most) lines.shift();
    },
    lines: () => [...lines],
  };
}
