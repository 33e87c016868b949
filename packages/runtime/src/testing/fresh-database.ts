import { testDatabase, type TestDatabase } from "@freehold/testkit";
import { runtimeMigrations } from "../migrations.ts";
import { fixtureMigrations } from "./turn-store.ts";

export const testMigrations = [runtimeMigrations, fixtureMigrations];

export function freshDatabase(): Promise<TestDatabase> {
  return testDatabase(testMigrations);
}
