import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock, type Fetch } from "@freehold/core";
import { createDirectTransport, dialAddresses } from "./direct-transport.ts";
import { createDoor } from "./door.ts";
import { errand, memoryLedger } from "./test-world.ts";

/**
 * Runs inside a network namespace of its own, where a public address belongs to this machine. Nothing of the door
 * is replaced but the names: real sockets go to the real address. Prints what got through as JSON.
 */
const publicAddress = "93.184.216.34";
let served = 0;
let accepted = 0;
const server = createServer((_request, response) => {
  served += 1;
  response.end("outside");
});
server.on("connection", () => (accepted += 1));
await new Promise<void>((resolve) => {
  server.listen(0, publicAddress, resolve);
});
const origin = `http://shop.example:${(server.address() as AddressInfo).port}`;
let localOnly = false;
const transport = createDirectTransport({
  resolver: async () => [publicAddress],
  secrets: null,
  dial: dialAddresses,
  connectMs: 2000,
});
const settings = { localOnly: () => localOnly, listedOrigins: () => [origin] };
const door = createDoor({ transport, ledger: memoryLedger(), settings, clock: systemClock });

async function attempt(fetch: Fetch): Promise<string> {
  try {
    return await (await fetch(origin)).text();
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

const before = [await attempt(door.open(errand)), await attempt(door.configured(origin, errand))];
const counted = { served, accepted };
localOnly = true;
const after = [await attempt(door.open(errand)), await attempt(door.configured(origin, errand))];
process.stdout.write(
  JSON.stringify({ before, after, newlyServed: served - counted.served, newlyAccepted: accepted - counted.accepted }),
);
server.close();
server.closeAllConnections();
await door.close();
