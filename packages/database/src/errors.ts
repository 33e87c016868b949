import { defineErrors } from "@freehold/core";

export const databaseErrors = defineErrors({
  DATA_DIR_IN_USE: {
    status: 409,
    message: (data) =>
      `The data directory ${String(data["directory"])} is in use by process ${String(data["pid"] ?? "(unknown)")}.`,
    next: "Stop that process first, or set FREEHOLD_HOME to another directory; two writers would lose data.",
  },
  DATA_DIR_UNUSABLE: {
    status: 500,
    message: (data) => `The data directory ${String(data["directory"])} cannot be used: ${String(data["problem"])}.`,
    next: "Make sure that the directory exists on a disk with free space and that you may write to it.",
  },
  DATABASE_UNREACHABLE: {
    status: 503,
    message: (data) => `The database does not answer: ${String(data["problem"])}.`,
    next: "Check that Postgres is running and that DATABASE_URL is right, then start again.",
  },
  DATABASE_CLOSED: {
    status: 503,
    audience: "local",
    message: "The database has been closed.",
    next: "Start the service again; if it stopped by itself, the log says why.",
  },
  DATABASE_NEWER: {
    status: 500,
    message: (data) =>
      `The database was written by a newer version: it knows migration ${String(data["migration"])}, and this program does not.`,
    next: "Start the newer version, or restore the backup that was made before the upgrade.",
  },
  DATABASE_MIGRATION_CHANGED: {
    status: 500,
    message: (data) => `Migration ${String(data["migration"])} is not the one that this database was built with.`,
    next: "Use an unchanged release; a migration that was applied once is never edited.",
  },
  DATABASE_MIGRATION_FAILED: {
    status: 500,
    message: (data) => `Migration ${String(data["migration"])} failed: ${String(data["problem"])}`,
    next: "Nothing of it was kept. Restore the version that ran before, and report this message.",
  },
  DATABASE_MIGRATION_INVALID: {
    status: 500,
    audience: "local",
    message: (data) =>
      `The migrations of ${String(data["room"])} are not numbered 001, 002, …: ${String(data["file"])}`,
    next: "Report this: the release is broken.",
  },
  DATABASE_OWNER_NEEDED: {
    status: 500,
    message: (data) =>
      `The database lacks migration ${String(data["migration"])}, and the service role may not apply it.`,
    next: "Set DATABASE_OWNER_URL to a role that owns the schemas, then start again.",
  },
  DATABASE_EXTENSION_MISSING: {
    status: 500,
    message: (data) => `Postgres has no extension "${String(data["extension"])}": ${String(data["problem"])}`,
    next: "Install pgvector for your Postgres (Debian: postgresql-17-pgvector) and start again.",
  },
  DATABASE_ROLE_UNSAFE: {
    status: 500,
    message: (data) => `The database role ${String(data["role"])} could pass row security: ${String(data["problem"])}.`,
    next: "Let DATABASE_URL log in as freehold_app, a role without superuser, BYPASSRLS or ownership of the schemas.",
  },
  DATABASE_TX_FORGOTTEN: {
    status: 500,
    audience: "local",
    message: "A query ran outside the transaction that is open around it.",
    next: "Report this: the embedded database would wait for itself for ever.",
  },
  DATABASE_TX_ENDED: {
    status: 500,
    audience: "local",
    message: "A query came for a transaction that has already ended.",
    next: "Report this: a step went on after its transaction.",
  },
});
