export { fakeClock, type FakeClock } from "./fake-clock.ts";
export { postgresDatabase, type PostgresTestDatabase } from "./postgres-database.ts";
export { seededIds, seededRandom } from "./seeded.ts";
export { testDatabase, type TestDatabase } from "./test-database.ts";
export { verifies } from "./verifies.ts";
export { directDoor } from "./models/direct-door.ts";
export { fakeEngine, ollamaReply, type FakeEngine, type FakeReply, type FakeRequest } from "./models/fake-engine.ts";
export {
  labEngines,
  startLlamaServer,
  startOllama,
  type LabEngines,
  type RunningEngine,
  type RunningOllama,
} from "./models/lab-engines.ts";
