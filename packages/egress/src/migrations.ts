import type { Migrations } from "@freehold/database";

export const egressMigrations: Migrations = { room: "egress", directory: new URL("../migrations/", import.meta.url) };
