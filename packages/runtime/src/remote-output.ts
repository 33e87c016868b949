import { describeError, type RunId } from "@freehold/core";
import { z } from "zod";
import type { Database } from "@freehold/database";
import { runIdSchema, turnIdSchema } from "./event-parts.ts";
import { type Hub, type OutputChunk, outputFrom } from "./hub.ts";

/** Output of live inferences, on its way to other processes. */
const outputChannel = "freehold_output";
/** A process asks for output that it has missed. */
const askChannel = "freehold_output_asked";

const chunkSchema = z.object({
  from: z.string(),
  runId: runIdSchema,
  seq: z.number(),
  messageId: turnIdSchema,
  at: z.number(),
  kind: z.enum(["text", "reasoning"]),
  text: z.string(),
});
const askSchema = z.object({ from: z.string(), runId: runIdSchema, seq: z.number(), at: z.number() });

/** UTF-16 units per notification; Postgres takes 8,000 bytes, and JSON may need six for one. */
const chunkLength = 1_000;

export interface RemoteOutput extends AsyncDisposable {
  send(chunk: OutputChunk): void;
  /** Asks whoever runs the inference to send its output from `at` on. */
  ask(runId: RunId, seq: number, at: number): void;
}

export interface RemoteDeps {
  readonly db: Database;
  readonly hub: Hub;
  /** Tells this process apart. */
  readonly self: string;
  readonly onFault: (problem: string, error: unknown) => void;
}

/** Carries live output between processes by NOTIFY, several deltas to a notification. */
export async function createRemoteOutput({ db, hub, self, onFault }: RemoteDeps): Promise<RemoteOutput> {
  const waiting: OutputChunk[] = [];
  let sending: Promise<void> | undefined;
  const failed = (error: unknown): void => onFault(`Output could not be passed on: ${describeError(error)}`, error);

  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      for (const chunk of merge(waiting.splice(0))) {
        await db.notify(undefined, outputChannel, JSON.stringify({ ...chunk, from: self }));
      }
    }
  };
  // While one notification is under way, more deltas gather and go together.
  const send = (chunk: OutputChunk): void => {
    waiting.push(chunk);
    sending ??= flush()
      .catch(failed)
      .finally(() => {
        sending = undefined;
      });
  };
  const ask = (runId: RunId, seq: number, at: number): void => {
    db.notify(undefined, askChannel, JSON.stringify({ from: self, runId, seq, at })).catch(failed);
  };

  const stops = await Promise.all([
    db.listen(outputChannel, (payload) => {
      const { from, ...chunk } = chunkSchema.parse(JSON.parse(payload));
      if (from !== self && !hub.add(chunk)) ask(chunk.runId, chunk.seq, hub.live(chunk.runId, chunk.seq)?.length ?? 0);
    }),
    db.listen(askChannel, (payload) => {
      const { from, runId, seq, at } = askSchema.parse(JSON.parse(payload));
      const live = from === self ? null : hub.live(runId, seq);
      if (live === null) return;
      for (const { kind, text, end } of outputFrom(live.parts, at)) {
        send({ runId, seq, messageId: live.messageId, at: end - text.length, kind, text });
      }
    }),
  ]);
  return {
    send,
    ask,
    async [Symbol.asyncDispose]() {
      for (const stop of stops) await stop();
      await sending;
    },
  };
}

/** Adjoining stretches become one, as far as a notification takes them. */
function merge(chunks: readonly OutputChunk[]): readonly OutputChunk[] {
  const merged: OutputChunk[] = [];
  for (const chunk of chunks.flatMap(cut)) {
    const last = merged.at(-1);
    const adjoins = last?.runId === chunk.runId && last.seq === chunk.seq && last.at + last.text.length === chunk.at;
    if (adjoins && last.kind === chunk.kind && last.text.length + chunk.text.length <= chunkLength) {
      merged[merged.length - 1] = { ...last, text: last.text + chunk.text };
    } else merged.push(chunk);
  }
  return merged;
}

function cut(chunk: OutputChunk): readonly OutputChunk[] {
  const pieces = Math.ceil(chunk.text.length / chunkLength);
  return Array.from({ length: pieces }, (_, index) => {
    const from = index * chunkLength;
    return { ...chunk, at: chunk.at + from, text: chunk.text.slice(from, from + chunkLength) };
  });
}
