import type { Clock } from "@freehold/core";
import { z } from "zod";
import { failure, readsOnly, systemWords, withArguments, type Builtin } from "./builtin.ts";

/** Date and time; `zone` is an IANA name. */
export function timeTool(deps: { readonly clock: Clock; readonly zone: string }): Builtin {
  return {
    name: "time",
    description: "Current date and time.",
    inputSchema: { type: "object", properties: { zone: { type: "string", description: "IANA time zone" } } },
    effects: readsOnly,
    run: withArguments(z.object({ zone: z.string().max(64).optional() }), async ({ zone = deps.zone }) => {
      const text = timeIn(deps.clock.now(), zone);
      if (text === null)
        return failure(`There is no time zone named "${zone}"; use a name such as Europe/Berlin or UTC.`);
      return { outcome: "ok", text, labels: systemWords };
    }),
  };
}

function timeIn(at: Date, zone: string): string | null {
  try {
    const format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      dateStyle: "full",
      timeStyle: "long",
    });
    return `${format.format(at)} (${at.toISOString()})`;
  } catch {
    return null;
  }
}
