import type { Migrations } from "@freehold/database";

export const memoryMigrations: Migrations = {
  room: "memory",
  directory: new URL("../migrations/", import.meta.url),
};
