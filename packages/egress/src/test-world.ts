import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock, type Errand } from "@freehold/core";
import { createDirectTransport, dialAddresses } from "./direct-transport.ts";
import { createDoor, type DoorDeps, type GuardedDoor } from "./door.ts";
import type { Resolver } from "./guard.ts";
import type { Transport } from "./hop.ts";
import type { LedgerEnd, LedgerStart, LedgerWriter } from "./ledger.ts";
import type { SecretStore } from "./secrets.ts";
import type { DoorSettings } from "./settings.ts";

/** For this room's tests: real servers on loopback, behind names and public addresses of our choosing. */
export const errand: Errand = {
  who: "tool:http_request",
  why: "read a page",
  runId: "run-1",
  labels: { integrity: "untrusted", confidentiality: "private", origins: ["owner", "web:shop.example"] },
};

export interface TestServer extends AsyncDisposable {
  readonly port: number;
  readonly origin: string;
  readonly requests: IncomingMessage[];
}

export async function startServer(handler: RequestListener): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    handler(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type LedgerEntry = LedgerStart & Partial<Omit<LedgerEnd, "at">> & { readonly endedAt?: Date };

export function memoryLedger(): LedgerWriter & { readonly rows: LedgerEntry[] } {
  const rows: LedgerEntry[] = [];
  return {
    rows,
    begin: async (start) => String(rows.push({ ...start }) - 1),
    end: async (id, { at, ...end }) => {
      const row = rows[Number(id)];
      if (row !== undefined) rows[Number(id)] = { ...row, ...end, endedAt: at };
    },
  };
}

export interface World extends AsyncDisposable {
  readonly door: GuardedDoor;
  readonly rows: LedgerEntry[];
  readonly transport: Transport;
  /** The addresses that a connection was opened to. */
  readonly dialled: (readonly string[])[];
  readonly settings: { localOnly: boolean; listed: string[] };
}

export interface WorldOptions {
  readonly resolver?: Resolver;
  readonly limits?: DoorDeps["limits"];
  readonly secrets?: SecretStore;
}

/** A door whose public addresses all lead to loopback, so that nothing leaves the test. */
export function createWorld(options: WorldOptions = {}): World {
  const ledger = memoryLedger();
  const dialled: (readonly string[])[] = [];
  const settings = { localOnly: false, listed: [] as string[] };
  const transport = createDirectTransport({
    resolver: options.resolver ?? (async () => ["93.184.216.34"]),
    secrets: options.secrets ?? null,
    dial: (addresses, port, timeoutMs) => {
      dialled.push(addresses);
      return dialAddresses(["127.0.0.1"], port, timeoutMs);
    },
    connectMs: 5000,
  });
  const switches: DoorSettings = { localOnly: () => settings.localOnly, listedOrigins: () => settings.listed };
  const deps: DoorDeps = { transport, ledger, settings: switches, clock: systemClock };
  const door = createDoor(options.limits === undefined ? deps : { ...deps, limits: options.limits });
  return { door, rows: ledger.rows, transport, dialled, settings, [Symbol.asyncDispose]: () => door.close() };
}
