import { expect, it } from "vitest";
import { RETENTION } from "../../src/privacy/retention.ts";

const HOUR_MS = 3_600_000;
const age = (rule: string) =>
  RETENTION.flatMap(({ keep }) => keep).flatMap((keep) =>
    keep !== "until" && keep.rule === rule ? keep.afterMs / HOUR_MS : [],
  );

it("keeps each thing as long as was promised", () => {
  expect(age("context")).toEqual([0.5]);
  expect(age("reply-text")).toEqual([0.5]);
  expect(age("reply-topic")).toEqual([24]);
  expect(age("deliveries")).toEqual([7 * 24]);
  expect(age("seen-messages")).toEqual([35 * 24]);
});

it("gives every entry an end, and an id of its own", () => {
  for (const { id, keep } of RETENTION) expect(keep.length, id).toBeGreaterThan(0);
  expect(new Set(RETENTION.map(({ id }) => id)).size).toBe(RETENTION.length);
});
