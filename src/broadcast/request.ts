import type { Tree } from "../content/tree.ts";
import { BROADCAST_CHANNELS, type BroadcastChannel, type BroadcastContent } from "../core/broadcast.ts";
import type { TypedBroadcast } from "../core/broadcast-desk.ts";
import type { Locale, TopicId } from "../core/words.ts";
import { RefusedError } from "../locale/sentence.ts";

const DAY_MS = 86_400_000;

/** What somebody asks to be sent. */
export interface BroadcastRequest {
  readonly texts: Readonly<Record<Locale, string>>;
  readonly topic?: TopicId;
  readonly source?: string;
  /** Milliseconds since the epoch. */
  readonly until?: number;
  /** Ids of places.yaml; "all" means every one of them. */
  readonly places: readonly string[] | "all";
  /** Default: every language of the service. */
  readonly locales?: readonly Locale[];
  /** Default: both. */
  readonly channels?: readonly BroadcastChannel[];
  readonly sendAt?: number;
  readonly emergency?: boolean;
}

/** A request as content in one form: what is the same has the same hash. */
export function contentOf(tree: Tree, request: BroadcastRequest): BroadcastContent {
  const { texts, topic, source, until, sendAt, emergency = false } = request;
  const places = request.places === "all" ? tree.places.map(({ id }) => id) : [...new Set(request.places)];
  const trimmed = Object.entries(texts).map(([locale, text]) => [locale, text.normalize("NFC").trim()] as const);
  return {
    texts: Object.fromEntries(trimmed),
    audience: {
      places: places.toSorted(),
      locales: [...new Set(request.locales ?? tree.locales)].toSorted(),
      channels: [...new Set(request.channels ?? BROADCAST_CHANNELS)].toSorted(),
    },
    emergency,
    ...(topic !== undefined && { topic }),
    ...(source !== undefined && { source }),
    ...(until !== undefined && { until }),
    ...(sendAt !== undefined && { sendAt }),
  };
}

/**
 * What was typed, with its days and times by the clock of the first place.
 *
 * @throws RefusedError for a day or a time that cannot be read.
 */
export function requestOf(tree: Tree, typed: TypedBroadcast): BroadcastRequest {
  const { texts, places, locales, channels, topic, source, until, at, emergency } = typed;
  const zone = zoneOf(tree, places);
  return {
    texts,
    places: places.includes("all") ? "all" : places,
    ...(locales.length > 0 && { locales }),
    ...(channels.length > 0 && { channels }),
    ...(topic !== undefined && { topic }),
    ...(source !== undefined && { source }),
    ...(until !== undefined && { until: endOfDay(until, zone) }),
    ...(at !== undefined && { sendAt: momentIn(zone, at) }),
    ...(emergency && { emergency }),
  };
}

/** The same content as somebody would type it. */
export function typedOf(tree: Tree, content: BroadcastContent): TypedBroadcast {
  const { texts, audience, topic, source, until, sendAt, emergency } = content;
  const zone = zoneOf(tree, audience.places);
  return {
    ...{ texts, emergency, locales: audience.locales, channels: audience.channels },
    places: audience.places.length === tree.places.length ? ["all"] : audience.places,
    ...(topic !== undefined && { topic }),
    ...(source !== undefined && { source }),
    ...(until !== undefined && { until: shownIn(zone, until).slice(0, 10) }),
    ...(sendAt !== undefined && { at: shownIn(zone, sendAt).slice(0, 16).replace(" ", "T") }),
  };
}

/** IANA name: the clock by which the days and times of an audience are typed and shown. */
export function zoneOf(tree: Tree, places: readonly string[]): string {
  const first = places.includes("all") || places.length === tree.places.length ? tree.places[0]?.id : places[0];
  return tree.places.find(({ id }) => id === first)?.timeZone ?? "UTC";
}

/** 2026-12-01 09:30:00, as a clock of the time zone shows it. sv-SE writes dates and times as ISO 8601 does. */
export function shownIn(zone: string, at: number): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" }).format(at);
}

function endOfDay(day: string, zone: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)))
    throw new RefusedError("broadcast.refused.day");
  // A day with a change of the clocks has 23 or 25 hours.
  return momentIn(zone, `${new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10)}T00:00`) - 1;
}

/** The moment that a clock of a time zone shows, in milliseconds since the epoch. */
function momentIn(zone: string, time: string): number {
  const [, day, clock] = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})$/.exec(time) ?? [];
  const asUtc = Date.parse(`${day}T${clock}:00Z`);
  // V8 reads dates into almost anything: a time that is not written so is none.
  if (day === undefined || Number.isNaN(asUtc)) throw new RefusedError("broadcast.refused.time");
  const shown = (at: number) => Date.parse(`${shownIn(zone, at).replace(" ", "T")}Z`);
  // Twice: the first guess may lie on the other side of a change of the clocks.
  const guess = asUtc - (shown(asUtc) - asUtc);
  return guess - (shown(guess) - asUtc);
}
