export { sql, type RawBuilder } from "kysely";
export type { Database } from "./database.ts";
export { lockDirectory, type DirectoryLock } from "./directory-lock.ts";
export { databaseErrors } from "./errors.ts";
export { json } from "./json-parameter.ts";
export type { Migrations } from "./migrations.ts";
export { createSnapshot, migrationsFingerprint, openDatabase, type DatabaseConfig, type DatabaseDeps } from "./open.ts";
export { isUniqueViolation, sqlState } from "./sql-state.ts";
