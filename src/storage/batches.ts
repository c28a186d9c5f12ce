import { setImmediate } from "node:timers/promises";
import type { Kysely } from "kysely";
import type { StoreContext, TransactionScope } from "./context.ts";
import type { Tables } from "./tables.ts";

interface Waiting<T, R> {
  readonly item: T;
  readonly done: PromiseWithResolvers<R>;
}

/**
 * Lets calls that come at the same time share one transaction: what arrives while one is under way goes into the next.
 * Nobody waits for company. Where a transaction fails, each of its items is tried alone, so that one that cannot be
 * written stops no other.
 *
 * @param work All or nothing of the items, with their results in the same order.
 */
export function createBatches<T, R>(
  context: Pick<StoreContext, "db" | "atomic">,
  atMost: number,
  work: (db: Kysely<Tables>, scope: TransactionScope, items: readonly T[]) => Promise<readonly R[]>,
): (item: T) => Promise<R> {
  const waiting: Waiting<T, R>[] = [];
  let running = false;

  async function run(batch: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const items = batch.map(({ item }) => item);
      const results = await context.atomic((db, scope) => work(db, scope, items));
      for (const [index, { done }] of batch.entries()) done.resolve(results[index] as R);
    } catch (error) {
      if (batch.length > 1) await Promise.all(batch.map((one) => run([one])));
      else for (const { done } of batch) done.reject(error);
    }
  }

  async function runAll(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      // What the same turn of the event loop brings comes along.
      await setImmediate();
      await run(waiting.splice(0, atMost));
    }
    running = false;
  }

  return async (item) => {
    // Throws here, for this caller alone, where the stores of an open transaction should have been used.
    context.db();
    const done = Promise.withResolvers<R>();
    waiting.push({ item, done });
    if (!running) void runAll();
    return done.promise;
  };
}
