import fc from "fast-check";
import { expect, test } from "vitest";
import { changedLines } from "../../src/content/changes.ts";

test("names the lines that were taken out and put in, in their place", () => {
  expect(changedLines("a\nb\nc\n", "a\nB\nc\nd\n")).toEqual([
    { kind: "same", line: "a" },
    { kind: "removed", line: "b" },
    { kind: "added", line: "B" },
    { kind: "same", line: "c" },
    { kind: "added", line: "d" },
  ]);
});

test("line ends of another machine are no change", () => {
  expect(changedLines("a\r\nb\r\n", "a\nb\n").every(({ kind }) => kind === "same")).toBe(true);
});

test("without what was added it is the old text, without what was removed the new one", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const changes = changedLines(before.join("\n"), after.join("\n"));
      const without = (kind: string) => changes.filter((one) => one.kind !== kind).map(({ line }) => line);
      expect([without("added"), without("removed")]).toEqual([before, after]);
    }),
  );
});
