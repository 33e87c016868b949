import { z } from "zod";
import type { ResultStore } from "../results.ts";
import { failure, readsOnly, withArguments, type Builtin } from "./builtin.ts";

export function readMoreTool(results: ResultStore): Builtin {
  const given = z.object({ handle: z.string(), offset: z.number().int().min(0).default(0) });
  return {
    name: "read_more",
    description: "Read on in a result that was cut.",
    inputSchema: {
      type: "object",
      properties: { handle: { type: "string" }, offset: { type: "integer" } },
      required: ["handle"],
    },
    effects: readsOnly,
    run: withArguments(given, async ({ handle, offset }, context) => {
      const part = await results.read(handle, context.threadId, offset);
      if (part === null) return failure("There is nothing to read on under this handle; call the tool again instead.");
      return { outcome: "ok", ...part };
    }),
  };
}
