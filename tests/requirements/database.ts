import { defineRequirements } from "../requirements.ts";

const guide = "docs/architecture.md#database";

export const databaseRequirements = defineRequirements({
  "database.row-security.binds": {
    source: guide,
    behavior:
      "The service works as a role that row security binds on every pooled connection, and cannot become another.",
  },
  "database.row-security.safe-role": {
    source: guide,
    behavior: "The start fails when the service's login is a superuser, has BYPASSRLS or owns a schema.",
    break: {
      file: "packages/database/src/row-security.ts",
      find: "if (problem !== null) throw",
      replace: "if (role === problem) throw",
    },
  },
  "database.lock.one-process": {
    source: guide,
    behavior: "A data directory belongs to one process at a time; the lock names its holder and dies with it.",
    break: {
      file: "packages/database/src/directory-lock.ts",
      find: "pragma locking_mode = exclusive; ",
      replace: "",
    },
  },
});
