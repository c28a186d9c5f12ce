import { expect, it } from "vitest";
import { createBatches } from "../../src/storage/batches.ts";
import type { StoreContext } from "../../src/storage/context.ts";

/** Transactions that are only counted. */
function batchesOf(atMost: number, work: (items: readonly number[]) => readonly string[]) {
  const transactions: (readonly number[])[] = [];
  const context = {
    db: () => undefined as never,
    atomic: (run) => run(undefined as never, undefined as never),
  } satisfies Pick<StoreContext, "db" | "atomic">;
  const write = createBatches(context, atMost, async (_, __, items: readonly number[]) => {
    transactions.push(items);
    return work(items);
  });
  return { write, transactions };
}

const named = (items: readonly number[]) => items.map((item) => `item ${item}`);

it("what comes at the same time is written together, and each caller gets its own result", async () => {
  const { write, transactions } = batchesOf(3, named);
  expect(await Promise.all([1, 2, 3, 4].map(write))).toEqual(["item 1", "item 2", "item 3", "item 4"]);
  expect(await write(5)).toBe("item 5");
  expect(transactions).toEqual([[1, 2, 3], [4], [5]]);
});

it("one item that cannot be written fails alone", async () => {
  const { write } = batchesOf(10, (items) => {
    if (items.includes(2)) throw new Error("2 is damaged");
    return named(items);
  });
  const results = await Promise.allSettled([1, 2, 3].map(write));
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});
