import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { Clock } from "@freehold/core";

export interface LineLimits {
  /** Longest line, in bytes. */
  readonly lineBytes: number;
  /** Most bytes within `windowMs`. */
  readonly windowBytes: number;
  readonly windowMs: number;
}

export interface LineHandlers {
  readonly line: (text: string) => void;
  /** Called once; no line comes after it. `problem` completes "it sent …". */
  readonly flood: (problem: string) => void;
}

/** Splits a stream into lines and never holds more than one line of `lineBytes`. */
export function readLines(
  stream: Readable,
  config: { readonly limits: LineLimits; readonly clock: Clock },
  handlers: LineHandlers,
): void {
  const { limits, clock } = config;
  let parts: Buffer[] = [];
  let held = 0;
  let windowStart = clock.now().getTime();
  let inWindow = 0;
  let over = false;

  const flood = (problem: string): void => {
    over = true;
    parts = [];
    handlers.flood(problem);
  };
  const emit = (last: Buffer): void => {
    const text = new StringDecoder("utf8").end(Buffer.concat([...parts, last]));
    parts = [];
    held = 0;
    handlers.line(text.endsWith("\r") ? text.slice(0, -1) : text);
  };
  stream.on("data", (chunk: Buffer) => {
    if (over) return;
    const now = clock.now().getTime();
    if (now - windowStart >= limits.windowMs) {
      windowStart = now;
      inWindow = 0;
    }
    inWindow += chunk.length;
    if (inWindow > limits.windowBytes) {
      flood(`more than ${limits.windowBytes} bytes within ${limits.windowMs / 1000} seconds`);
      return;
    }
    let start = 0;
    for (let end = chunk.indexOf(10, start); end !== -1; end = chunk.indexOf(10, start)) {
      if (held + end - start > limits.lineBytes) return flood(`a message of more than ${limits.lineBytes} bytes`);
      emit(chunk.subarray(start, end));
      start = end + 1;
    }
    held += chunk.length - start;
    if (held > limits.lineBytes) return flood(`a message of more than ${limits.lineBytes} bytes`);
    if (start < chunk.length) parts.push(chunk.subarray(start));
  });
  stream.on("error", () => undefined);
}
