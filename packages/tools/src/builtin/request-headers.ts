import type { Labels } from "@freehold/core";

const ours = new Set([
  "host",
  "content-length",
  "connection",
  "transfer-encoding",
  "upgrade",
  "te",
  "trailer",
  "expect",
  // Only the signer's own credential pays.
  "payment-signature",
  "x-payment",
]);

/** Headers that a model cannot set: those of the connection and those that pay. */
export function refusedHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return ours.has(lower) || lower.startsWith("proxy-") || !/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(lower);
}

const carriesIdentity = new Set(["authorization", "cookie", "x-api-key"]);

/** An answer is a stranger's text; it is private when the request said who asks. */
export function labelsOfAnswer(host: string, headers: Readonly<Record<string, string>>): Labels {
  const personal = Object.keys(headers).some((name) => carriesIdentity.has(name.toLowerCase()));
  return { integrity: "untrusted", confidentiality: personal ? "private" : "public", origins: [`web:${host}`] };
}
