/**
 * Nobody is written to outside these hours of their place's clock. The law allows 8 in the morning to 9 at night
 * (47 CFR 64.1200(c)(1)); an hour is left at either end, for a phone may be in another zone than the place.
 */
const OPENS_MINUTE = 9 * 60;
const CLOSES_MINUTE = 20 * 60;
const DAY_MINUTES = 24 * 60;
const MINUTE_MS = 60_000;
/** Not worth beginning: the carrier may take this long. */
const LEAST_LEFT_MS = 10 * MINUTE_MS;

/** Either open until a moment, or closed until one. In milliseconds since the epoch. */
export type Hours =
  | { readonly open: true; readonly until: number }
  | { readonly open: false; readonly opensAt: number };

/**
 * Whether people of a time zone may be written to now.
 *
 * @throws RangeError when it is no IANA name.
 */
export function hoursIn(timeZone: string, now: number): Hours {
  const parts = new Intl.DateTimeFormat("en", { timeZone, hour: "numeric", minute: "numeric", hourCycle: "h23" })
    .formatToParts(now)
    .map(({ type, value }) => [type, Number(value)] as const);
  const clock = Object.fromEntries(parts);
  const minute = (clock["hour"] ?? 0) * 60 + (clock["minute"] ?? 0);
  const thisMinute = now - (now % MINUTE_MS);
  const at = (target: number) => thisMinute + (target - minute) * MINUTE_MS;
  const until = at(CLOSES_MINUTE);
  if (minute >= OPENS_MINUTE && until - now >= LEAST_LEFT_MS) return { open: true, until };
  return { open: false, opensAt: at(minute < OPENS_MINUTE ? OPENS_MINUTE : OPENS_MINUTE + DAY_MINUTES) };
}
