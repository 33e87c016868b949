import { AsyncLocalStorage } from "node:async_hooks";
import { FreeholdError, type Tx } from "@freehold/core";
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
} from "kysely";
import type { Engine, EngineResult, Session } from "./engine.ts";
import { databaseErrors } from "./errors.ts";
import { type Parameter, toParameter } from "./parameters.ts";

/** One handle over Postgres or the embedded database. */
export interface Database extends AsyncDisposable {
  readonly kind: Engine["kind"];
  /**
   * Runs one statement and gives its rows. Inside `transaction`, `tx` must be handed on: the embedded database has one
   * connection, so a query beside its own open transaction would wait for ever (`DATABASE_TX_FORGOTTEN` instead).
   * uuid and text come as string, int4 as number, int8 (so `count(*)`, too) as bigint, numeric as string,
   * timestamptz as Date, jsonb parsed, bytea as Uint8Array.
   */
  run<Row>(query: RawBuilder<Row>, tx?: Tx): Promise<Row[]>;
  /** Commits when the body resolves, rolls back when it rejects or when a statement in it failed. */
  transaction<T>(body: (tx: Tx) => Promise<T>): Promise<T>;
  /** Runs `fn` once the transaction has committed; never when it rolls back. */
  afterCommit(tx: Tx, fn: () => void): void;
  /** Reaches listeners of all processes when the transaction commits. At most 7,900 bytes of payload. */
  notify(tx: Tx | undefined, channel: string, payload: string): Promise<void>;
  /** `channel` matches `^[a-z_]+$`. Notifications may be lost while a connection is down. */
  listen(channel: string, fn: (payload: string) => void): Promise<() => Promise<void>>;
}

interface OpenTransaction {
  readonly session: Session;
  readonly hooks: (() => void)[];
  open: boolean;
  failure: { readonly error: unknown } | undefined;
}

const compiler = new Kysely<object>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

export function createDatabase(engine: Engine, release: () => Promise<void>): Database {
  const transactions = new WeakMap<Tx, OpenTransaction>();
  const around = new AsyncLocalStorage<OpenTransaction>();

  const refuseInside = (): void => {
    if (around.getStore()?.open === true) throw new FreeholdError(databaseErrors.DATABASE_TX_FORGOTTEN);
  };
  const execute = async (text: string, parameters: readonly Parameter[], tx: Tx | undefined): Promise<EngineResult> => {
    if (tx !== undefined) return runIn(lookup(transactions, tx), text, parameters);
    refuseInside();
    return engine.query(text, parameters);
  };

  return {
    kind: engine.kind,
    async run<Row>(query: RawBuilder<Row>, tx?: Tx) {
      const compiled = query.compile(compiler);
      const result = await execute(compiled.sql, compiled.parameters.map(toParameter), tx);
      return [...result.rows] as Row[];
    },
    async transaction(body) {
      refuseInside();
      const { result, hooks } = await engine.withSession(async (session) => {
        const transaction: OpenTransaction = { session, hooks: [], open: true, failure: undefined };
        // The handle is opaque: only the identity of the object counts.
        const tx = {} as Tx;
        transactions.set(tx, transaction);
        const result = await inTransaction(transaction, () => around.run(transaction, () => body(tx)));
        return { result, hooks: transaction.hooks };
      });
      for (const hook of hooks) around.exit(hook);
      return result;
    },
    afterCommit(tx, fn) {
      lookup(transactions, tx).hooks.push(fn);
    },
    async notify(tx, channel, payload) {
      await execute("select pg_notify($1, $2)", [channel, payload], tx);
    },
    listen(channel, fn) {
      refuseInside();
      return engine.listen(channel, (payload) => around.exit(fn, payload));
    },
    async [Symbol.asyncDispose]() {
      await engine.close();
      await release();
    },
  };
}

function lookup(transactions: WeakMap<Tx, OpenTransaction>, tx: Tx): OpenTransaction {
  const transaction = transactions.get(tx);
  if (transaction?.open !== true) throw new FreeholdError(databaseErrors.DATABASE_TX_ENDED);
  return transaction;
}

async function runIn(
  transaction: OpenTransaction,
  text: string,
  parameters: readonly Parameter[],
): Promise<EngineResult> {
  try {
    return await transaction.session.query(text, parameters);
  } catch (error) {
    transaction.failure ??= { error };
    throw error;
  }
}

/** A statement that failed and was caught has still aborted the transaction; committing it would lose it silently. */
async function inTransaction<T>(transaction: OpenTransaction, body: () => Promise<T>): Promise<T> {
  const { session } = transaction;
  await session.query("begin", []);
  try {
    const result = await body();
    transaction.open = false;
    if (transaction.failure !== undefined) throw transaction.failure.error;
    await session.query("commit", []);
    return result;
  } catch (error) {
    transaction.open = false;
    await session.query("rollback", []).catch(() => undefined);
    throw error;
  }
}
