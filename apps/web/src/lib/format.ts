/** `0x71c4…0be2`; short texts stay whole. */
export function shortHash(text: string): string {
  return text.length <= 14 ? text : `${text.slice(0, 6)}…${text.slice(-4)}`;
}

const steps = ["B", "kB", "MB", "GB", "TB"] as const;

export function bytes(count: number): string {
  let value = count;
  let step = 0;
  while (value >= 1000 && step < steps.length - 1) {
    value /= 1000;
    step += 1;
  }
  return `${value < 10 && step > 0 ? value.toFixed(1) : Math.round(value)} ${steps[step] ?? "B"}`;
}

export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** `9 min`, `3 h`, `2 days`: one figure. */
export function span(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** Days between the two, counted by midnights of the reader's own time zone. */
export function daysAgo(iso: string, now: Date): number {
  return Math.round((startOfDay(now) - startOfDay(new Date(iso))) / 86_400_000);
}

function clock(date: Date): string {
  return date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", hour12: false });
}

/** `14:03` today, `yesterday 21:31`, `Fri 16:02` this week, `12 Nov` or `12 Nov 2025` before. */
export function when(iso: string, now: Date): string {
  const date = new Date(iso);
  const days = daysAgo(iso, now);
  if (days === 0) return clock(date);
  if (days === 1) return `yesterday ${clock(date)}`;
  if (days > 1 && days < 7) return `${date.toLocaleDateString(undefined, { weekday: "short" })} ${clock(date)}`;
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const);
  return date.toLocaleDateString(undefined, { day: "numeric", month: "short", ...year });
}

/** `11.2k`, `980`, and `32k` for a window of 32,768. */
export function tokens(count: number): string {
  if (count >= 1024 && count % 1024 === 0) return `${count / 1024}k`;
  if (count < 1000) return String(count);
  const thousands = count / 1000;
  return `${thousands < 20 ? thousands.toFixed(1).replace(/\.0$/, "") : Math.round(thousands)}k`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
