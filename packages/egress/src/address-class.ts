import { isIPv4, isIPv6 } from "node:net";

/**
 * `public`: routable on the internet. `private`: the owner's own networks. `loopback`: this machine.
 * `never`: nothing that anybody has a reason to reach (metadata services, multicast, reserved, obsolete tunnels).
 */
export type AddressClass = "public" | "private" | "loopback" | "never";

type Range = readonly [prefix: readonly number[], bits: number, is: AddressClass];

/** IANA IPv4 special-purpose registry (RFC 6890 and later), first match wins. */
const ranges4: readonly Range[] = [
  [[0, 0, 0, 0], 8, "never"],
  [[10, 0, 0, 0], 8, "private"],
  // Alibaba Cloud's metadata service lies inside carrier-grade NAT space.
  [[100, 100, 100, 200], 32, "never"],
  [[100, 64, 0, 0], 10, "private"],
  [[127, 0, 0, 0], 8, "loopback"],
  // Link-local, home of most clouds' metadata services.
  [[169, 254, 0, 0], 16, "never"],
  [[172, 16, 0, 0], 12, "private"],
  [[192, 0, 0, 0], 24, "never"],
  [[192, 0, 2, 0], 24, "never"],
  [[192, 88, 99, 0], 24, "never"],
  [[192, 168, 0, 0], 16, "private"],
  [[198, 18, 0, 0], 15, "private"],
  [[198, 51, 100, 0], 24, "never"],
  [[203, 0, 113, 0], 24, "never"],
  [[224, 0, 0, 0], 3, "never"],
];

/** IANA IPv6 special-purpose registry; only 2000::/3 is handed out for public use (RFC 4291 section 2.4). */
const ranges6: readonly Range[] = [
  [[...zeros(15), 1], 128, "loopback"],
  [[0xfd, 0x00, 0x0e, 0xc2, ...zeros(10), 0x02, 0x54], 128, "never"],
  [[0xfc], 7, "private"],
  [[0xfe, 0x80], 10, "private"],
  [[0xfe, 0xc0], 10, "private"],
  [[0x00, 0x64, 0xff, 0x9b, 0x00, 0x01], 48, "private"],
  // Teredo, benchmarking, ORCHID and other protocol assignments.
  [[0x20, 0x01, 0x00], 23, "never"],
  [[0x20, 0x01, 0x0d, 0xb8], 32, "never"],
  // 6to4 hides an IPv4 address that a relay would reach for us.
  [[0x20, 0x02], 16, "never"],
  [[0x3f, 0xff, 0x00], 20, "never"],
  [[0x20], 3, "public"],
];

/** Prefixes whose last four bytes are an IPv4 address that is really reached: mapped, translated, NAT64. */
const carriers: readonly (readonly number[])[] = [
  [...zeros(10), 0xff, 0xff],
  [...zeros(8), 0xff, 0xff, 0x00, 0x00],
  [0x00, 0x64, 0xff, 0x9b, ...zeros(8)],
];

/** What an IP address (no brackets, zone allowed) may be used for; anything that is not one is `never`. */
export function classifyAddress(address: string): AddressClass {
  if (isIPv4(address)) return find(ranges4, bytes4(address)) ?? "public";
  const bare = address.split("%")[0] ?? "";
  if (!isIPv6(bare)) return "never";
  const bytes = bytes6(bare);
  const carried = carriers.some((prefix) => prefix.every((byte, index) => bytes[index] === byte));
  if (carried) return find(ranges4, bytes.slice(12)) ?? "public";
  return find(ranges6, bytes) ?? "never";
}

function find(ranges: readonly Range[], bytes: readonly number[]): AddressClass | undefined {
  return ranges.find(([prefix, bits]) => inRange(bytes, prefix, bits))?.[2];
}

function inRange(bytes: readonly number[], prefix: readonly number[], bits: number): boolean {
  for (let bit = 0; bit < bits; bit += 8) {
    const mask = bits - bit >= 8 ? 0xff : (0xff << (8 - (bits - bit))) & 0xff;
    const index = bit / 8;
    if (((bytes[index] ?? 0) & mask) !== ((prefix[index] ?? 0) & mask)) return false;
  }
  return true;
}

function bytes4(address: string): readonly number[] {
  return address.split(".").map(Number);
}

/** The URL parser writes every form (dotted tail, upper case, long zeros) as one: compressed hex groups. */
function bytes6(address: string): readonly number[] {
  const normal = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = "", tail] = normal.split("::");
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  return [...left, ...zeros(16 - left.length - right.length), ...right];
}

function groups(text: string): readonly number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

function zeros(count: number): number[] {
  return Array.from({ length: count }, () => 0);
}
