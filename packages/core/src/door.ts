import type { Labels } from "./labels.ts";

/** Why something left the house; stands in the ledger row. */
export interface Errand {
  /** The room or tool server that asks: `models`, `payments`, `tool:http_request`, `server:<slug>`. */
  readonly who: string;
  readonly why: string;
  readonly runId?: string;
  /** Labels of what was in context when the request was made. */
  readonly labels: Labels;
}

/** `fetch` with the platform's signature; what it may reach was decided when it was made. */
export type Fetch = typeof globalThis.fetch;

/** The one door out (implemented by `egress`). */
export interface Door {
  /** For an origin that the owner typed in; may be private. Any other origin is refused. */
  configured(origin: string, errand: Errand): Fetch;
  /** For addresses chosen by a model, a page, a redirect or a 402: never private, whatever they resolve to. */
  open(errand: Errand): Fetch;
}
