import { type Clock, describeError, FreeholdError } from "@freehold/core";
import { Client, type ClientBase, type ClientConfig, type CustomTypesConfig, Pool, types } from "pg";
import type { Engine, Session } from "./engine.ts";
import { databaseErrors } from "./errors.ts";
import { createPostgresListener } from "./postgres-listener.ts";

export interface PostgresOptions {
  readonly url: string;
  /** Most connections at a time. */
  readonly connections: number;
  readonly clock: Clock;
  /** Called with faults of idle connections, which no caller sees. */
  readonly onFault: (problem: string) => void;
}

type Parse = (text: string) => unknown;

const defaultParser = types.getTypeParser as unknown as (oid: number) => Parse;
const textArray = defaultParser(1009);
const arrayOf =
  (element: Parse): Parse =>
  (text) =>
    (textArray(text) as (string | null)[]).map((item) => (item === null ? null : element(item)));

/** Where the driver's own choice differs from the embedded engine's. */
const parsers = new Map<number, Parse>([
  [types.builtins.INT8, BigInt],
  [types.builtins.NUMERIC, String],
  [types.builtins.DATE, String],
  [types.builtins.INTERVAL, String],
  // Arrays of int8, numeric, uuid and date.
  [1016, arrayOf(BigInt)],
  [1231, textArray],
  [2951, textArray],
  [1182, textArray],
]);

const typeParsers: CustomTypesConfig = {
  getTypeParser: ((oid: number) => parsers.get(oid) ?? defaultParser(oid)) as never,
};

export function clientOptions(url: string): ClientConfig {
  return { connectionString: url, types: typeParsers, application_name: "freehold" };
}

/** A pool on a Postgres server. Throws `DATABASE_UNREACHABLE` when the first connection fails. */
export async function createPostgresEngine(options: PostgresOptions): Promise<Engine> {
  const pool = new Pool({ ...clientOptions(options.url), max: options.connections });
  // A lost idle connection would otherwise end the process.
  pool.on("error", (error) => options.onFault(describeError(error)));
  const listener = createPostgresListener({
    connect: () => new Client(clientOptions(options.url)),
    clock: options.clock,
    onFault: options.onFault,
  });

  const engine: Engine = {
    kind: "postgres",
    query: (text, parameters) => pool.query(text, [...parameters]),
    async withSession(body) {
      const client = await pool.connect();
      let broken: Error | undefined;
      const onError = (error: Error): void => {
        broken = error;
      };
      client.on("error", onError);
      try {
        return await body(toSession(client));
      } finally {
        client.off("error", onError);
        client.release(broken);
      }
    },
    listen: (channel, fn) => listener.listen(channel, fn),
    async close() {
      await listener.close();
      await pool.end();
    },
  };
  try {
    await engine.query("select 1", []);
  } catch (error) {
    await engine.close();
    throw new FreeholdError(databaseErrors.DATABASE_UNREACHABLE, { problem: describeError(error) }, { cause: error });
  }
  return engine;
}

function toSession(client: ClientBase): Session {
  return {
    query: (text, parameters) => client.query(text, [...parameters]),
    async script(text) {
      await client.query(text);
    },
  };
}
