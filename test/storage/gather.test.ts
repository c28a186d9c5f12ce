import { expect, it } from "vitest";
import { gather } from "../../src/storage/gather.ts";

/** Work that is only counted. */
function gathered(atMost: number, work: (items: readonly number[]) => readonly string[]) {
  const groups: (readonly number[])[] = [];
  const write = gather(atMost, async (items: readonly number[]) => {
    groups.push(items);
    return work(items);
  });
  return { write, groups };
}

const named = (items: readonly number[]) => items.map((item) => `item ${item}`);

it("what comes at the same time is worked on together, and each caller gets its own result", async () => {
  const { write, groups } = gathered(3, named);
  expect(await Promise.all([1, 2, 3, 4].map(write))).toEqual(["item 1", "item 2", "item 3", "item 4"]);
  expect(await write(5)).toBe("item 5");
  expect(groups).toEqual([[1, 2, 3], [4], [5]]);
});

it("one item that cannot be written fails alone", async () => {
  const { write } = gathered(10, (items) => {
    if (items.includes(2)) throw new Error("2 is damaged");
    return named(items);
  });
  const results = await Promise.allSettled([1, 2, 3].map(write));
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});
