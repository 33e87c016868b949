import type { Clock } from "@freehold/core";
import { sql, type Database } from "@freehold/database";

/** The owner's choice of a model, kept over restarts when there is a database. */
export interface Selection {
  get(): Promise<string | null>;
  set(modelId: string): Promise<void>;
}

export function createSelection(db: Database | undefined, clock: Clock): Selection {
  if (db === undefined) return memorySelection();
  return {
    async get() {
      const rows = await db.run(sql<{ model_id: string }>`select model_id from models.selection`);
      return rows[0]?.model_id ?? null;
    },
    async set(modelId) {
      await db.run(sql`
        insert into models.selection (id, model_id, chosen_at) values (1, ${modelId}, ${clock.now()})
        on conflict (id) do update set model_id = excluded.model_id, chosen_at = excluded.chosen_at`);
    },
  };
}

function memorySelection(): Selection {
  let chosen: string | null = null;
  return {
    get: () => Promise.resolve(chosen),
    set: (modelId) => {
      chosen = modelId;
      return Promise.resolve();
    },
  };
}
