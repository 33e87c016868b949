import type { Migrations } from "@freehold/database";

export const runtimeMigrations: Migrations = {
  room: "runtime",
  directory: new URL("../migrations/", import.meta.url),
};
