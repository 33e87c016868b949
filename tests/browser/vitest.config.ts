import { defineConfig } from "vitest/config";

/** The page in real Chromium, against the fixture server. Needs `apps/web/dist`: `pnpm --filter @freehold/app-web build`. */
export default defineConfig({
  test: {
    include: ["tests/browser/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
    pool: "forks",
    globalSetup: ["tests/browser/build-web.ts"],
  },
});
