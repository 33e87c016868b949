import type { Tx } from "@freehold/core";
import { sql, type Database } from "@freehold/database";

/** Runs the body in a transaction (the caller's, when there is one) in which row security lets this scope through. */
export type InScope = <T>(tx: Tx | undefined, body: (tx: Tx) => Promise<T>) => Promise<T>;

export function createInScope(db: Database, scope: string): InScope {
  const inScope: InScope = async (tx, body) => {
    if (tx === undefined) return db.transaction((own) => inScope(own, body));
    await db.run(sql`select set_config('freehold.scope', ${scope}, true)`, tx);
    return body(tx);
  };
  return inScope;
}
