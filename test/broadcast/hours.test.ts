import { expect, test } from "vitest";
import { hoursIn } from "../../src/broadcast/hours.ts";

const utc = (text: string) => Date.parse(`${text}Z`);

test.each([
  [
    "before nine in the morning",
    "America/Tijuana",
    "2026-11-21T16:59:59",
    { open: false, opensAt: utc("2026-11-21T17:00:00") },
  ],
  ["at nine", "America/Tijuana", "2026-11-21T17:00:00", { open: true, until: utc("2026-11-22T04:00:00") }],
  [
    "ten minutes before eight in the evening",
    "America/Tijuana",
    "2026-11-22T03:50:00",
    { open: true, until: utc("2026-11-22T04:00:00") },
  ],
  [
    "later than that: a carrier takes time",
    "America/Tijuana",
    "2026-11-22T03:51:00",
    { open: false, opensAt: utc("2026-11-22T17:00:00") },
  ],
  [
    "the same moment in another zone",
    "America/Tegucigalpa",
    "2026-11-21T16:59:59",
    { open: true, until: utc("2026-11-22T02:00:00") },
  ],
  [
    "a zone with half an hour",
    "Asia/Kolkata",
    "2026-11-21T03:30:00",
    { open: true, until: utc("2026-11-21T14:30:00") },
  ],
])("%s", (_what, zone, now, hours) => {
  expect(hoursIn(zone, utc(now))).toEqual(hours);
});

test("in the summer a zone that changes its clocks opens an hour earlier by UTC", () => {
  expect(hoursIn("America/Los_Angeles", utc("2026-07-01T16:00:00"))).toMatchObject({ open: true });
  expect(hoursIn("America/Los_Angeles", utc("2026-12-01T16:00:00"))).toMatchObject({ open: false });
  // Sonora, like Arizona, does not change them.
  expect(hoursIn("America/Hermosillo", utc("2026-07-01T16:00:00"))).toMatchObject({ open: true });
  expect(hoursIn("America/Hermosillo", utc("2026-12-01T16:00:00"))).toMatchObject({ open: true });
});

test("a name that is no time zone is an error, and no time of day", () => {
  expect(() => hoursIn("Mars/Olympus", 0)).toThrow(RangeError);
});
