import fc from "fast-check";
import { expect, it } from "vitest";
import type { Count } from "../../src/core/stores.ts";
import { insightsOf } from "../../src/privacy/insights.ts";

function count(change: Partial<Count>): Count {
  return {
    day: "2026-11-21",
    topic: "about/puente",
    locale: "es",
    channel: "sms",
    place: "",
    outcome: "answer",
    n: 1,
    ...change,
  };
}

it("counts by one thing at a time and hides what is small", () => {
  const tables = insightsOf([
    count({ topic: "a/a", n: 40 }),
    count({ topic: "a/b", n: 4, locale: "en" }),
    count({ topic: "a/c", n: 3 }),
    count({ topic: "a/d", n: 9, day: "2026-11-20" }),
  ]);
  expect(tables.find(({ by }) => by === "topic")).toEqual({
    by: "topic",
    cells: [
      { value: "a/a", n: 40 },
      { value: "a/d", n: 9 },
    ],
    other: 7,
  });
  // Four in English alone could be had by subtraction, so Spanish is hidden with them.
  expect(tables.find(({ by }) => by === "locale")).toEqual({ by: "locale", cells: [], other: 56 });
  expect(tables.find(({ by }) => by === "day")?.cells.map(({ value }) => value)).toEqual(["2026-11-20", "2026-11-21"]);
});

it("says nothing of a handful", () => {
  for (const { cells, other } of insightsOf([count({ n: 4 })])) expect([cells, other]).toEqual([[], 0]);
});

it("never shows a cell, or a rest, of one to four", () => {
  const any = fc.record({
    day: fc.constantFrom("2026-11-20", "2026-11-21"),
    topic: fc.constantFrom("a/a", "a/b", "a/c", ""),
    locale: fc.constantFrom("es", "en", "ht"),
    place: fc.constantFrom("", "tijuana"),
    n: fc.integer({ min: 1, max: 12 }),
  });
  fc.assert(
    fc.property(fc.array(any), (counts) => {
      const tables = insightsOf(counts.map(count));
      const total = counts.reduce((sum, { n }) => sum + n, 0);
      for (const { cells, other } of tables) {
        const shown = cells.reduce((sum, { n }) => sum + n, 0);
        for (const { n } of cells) expect(n).toBeGreaterThanOrEqual(5);
        expect(other === 0 || other >= 5).toBe(true);
        expect(total - shown === 0 || total - shown >= 5 || cells.length === 0).toBe(true);
      }
    }),
  );
});
