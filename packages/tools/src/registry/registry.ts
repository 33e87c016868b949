import { FreeholdError, type Clock, type Labels, type NewId, type ServerId, type Tx } from "@freehold/core";
import { isUniqueViolation, json, sql, type Database } from "@freehold/database";
import { z } from "zod";
import { toolsErrors } from "../errors.ts";
import type { OfferedDefinition } from "./check-definitions.ts";
import { definitionSchema, type ToolDefinition } from "./definition.ts";
import { labelColumns, labelsOf, serverRowSchema, type ServerRecord } from "./server-record.ts";

export type DefinitionState = "quarantined" | "approved" | "rejected" | "superseded";

export interface StoredDefinition {
  readonly serverId: ServerId;
  readonly hash: string;
  readonly definition: ToolDefinition;
  readonly state: DefinitionState;
  /** Stands in the server's newest list. */
  readonly offered: boolean;
  readonly problem: string | null;
  readonly labels: Labels;
}

export interface Registry {
  /** Throws `TOOL_SLUG_TAKEN`. */
  add(server: Omit<ServerRecord, "id" | "addedAt">): Promise<ServerRecord>;
  list(): Promise<readonly ServerRecord[]>;
  /** Throws `TOOL_SERVER_NOT_FOUND`. */
  get(id: ServerId): Promise<ServerRecord>;
  update(id: ServerId, change: { readonly enabled?: boolean; readonly vetted?: boolean }): Promise<ServerRecord>;
  remove(id: ServerId): Promise<void>;
  /**
   * Takes in a server's newest list. The first one after registration is what the owner consented to; whatever is new
   * or changed later is quarantined.
   */
  sync(id: ServerId, offered: readonly OfferedDefinition[]): Promise<void>;
  definitions(id?: ServerId): Promise<readonly StoredDefinition[]>;
  decide(id: ServerId, choice: DefinitionChoice): Promise<void>;
}

export interface DefinitionChoice {
  readonly name: string;
  readonly hash: string;
  readonly decision: "approve" | "reject";
}

const definitionRowSchema = z
  .object({
    server_id: z.string(),
    hash: z.string(),
    definition: definitionSchema,
    state: z.enum(["quarantined", "approved", "rejected", "superseded"]),
    offered: z.boolean(),
    problem: z.string().nullable(),
    ...labelColumns,
  })
  .transform((row): StoredDefinition => ({
    serverId: row.server_id as ServerId,
    hash: row.hash,
    definition: row.definition,
    state: row.state,
    offered: row.offered,
    problem: row.problem,
    labels: labelsOf(row),
  }));

export function createRegistry(db: Database, clock: Clock, newId: NewId): Registry {
  const get = async (id: ServerId, tx?: Tx): Promise<ServerRecord> => {
    const rows = await db.run(sql`select * from tools.servers where id = ${id}`, tx);
    if (rows[0] === undefined) throw new FreeholdError(toolsErrors.TOOL_SERVER_NOT_FOUND, { id });
    return serverRowSchema.parse(rows[0]);
  };
  return {
    get: (id) => get(id),
    async add(server) {
      const id = newId<ServerId>();
      try {
        await insertServer(db, { ...server, id, addedAt: clock.now() });
      } catch (error) {
        if (isUniqueViolation(error)) throw new FreeholdError(toolsErrors.TOOL_SLUG_TAKEN, { slug: server.slug });
        throw error;
      }
      return get(id);
    },
    async list() {
      return z.array(serverRowSchema).parse(await db.run(sql`select * from tools.servers order by added_at, slug`));
    },
    async update(id, change) {
      await db.run(sql`
        update tools.servers
        set enabled = coalesce(${change.enabled ?? null}::boolean, enabled),
          vetted = coalesce(${change.vetted ?? null}::boolean, vetted)
        where id = ${id}`);
      return get(id);
    },
    async remove(id) {
      await db.run(sql`delete from tools.servers where id = ${id}`);
    },
    sync: (id, offered) => db.transaction((tx) => syncDefinitions({ db, tx, now: clock.now() }, id, offered)),
    async definitions(id) {
      const rows = await db.run(sql`
        select * from tools.definitions
        where (${id ?? null}::uuid is null or server_id = ${id ?? null}::uuid)
        order by server_id, name, seen_at, hash`);
      return z.array(definitionRowSchema).parse(rows);
    },
    decide: (id, choice) => db.transaction((tx) => decideDefinition({ db, tx, now: clock.now() }, id, choice)),
  };
}

async function insertServer(db: Database, server: ServerRecord): Promise<void> {
  const { transport, labels } = server;
  const stdio = transport.kind === "stdio" ? transport : null;
  await db.run(sql`
    insert into tools.servers (id, slug, transport, command, resolved, package, url, folders, environment, unsandboxed,
      vetted, enabled, integrity, confidentiality, origins, added_at)
    values (${server.id}, ${server.slug}, ${transport.kind},
      ${stdio === null ? null : json(stdio.command)}, ${stdio === null ? null : json(stdio.resolved)},
      ${stdio?.package == null ? null : json(stdio.package)}, ${transport.kind === "http" ? transport.url : null},
      ${json(server.folders)}, ${json(server.environment)}, ${server.unsandboxed}, ${server.vetted}, ${server.enabled},
      ${labels.integrity}, ${labels.confidentiality}, ${json(labels.origins)}, ${server.addedAt})`);
}

interface Write {
  readonly db: Database;
  readonly tx: Tx;
  readonly now: Date;
}

async function lockServer({ db, tx }: Write, id: ServerId): Promise<{ slug: string; first: boolean }> {
  const rows = await db.run(sql`select slug, pinned_at from tools.servers where id = ${id} for update`, tx);
  if (rows[0] === undefined) throw new FreeholdError(toolsErrors.TOOL_SERVER_NOT_FOUND, { id });
  const row = z.object({ slug: z.string(), pinned_at: z.date().nullable() }).parse(rows[0]);
  return { slug: row.slug, first: row.pinned_at === null };
}

async function syncDefinitions(write: Write, id: ServerId, offered: readonly OfferedDefinition[]): Promise<void> {
  const { db, tx, now } = write;
  const { slug, first } = await lockServer(write, id);
  if (first) await db.run(sql`update tools.servers set pinned_at = ${now} where id = ${id}`, tx);
  await db.run(sql`update tools.definitions set offered = false where server_id = ${id} and offered`, tx);
  for (const { definition, hash, problem } of offered) {
    const state = first && problem === null ? "approved" : "quarantined";
    await db.run(
      sql`
        insert into tools.definitions (server_id, name, hash, definition, state, offered, problem,
          integrity, confidentiality, origins, seen_at, decided_at)
        values (${id}, ${definition.name}, ${hash}, ${json(definition)}, ${state}, true, ${problem},
          'untrusted', 'public', ${json([`tool:${slug}`])}, ${now}, ${first ? now : null})
        on conflict (server_id, name, hash) do update
        set offered = true, problem = excluded.problem,
          state = case
            when excluded.problem is not null and tools.definitions.state <> 'rejected' then 'quarantined'
            when tools.definitions.state = 'superseded' then 'quarantined'
            else tools.definitions.state
          end`,
      tx,
    );
  }
}

async function decideDefinition(write: Write, id: ServerId, choice: DefinitionChoice): Promise<void> {
  const { db, tx, now } = write;
  await lockServer(write, id);
  const { name, hash } = choice;
  const rows = await db.run(
    sql`select problem from tools.definitions where server_id = ${id} and name = ${name} and hash = ${hash} and offered`,
    tx,
  );
  if (rows[0] === undefined) throw new FreeholdError(toolsErrors.TOOL_DEFINITION_NOT_FOUND, { name });
  const { problem } = z.object({ problem: z.string().nullable() }).parse(rows[0]);
  if (choice.decision === "approve") {
    if (problem !== null) throw new FreeholdError(toolsErrors.TOOL_DEFINITION_UNUSABLE, { name, problem });
    await db.run(
      sql`update tools.definitions set state = 'superseded'
        where server_id = ${id} and name = ${name} and state = 'approved' and hash <> ${hash}`,
      tx,
    );
  }
  const state = choice.decision === "approve" ? "approved" : "rejected";
  await db.run(
    sql`update tools.definitions set state = ${state}, decided_at = ${now}
      where server_id = ${id} and name = ${name} and hash = ${hash}`,
    tx,
  );
}
