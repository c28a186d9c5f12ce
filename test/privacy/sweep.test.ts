import { expect, it } from "vitest";
import type { PurgeRule } from "../../src/core/stores.ts";
import { RETENTION } from "../../src/privacy/retention.ts";
import { createSweep } from "../../src/privacy/sweep.ts";
import { testClock } from "../support/clock.ts";

const rules = RETENTION.flatMap(({ keep }) => keep).flatMap((keep) => (keep === "until" ? [] : keep));

it("asks for every rule of the table at its own age until nothing is left", async () => {
  const clock = testClock();
  const asked: [PurgeRule, number][] = [];
  const left = new Map<PurgeRule, number>([["deliveries", 2_300]]);
  const purge = async (rule: PurgeRule, before: number) => {
    asked.push([rule, before]);
    const step = Math.min(1_000, left.get(rule) ?? 0);
    left.set(rule, (left.get(rule) ?? 0) - step);
    return step;
  };
  expect(await createSweep({ stores: { retention: { purge } }, clock })()).toEqual(new Map([["deliveries", 2_300]]));
  const once = [...new Map(asked)];
  expect(once).toEqual(rules.map(({ rule, afterMs }) => [rule, clock.now() - afterMs]));
  expect(asked).toHaveLength(rules.length + 3);
});

it("goes on with the other rules when one fails, and then says so", async () => {
  const asked: PurgeRule[] = [];
  const purge = async (rule: PurgeRule) => {
    asked.push(rule);
    if (rule === "context") throw new Error("disk");
    return 0;
  };
  const sweep = createSweep({ stores: { retention: { purge } }, clock: testClock() });
  await expect(sweep()).rejects.toThrow("disk");
  expect(asked).toEqual(rules.map(({ rule }) => rule));
});
