import { defineConfig } from "vitest/config";

/** The long fault drills: `npm run drill`. Two side by side: most of their time is waiting for leases to run out. */
export default defineConfig({
  test: {
    include: ["test/drill/**/*.test.ts"],
    globalSetup: ["test/support/trained-model.ts", "test/support/postgres-global.ts"],
    setupFiles: ["test/support/loopback-only.ts"],
    testTimeout: 600_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    // The last net, where nobody watches. Tests wait for what they look at, and each makes what it changes: none needs it.
    retry: process.env["CI"] === undefined ? 0 : 2,
    maxWorkers: 2,
  },
});
