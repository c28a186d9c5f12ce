import type { TestProject } from "vitest/node";
import { startPostgres } from "./postgres-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A server that the whole run shares; each test makes databases of its own in it. */
    postgres: { readonly url: string; readonly dataDir: string };
  }
}

/** One real Postgres for a run of tests. It is never skipped: both databases keep the same promises. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres({ durable: false });
  project.provide("postgres", { url: server.url, dataDir: server.dataDir });
  return () => server.stop();
}
