/** One figure of `pnpm bench`. */
export interface Measure {
  readonly id: string;
  readonly value: number;
  readonly unit: string;
  /** For people and for the comparison: `<= 25`, `>= 0.97`, `0`. */
  readonly goal: string;
  readonly meets: boolean;
  /** How many samples stand behind the value. */
  readonly n: number;
  readonly note: string;
}

export interface Skipped {
  readonly id: string;
  readonly why: string;
}

export interface BenchResult {
  readonly measures: readonly Measure[];
  readonly skipped: readonly Skipped[];
}

/** Builds a measure and decides `meets` from the goal's own text, so that the two cannot disagree. */
export function measure(id: string, value: number, options: Omit<Measure, "id" | "value" | "meets">): Measure {
  const match = /^(<=|>=)?\s*(-?\d+(?:\.\d+)?)$/.exec(options.goal);
  if (match === null) throw new Error(`Goal of ${id} is not a comparison: ${options.goal}`);
  const bound = Number(match[2]);
  const meets = match[1] === "<=" ? value <= bound : match[1] === ">=" ? value >= bound : value === bound;
  return { id, value: Math.round(value * 1000) / 1000, meets, ...options };
}

/** The p-th quantile (0 to 1) of the samples by linear interpolation. */
export function quantile(samples: readonly number[], p: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * p;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}
