import { defineConfig } from "vitest/config";

/** The long fault drills: `npm run drill`. Two side by side: most of their time is waiting for leases to run out. */
export default defineConfig({
  test: {
    include: ["test/drill/**/*.test.ts"],
    globalSetup: ["test/support/trained-model.ts", "test/support/postgres-global.ts"],
    setupFiles: ["test/support/loopback-only.ts"],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    // Services, a browser and a Postgres share two cores: where nobody watches, a test that starved runs again.
    retry: process.env["CI"] === undefined ? 0 : 2,
    maxWorkers: 2,
  },
});
