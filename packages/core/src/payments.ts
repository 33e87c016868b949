import type { IntentId } from "./ids.ts";
import type { Money } from "./money.ts";

/** The request that a payment is for, in canonical form. */
export interface CanonicalRequest {
  /** Upper-case method. */
  readonly method: string;
  /** Absolute URL without fragment. */
  readonly url: string;
  /** Lower-case hex SHA-256 of the body bytes (of the empty string when there is none). */
  readonly bodySha256: string;
}

/** A 402 answer as it came. Header names are lower-case. */
export interface Challenge {
  readonly status: 402;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type RailName = "x402" | "l402";

/** What the owner or a budget approves; drift in any field after that is a refusal. */
export interface Quote {
  readonly rail: RailName;
  readonly request: CanonicalRequest;
  /** Scheme, host and port of the seller. */
  readonly origin: string;
  /** EVM address or Lightning node key. */
  readonly payee: string;
  readonly amount: Money;
  /** CAIP-2 network, or `bip122:…` for Lightning. */
  readonly network: string;
  readonly expiresAt: Date | null;
  readonly description: string;
  /** SHA-256 over the canonical terms. */
  readonly hash: string;
}

/** Attached to the try that carries a payment. */
export interface PaymentCredential {
  readonly intentId: IntentId;
  /** Headers to add to the request, e.g. `payment-signature`. Sent to the quote's origin only. */
  readonly headers: Readonly<Record<string, string>>;
}
