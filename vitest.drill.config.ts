import { defineConfig } from "vitest/config";

/** The long fault drills: `npm run drill`. One after the other, for they measure nothing and load the machine. */
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
    fileParallelism: false,
  },
});
