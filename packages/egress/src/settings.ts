import type { Clock } from "@freehold/core";
import { sql, type Database } from "@freehold/database";
import { z } from "zod";
import { parseAddress } from "./guard.ts";

/** The owner's switches for the door; read on every request, so answers come from memory. */
export interface DoorSettings {
  localOnly(): boolean;
  /** Exact origins that `open()` reaches although they are private. */
  listedOrigins(): readonly string[];
}

/** The same switches with a way to turn them; a change is in force here once the promise resolves. */
export interface DoorSettingsStore extends DoorSettings {
  setLocalOnly(on: boolean): Promise<void>;
  /** Throws `EGRESS_ADDRESS_INVALID` for anything but an http or https address; only its origin is kept. */
  listOrigin(origin: string): Promise<void>;
  unlistOrigin(origin: string): Promise<void>;
  close(): Promise<void>;
}

const channel = "egress_settings";
const switches = z.tuple([z.object({ local_only: z.boolean() })]);
const origins = z.array(z.object({ origin: z.string() }));

/** Reads the switches and follows them: a change by another worker of the same database is in force at once. */
export async function openDoorSettings(db: Database, clock: Clock): Promise<DoorSettingsStore> {
  let current = await load(db);
  const follow = async (): Promise<void> => {
    current = await load(db);
  };
  const stop = await db.listen(channel, () => {
    // A database that cannot be read takes no ledger rows either, so nothing leaves until it is back.
    follow().catch(() => undefined);
  });
  const change = async (query: Parameters<Database["run"]>[0]): Promise<void> => {
    await db.transaction(async (tx) => {
      await db.run(query, tx);
      await db.notify(tx, channel, "");
    });
    current = await load(db);
  };
  return {
    localOnly: () => current.localOnly,
    listedOrigins: () => current.listed,
    setLocalOnly: (on) => change(sql`update egress.settings set local_only = ${on}, changed_at = ${clock.now()}`),
    async listOrigin(address) {
      const { origin } = parseAddress(address);
      await change(sql`
        insert into egress.listed_origins (origin, listed_at) values (${origin}, ${clock.now()})
        on conflict (origin) do nothing`);
    },
    unlistOrigin: (origin) => change(sql`delete from egress.listed_origins where origin = ${origin}`),
    close: () => stop(),
  };
}

async function load(db: Database): Promise<{ readonly localOnly: boolean; readonly listed: readonly string[] }> {
  const [row] = switches.parse(await db.run(sql`select local_only from egress.settings`));
  const listed = origins.parse(await db.run(sql`select origin from egress.listed_origins order by origin`));
  return { localOnly: row.local_only, listed: listed.map(({ origin }) => origin) };
}
