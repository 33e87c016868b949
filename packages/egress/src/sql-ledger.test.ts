import { asset, money, systemClock, type IntentId } from "@freehold/core";
import { testDatabase, verifies } from "@freehold/testkit";
import { describe, expect, it } from "vitest";
import { createDirectTransport, dialAddresses } from "./direct-transport.ts";
import { createDoor } from "./door.ts";
import type { LedgerStart } from "./ledger.ts";
import { egressMigrations } from "./migrations.ts";
import { openDoorSettings } from "./settings.ts";
import { createLedger } from "./sql-ledger.ts";
import { errand, startServer } from "./test-world.ts";

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 12, minute));

function start(change: Partial<LedgerStart> = {}): LedgerStart {
  return {
    at: at(0),
    who: "models",
    why: "answer a message",
    runId: "run-1",
    scheme: "https",
    host: "api.example",
    port: 443,
    method: "POST",
    labels: errand.labels,
    ...change,
  };
}

const done = { at: at(1), status: 200, bytesOut: 100, bytesIn: 2000, outcome: "ok", problem: null } as const;

describe("the ledger", () => {
  it("keeps a row from before the request until after it", async () => {
    verifies("security.door.ledger-first");
    await using t = await testDatabase([egressMigrations]);
    const ledger = createLedger(t.db, systemClock);
    const id = await ledger.begin(start());
    expect(await ledger.list({ limit: 10 })).toEqual([
      {
        ...start(),
        id,
        endedAt: null,
        status: null,
        bytesOut: 0,
        bytesIn: 0,
        outcome: "open",
        problem: null,
        cost: null,
      },
    ]);
    await ledger.end(id, done);
    expect(await ledger.list({ limit: 10 })).toMatchObject([{ id, endedAt: at(1), bytesIn: 2000, outcome: "ok" }]);
  });

  it("lists newest first, page by page, by host and by run", async () => {
    await using t = await testDatabase([egressMigrations]);
    const ledger = createLedger(t.db, systemClock);
    const first = await ledger.begin(start());
    const second = await ledger.begin(start({ host: "b.example", runId: null }));
    const third = await ledger.begin(start());
    const ids = async (query: Parameters<typeof ledger.list>[0]): Promise<string[]> =>
      (await ledger.list(query)).map((row) => row.id);
    expect(await ids({ limit: 2 })).toEqual([third, second]);
    expect(await ids({ limit: 2, before: second })).toEqual([first]);
    expect(await ids({ limit: 9, host: "b.example" })).toEqual([second]);
    expect(await ids({ limit: 9, runId: "run-1" })).toEqual([third, first]);
  });

  it("sums up what left, per host", async () => {
    await using t = await testDatabase([egressMigrations]);
    const ledger = createLedger(t.db, systemClock);
    await ledger.end(await ledger.begin(start()), done);
    await ledger.end(await ledger.begin(start()), { ...done, outcome: "refused", bytesOut: 0, bytesIn: 0 });
    await ledger.end(await ledger.begin(start({ host: "b.example" })), done);
    await ledger.begin(start({ at: at(30) }));
    expect(await ledger.summary({ from: at(0), to: at(30) })).toEqual([
      { host: "api.example", requests: 2, refused: 1, bytesOut: 100, bytesIn: 2000 },
      { host: "b.example", requests: 1, refused: 0, bytesOut: 100, bytesIn: 2000 },
    ]);
  });

  it("notes what a request cost", async () => {
    await using t = await testDatabase([egressMigrations]);
    const ledger = createLedger(t.db, systemClock);
    await ledger.end(await ledger.begin(start()), done);
    const cost = money(asset("lightning:msat"), 10n ** 30n);
    const intent = "intent-1" as IntentId;
    expect(await ledger.recordCost({ runId: "run-1", origin: "https://api.example" }, cost, intent)).toBe(true);
    expect(await ledger.recordCost({ runId: "run-2", origin: "https://api.example" }, cost, intent)).toBe(false);
    expect(await ledger.list({ limit: 1 })).toMatchObject([{ cost }]);
  });

  it("closes what a dead process left open", async () => {
    await using t = await testDatabase([egressMigrations]);
    const ledger = createLedger(t.db, systemClock);
    const id = await ledger.begin(start());
    expect(await ledger.closeAbandoned()).toBe(1);
    expect(await ledger.closeAbandoned()).toBe(0);
    expect(await ledger.list({ limit: 1 })).toMatchObject([{ outcome: "failed" }]);
    // It was another worker's, and that one is alive.
    await ledger.end(id, done);
    expect(await ledger.list({ limit: 1 })).toMatchObject([{ outcome: "ok", problem: null }]);
  });
});

describe("the door's switches", () => {
  it("are off at first, keep their state and reach other workers", async () => {
    verifies("security.door.local-only");
    await using t = await testDatabase([egressMigrations]);
    const one = await openDoorSettings(t.db, systemClock);
    const two = await openDoorSettings(t.db, systemClock);
    expect([one.localOnly(), one.listedOrigins()]).toEqual([false, []]);
    await one.setLocalOnly(true);
    await one.listOrigin("http://127.0.0.1:4021/some/path");
    await one.listOrigin("http://127.0.0.1:4021");
    await expect(one.listOrigin("not an address")).rejects.toMatchObject({ code: "EGRESS_ADDRESS_INVALID" });
    expect([one.localOnly(), one.listedOrigins()]).toEqual([true, ["http://127.0.0.1:4021"]]);
    await expect.poll(() => [two.localOnly(), two.listedOrigins()]).toEqual([true, ["http://127.0.0.1:4021"]]);
    await one.unlistOrigin("http://127.0.0.1:4021");
    const later = await openDoorSettings(t.db, systemClock);
    expect([later.localOnly(), later.listedOrigins()]).toEqual([true, []]);
    await Promise.all([one.close(), two.close(), later.close()]);
  });

  it("shut the door for requests that follow", async () => {
    verifies("security.door.local-only");
    await using t = await testDatabase([egressMigrations]);
    await using server = await startServer((_request, response) => response.end("seller"));
    const settings = await openDoorSettings(t.db, systemClock);
    const ledger = createLedger(t.db, systemClock);
    const resolver = async (): Promise<string[]> => ["93.184.216.34"];
    const transport = createDirectTransport({ resolver, secrets: null, dial: dialAddresses, connectMs: 1000 });
    const door = createDoor({ transport, ledger, settings, clock: systemClock });
    await settings.listOrigin(server.origin);
    await settings.setLocalOnly(true);
    expect(await (await door.open(errand)(server.origin)).text()).toBe("seller");
    await expect(door.open(errand)("http://shop.example/")).rejects.toMatchObject({ code: "EGRESS_LOCAL_ONLY" });
    const rows = await ledger.list({ limit: 10 });
    expect(rows.map((row) => [row.host, row.outcome])).toEqual([
      ["shop.example", "refused"],
      ["127.0.0.1", "ok"],
    ]);
    await Promise.all([door.close(), settings.close()]);
  });
});
