import type { Migrations } from "@freehold/database";

export const toolsMigrations: Migrations = { room: "tools", directory: new URL("../migrations/", import.meta.url) };
