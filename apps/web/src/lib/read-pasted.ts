import type { RouteInput } from "@freehold/contract";

/** A configuration is JSON, an address begins with http, everything else is a command. */
export function readPasted(text: string): RouteInput<"servers.propose">["body"] {
  const trimmed = text.trim();
  if (trimmed.startsWith("{") || trimmed.startsWith("[")) return { config: trimmed };
  if (/^https?:\/\/\S+$/i.test(trimmed)) return { url: trimmed };
  return { command: trimmed };
}
