import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { FreeholdError } from "@freehold/core";
import { classifyAddress } from "./address-class.ts";
import { egressErrors } from "./errors.ts";

/**
 * What a request may reach. `public`: the internet only. `anywhere`: the owner named the origin, so his own
 * networks, too. `house`: his own networks only.
 */
export type Reach = "public" | "anywhere" | "house";

/** Resolves a name to every address it has. */
export type Resolver = (hostname: string) => Promise<readonly string[]>;

export const systemResolver: Resolver = async (hostname) => {
  const answers = await lookup(hostname, { all: true, order: "verbatim" });
  return answers.map((answer) => answer.address);
};

/** Names that mean something inside a network only, whatever a resolver answers for them. */
const innerNames = /(^|\.)(localhost|localdomain|local|internal|intranet|lan|home|corp|home\.arpa|onion)$/;

/** Parses and checks the form of an address. The URL parser already turns octal, hex and decimal hosts into IPv4. */
export function parseAddress(input: string | URL): URL {
  const url = URL.parse(String(input));
  if (url === null) throw invalid(String(input), "it cannot be read");
  if (url.protocol !== "http:" && url.protocol !== "https:") throw invalid(url.href, "it is not http or https");
  if (url.username !== "" || url.password !== "") throw invalid(url.origin, "it carries a user name or password");
  if (url.hostname === "") throw invalid(url.href, "it names no host");
  return url;
}

/**
 * Resolves a host and checks every answer; the caller connects to exactly the addresses that come back, so a
 * name that changes its mind afterwards (rebinding) changes nothing. One bad answer refuses the name.
 */
export async function guardHost(hostname: string, reach: Reach, resolver: Resolver): Promise<readonly string[]> {
  const bare = hostname.replace(/^\[|\]$/g, "");
  if (isIP(bare) !== 0) return [checked(hostname, bare, reach)];
  const name = bare.toLowerCase().replace(/\.$/, "");
  if (reach === "public" && (!name.includes(".") || innerNames.test(name))) {
    throw new FreeholdError(egressErrors.EGRESS_PRIVATE_ADDRESS, {
      host: hostname,
      address: "a name inside a network",
    });
  }
  const answers = await resolver(bare);
  if (answers.length === 0) {
    throw new FreeholdError(egressErrors.EGRESS_UNREACHABLE, { origin: hostname, problem: "the name has no address" });
  }
  return answers.map((answer) => checked(hostname, answer, reach));
}

function checked(host: string, address: string, reach: Reach): string {
  const is = classifyAddress(address);
  const inHouse = is === "private" || is === "loopback";
  if (reach === "house" && !inHouse) throw new FreeholdError(egressErrors.EGRESS_LOCAL_ONLY, { host });
  if (is === "never" || (reach === "public" && inHouse)) {
    throw new FreeholdError(egressErrors.EGRESS_PRIVATE_ADDRESS, { host, address });
  }
  return address;
}

function invalid(url: string, problem: string): FreeholdError {
  return new FreeholdError(egressErrors.EGRESS_ADDRESS_INVALID, { url, problem });
}
