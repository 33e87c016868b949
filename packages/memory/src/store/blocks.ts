import { FreeholdError, type Tx } from "@freehold/core";
import { sql } from "@freehold/database";
import { cleanText } from "../clean-text.ts";
import { memoryErrors } from "../errors.ts";
import type { Block, BlockChange, BlockStore, PutBlock } from "../memory.ts";
import type { StoreContext } from "./context.ts";
import { labelsFromRow, type LabelColumns } from "./turn-row.ts";

interface BlockRow extends LabelColumns {
  readonly name: string;
  readonly text: string;
  readonly position: number;
  readonly version: number;
  readonly updated_by: Block["updatedBy"];
  readonly updated_at: Date;
}

const blockColumns = sql`b.name, b.text, b.position, b.version, b.updated_by, b.updated_at,
  b.integrity, b.confidentiality, b.origins`;

export const maxBlockCharacters = 8_000;

function blockFromRow(row: BlockRow): Block {
  return {
    name: row.name,
    text: row.text,
    position: row.position,
    version: row.version,
    updatedBy: row.updated_by,
    updatedAt: row.updated_at,
    labels: labelsFromRow(row),
  };
}

export function createBlockStore(context: StoreContext): BlockStore {
  const { db, scope, inScope } = context;
  const get = (name: string, tx?: Tx): Promise<Block | null> =>
    inScope(tx, async (tx) => {
      const [row] = await db.run(
        sql<BlockRow>`select ${blockColumns} from memory.blocks b where b.scope = ${scope} and b.name = ${name}`,
        tx,
      );
      return row === undefined ? null : blockFromRow(row);
    });
  return {
    get,
    list: (tx) =>
      inScope(tx, async (tx) => {
        const rows = await db.run(
          sql<BlockRow>`
            select ${blockColumns} from memory.blocks b
            where b.scope = ${scope} order by b.position, b.name`,
          tx,
        );
        return rows.map(blockFromRow);
      }),
    put: async (block, tx): Promise<BlockChange> => {
      check(block);
      if (block.labels.integrity === "untrusted") return { outcome: "refused", reason: "untrusted" };
      return inScope(tx, async (tx) => {
        const [row] = await (block.version === 0 ? insert(context, tx, block) : update(context, tx, block));
        if (row !== undefined) return { outcome: "written", block: blockFromRow(row) };
        return { outcome: "conflict", current: await get(block.name, tx) };
      });
    },
    remove: (name, tx) =>
      inScope(tx, async (tx) => {
        const rows = await db.run(
          sql`delete from memory.blocks where scope = ${scope} and name = ${name} returning name`,
          tx,
        );
        return rows.length > 0;
      }),
  };
}

function check(block: PutBlock): void {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(block.name)) {
    throw new FreeholdError(memoryErrors.BLOCK_INVALID, { problem: `the name "${block.name}" is not allowed` });
  }
  if (block.text.length > maxBlockCharacters) {
    throw new FreeholdError(memoryErrors.BLOCK_INVALID, { problem: `the text has ${block.text.length} characters` });
  }
}

function insert({ db, scope, clock }: StoreContext, tx: Tx, block: PutBlock): Promise<BlockRow[]> {
  const { integrity, confidentiality, origins } = block.labels;
  return db.run(
    sql<BlockRow>`
      insert into memory.blocks as b (scope, name, text, position, version, updated_by, updated_at,
        integrity, confidentiality, origins)
      select ${scope}, ${block.name}, ${cleanText(block.text)},
        coalesce(${block.position ?? null}::int, 1 + max(o.position), 1), 1, ${block.updatedBy},
        ${clock.now()}::timestamptz, ${integrity}, ${confidentiality}, ${origins}::text[]
      from memory.blocks o where o.scope = ${scope}
      on conflict (scope, name) do nothing
      returning ${blockColumns}`,
    tx,
  );
}

function update({ db, scope, clock }: StoreContext, tx: Tx, block: PutBlock): Promise<BlockRow[]> {
  const { integrity, confidentiality, origins } = block.labels;
  return db.run(
    sql<BlockRow>`
      update memory.blocks b set text = ${cleanText(block.text)}, position = coalesce(${block.position ?? null}::int, b.position),
        version = b.version + 1, updated_by = ${block.updatedBy}, updated_at = ${clock.now()}::timestamptz,
        integrity = ${integrity}, confidentiality = ${confidentiality}, origins = ${origins}::text[]
      where b.scope = ${scope} and b.name = ${block.name} and b.version = ${block.version}::int
      returning ${blockColumns}`,
    tx,
  );
}
