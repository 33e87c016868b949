import type { Locality } from "@freehold/core";

/** Where an address computes, as far as its name tells. `far` is what a public one counts as. */
export function localityOf(url: string, far: "rented" | "vendor"): Locality {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (host === "localhost" || host === "::1" || (isV4(host) && host.startsWith("127."))) return "this-machine";
  if (isV4(host)) return isPrivateV4(host) ? "my-machines" : far;
  if (host.includes(":")) return /^f[cd]|^fe[89ab]/.test(host) ? "my-machines" : far;
  return !host.includes(".") || /\.(local|lan|home|internal|home\.arpa)$/.test(host) ? "my-machines" : far;
}

/** The URL parser has brought every way to write an IPv4 address into this form. */
function isV4(host: string): boolean {
  return /^\d+(\.\d+){3}$/.test(host);
}

function isPrivateV4(host: string): boolean {
  const [first = 0, second = 0] = host.split(".").map(Number);
  const carrierGrade = first === 100 && second >= 64 && second < 128;
  return (
    first === 10 || (first === 172 && second >= 16 && second < 32) || (first === 192 && second === 168) || carrierGrade
  );
}
