import fc from "fast-check";
import { expect, test } from "vitest";
import { contentHash } from "../../src/broadcast/content-hash.ts";
import { contentOf, requestOf, typedOf } from "../../src/broadcast/request.ts";
import type { TypedBroadcast } from "../../src/core/broadcast-desk.ts";
import { TEXTS, tree } from "./fixture.ts";

const TYPED: TypedBroadcast = { texts: TEXTS, places: ["tijuana"], locales: [], channels: [], emergency: false };
const sendAt = (change: Partial<TypedBroadcast>) => {
  const at = requestOf(tree, { ...TYPED, ...change }).sendAt;
  return at === undefined ? undefined : new Date(at).toISOString();
};

test.each([
  ["in winter", "tijuana", "2026-12-01T09:30", "2026-12-01T17:30:00.000Z"],
  ["in summer", "tijuana", "2026-07-01T09:30", "2026-07-01T16:30:00.000Z"],
  ["where the clocks do not change", "nogales-sonora", "2026-07-01T09:30", "2026-07-01T16:30:00.000Z"],
  ["on the morning the clocks go forward", "tijuana", "2026-03-08T03:30", "2026-03-08T10:30:00.000Z"],
  ["on the morning they go back, after it", "tijuana", "2026-11-01T02:30", "2026-11-01T10:30:00.000Z"],
])("a time is meant by the clock of its first place, %s", (_when, place, at, utc) => {
  expect(sendAt({ places: [place], at })).toBe(utc);
});

test("a last day ends with its last millisecond there, also on a day of 25 hours", () => {
  const until = (day: string) => new Date(requestOf(tree, { ...TYPED, until: day }).until ?? 0).toISOString();
  expect(until("2026-12-31")).toBe("2027-01-01T07:59:59.999Z");
  expect(until("2026-11-01")).toBe("2026-11-02T07:59:59.999Z");
});

test("what was typed comes back as it was, whatever the day and the place, and means the same", () => {
  const day = fc.date({ min: new Date("2026-01-01"), max: new Date("2027-12-31"), noInvalidDate: true });
  const place = fc.constantFrom(...tree.places.map(({ id }) => id));
  fc.assert(
    fc.property(day, place, fc.integer({ min: 4, max: 23 }), fc.boolean(), (date, id, hour, emergency) => {
      const typed = {
        ...{ ...TYPED, emergency, places: [id] },
        until: date.toISOString().slice(0, 10),
        at: `${date.toISOString().slice(0, 10)}T${String(hour).padStart(2, "0")}:15`,
      };
      const content = contentOf(tree, requestOf(tree, typed));
      const again = typedOf(tree, content);
      expect(again).toMatchObject({ places: [id], until: typed.until, at: typed.at, emergency });
      expect(contentHash(contentOf(tree, requestOf(tree, again)))).toBe(contentHash(content));
    }),
    { numRuns: 200 },
  );
});

test("every place is typed as all of them", () => {
  const content = contentOf(tree, requestOf(tree, { ...TYPED, places: ["all"] }));
  expect(content.audience.places).toHaveLength(tree.places.length);
  expect(typedOf(tree, content).places).toEqual(["all"]);
});
