import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/drill/**"],
    globalSetup: ["test/support/trained-model.ts", "test/support/postgres-global.ts"],
    setupFiles: ["test/support/loopback-only.ts"],
    // Services in processes of their own start slowly on two busy cores; a test that waits this long has failed.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    expect: { poll: { timeout: 20_000 } },
    // Services, a browser and a Postgres share two cores: where nobody watches, a test that starved runs again.
    retry: process.env["CI"] === undefined ? 0 : 2,
    // Child processes and a browser share two cores with the tests.
    maxWorkers: 2,
  },
});
