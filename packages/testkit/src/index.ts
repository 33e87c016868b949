export { fakeClock, type FakeClock } from "./fake-clock.ts";
export { postgresDatabase, type PostgresTestDatabase } from "./postgres-database.ts";
export { seededIds, seededRandom } from "./seeded.ts";
export { testDatabase, type TestDatabase } from "./test-database.ts";
export { verifies } from "./verifies.ts";
