import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/drill/**"],
    globalSetup: ["test/support/trained-model.ts", "test/support/postgres-global.ts"],
    setupFiles: ["test/support/loopback-only.ts"],
    // Services in processes of their own start slowly on two busy cores; a test that waits this long has failed.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    // The last net, where nobody watches. Tests wait for what they look at, and each makes what it changes: none needs it.
    retry: process.env["CI"] === undefined ? 0 : 2,
    // Child processes and a browser share two cores with the tests.
    maxWorkers: 2,
  },
});
