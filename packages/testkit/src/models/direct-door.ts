import type { Door } from "@freehold/core";

/** A door without a guard, for tests of rooms that speak to servers on this machine. */
export function directDoor(): Door {
  return { configured: () => fetch, open: () => fetch };
}
