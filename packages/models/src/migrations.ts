import type { Migrations } from "@freehold/database";

export const modelsMigrations: Migrations = { room: "models", directory: new URL("../migrations/", import.meta.url) };
