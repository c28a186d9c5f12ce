import type { BroadcastRequest } from "../broadcast/broadcasts.ts";
import type { Tree } from "../content/tree.ts";
import type { BroadcastChannel } from "../core/broadcast.ts";
import { OperatorError } from "../core/errors.ts";

const DAY_MS = 86_400_000;

/** A broadcast's content as typed. */
export interface ContentOptions {
  /** `locale=text`, one for each language. */
  readonly text: readonly string[];
  readonly place: readonly string[];
  readonly locale: readonly string[];
  readonly channel: readonly BroadcastChannel[];
  readonly topic?: string;
  readonly source?: string;
  readonly until?: string;
  readonly at?: string;
  readonly emergency?: boolean;
}

/** @throws OperatorError for what cannot be read. */
export function requestFrom(options: ContentOptions, tree: Tree): BroadcastRequest {
  const { text, place, locale, channel, topic, source, until, at, emergency } = options;
  const zone = tree.places.find(({ id }) => id === place[0])?.timeZone ?? "UTC";
  return {
    texts: Object.fromEntries(text.map(localeAndText)),
    places: place.includes("all") ? "all" : place,
    ...(locale.length > 0 && { locales: locale }),
    ...(channel.length > 0 && { channels: channel }),
    ...(topic !== undefined && { topic }),
    ...(source !== undefined && { source }),
    ...(until !== undefined && { until: endOfDay(until, zone) }),
    ...(at !== undefined && { sendAt: momentIn(zone, at) }),
    ...(emergency && { emergency }),
  };
}

function localeAndText(text: string): readonly [string, string] {
  const [, locale, words] = /^([a-z]{2,3}(?:-[A-Za-z]+)?)=(.*)$/s.exec(text) ?? [];
  if (locale === undefined || words === undefined)
    throw new OperatorError(`--text is written as es="...", with the language before the text.`);
  return [locale, words];
}

function endOfDay(day: string, zone: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)))
    throw new OperatorError("--until is written as 2026-12-31.");
  return momentIn(zone, `${day}T00:00`) + DAY_MS - 1;
}

/**
 * The moment that a clock of a time zone shows, in milliseconds since the epoch.
 *
 * @throws OperatorError when it is not written as 2026-12-01T09:30.
 */
function momentIn(zone: string, time: string): number {
  const [, day, clock] = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})$/.exec(time) ?? [];
  const asUtc = Date.parse(`${day}T${clock}:00Z`);
  if (Number.isNaN(asUtc))
    throw new OperatorError("--at is written as 2026-12-01T09:30, by the clock of the first place.");
  const shown = (at: number) => {
    // sv-SE writes dates and times as ISO 8601 does.
    const text = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" }).format(
      at,
    );
    return Date.parse(`${text.replace(" ", "T")}Z`);
  };
  // Twice: the first guess may lie on the other side of a change of the clocks.
  const guess = asUtc - (shown(asUtc) - asUtc);
  return guess - (shown(guess) - asUtc);
}
