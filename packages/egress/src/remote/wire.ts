import { z } from "zod";
import type { Reach } from "../guard.ts";

/** How a hop travels between the agent and the egress container: head in one header, body as it is. */
export const hopHeader = "x-freehold-hop";
export const answerHeader = "x-freehold-answer";

/** Both sides take heads up to this size; payment headers are long. */
export const maxHeadBytes = 128 * 1024;

const reaches = ["public", "anywhere", "house"] as const satisfies readonly Reach[];
const headers = z.array(z.tuple([z.string(), z.string()]));

export const hopHead = z.object({ url: z.string(), method: z.string(), headers, reach: z.enum(reaches) });
export const answerHead = z.object({ status: z.number().int(), statusText: z.string(), headers, url: z.string() });
export const wireError = z.object({ code: z.string(), data: z.record(z.string(), z.json()) });

export function encodeHead(head: z.infer<typeof hopHead> | z.infer<typeof answerHead>): string {
  return Buffer.from(JSON.stringify(head)).toString("base64url");
}

export function decodeHead<T>(schema: z.ZodType<T>, text: string): T {
  return schema.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
}
