import type { Clock, NewId } from "@freehold/core";
import type { Database } from "@freehold/database";
import type { InScope } from "../in-scope.ts";

/** What every store of one scope works with. */
export interface StoreContext {
  readonly db: Database;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly scope: string;
  readonly inScope: InScope;
}
