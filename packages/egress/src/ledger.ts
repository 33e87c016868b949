import type { IntentId, Labels, Money } from "@freehold/core";

/** `open`: on its way. `refused`: the door said no. `failed`: it left, and then something went wrong. */
export const ledgerOutcomes = ["open", "ok", "refused", "failed"] as const;
export type LedgerOutcome = (typeof ledgerOutcomes)[number];

/** Known before the first byte leaves. */
export interface LedgerStart {
  readonly at: Date;
  readonly who: string;
  readonly why: string;
  readonly runId: string | null;
  /** `http`, `https`, or of a declared socket `postgres`, `grpc`, `nostr`. */
  readonly scheme: string;
  /** Host name without port; the path stays out, it may be private. */
  readonly host: string;
  readonly port: number;
  readonly method: string;
  readonly labels: Labels;
}

/** Known once it is over. Bytes: out with request line and headers, in the decoded body. */
export interface LedgerEnd {
  readonly at: Date;
  readonly status: number | null;
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly outcome: Exclude<LedgerOutcome, "open">;
  /** An error code and its sentence; null when all went well. */
  readonly problem: string | null;
}

export interface LedgerRow extends LedgerStart {
  readonly id: string;
  readonly endedAt: Date | null;
  readonly status: number | null;
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly outcome: LedgerOutcome;
  readonly problem: string | null;
  readonly cost: Money | null;
}

export interface LedgerQuery {
  readonly limit: number;
  /** Rows older than this row. */
  readonly before?: string;
  readonly host?: string;
  readonly runId?: string;
}

export interface LedgerSummary {
  readonly host: string;
  readonly requests: number;
  readonly refused: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
}

/** What the door needs of the ledger. */
export interface LedgerWriter {
  /** Resolves once the row is committed; the door sends nothing before. */
  begin(start: LedgerStart): Promise<string>;
  end(id: string, end: LedgerEnd): Promise<void>;
}

/** What left the house. */
export interface Ledger extends LedgerWriter {
  /** Newest first. */
  list(query: LedgerQuery): Promise<readonly LedgerRow[]>;
  /** Per host, the busiest first, over rows that began in the range. */
  summary(range: { readonly from: Date; readonly to: Date }): Promise<readonly LedgerSummary[]>;
  /** Notes what the latest request of a run to an origin cost. False when there is none. */
  recordCost(of: { readonly runId: string; readonly origin: string }, cost: Money, intent: IntentId): Promise<boolean>;
}
