import { foldForSms } from "../core/fold.ts";
import { countSegments } from "../core/segments.ts";
import type { Locale } from "../core/words.ts";
import type { Translate } from "../locale/translate.ts";
import { formatMonth } from "./answer.ts";
import { type DirectoryEntry, inLocale, type Place, type Tree } from "./tree.ts";

interface Point {
  readonly lat: number;
  readonly lon: number;
}

/** Septets: leaves room in two segments for one numbered choice and the way to 911. */
const BUDGET = 255;
const MAX_ENTRIES = 3;
/** Mean radius of the earth. */
const EARTH_KM = 6371;

/** The place nearest to a point on the map. The loader lets no tree through that has no places. */
export function nearestPlace(places: readonly Place[], point: Point): Place {
  return places.reduce((best, place) => (distanceKm(point, place) < distanceKm(point, best) ? place : best));
}

/**
 * Legal help for a place, as lines that fit two SMS segments: the groups that serve it, the most local first, else
 * those that serve the nearest place, else the lists that serve everywhere. A number is given only where it can be
 * called from there, with its country where that is not plain; else the web address.
 */
export function helpFor(tree: Tree, place: Place, locale: Locale, translate: Translate): string {
  const head = translate(locale, "directory.near", { place: inLocale(place.names, locale) });
  const lines = [head];
  for (const entry of legalHelpFor(tree, place)) {
    const line = lineFor(entry, place, locale, translate);
    if (line === undefined) continue;
    if (lines.length > MAX_ENTRIES || countSegments(foldForSms([...lines, line].join("\n"))).units > BUDGET) break;
    lines.push(line);
  }
  return lines.join("\n");
}

function legalHelpFor(tree: Tree, place: Place): DirectoryEntry[] {
  const legal = tree.directory.filter(({ kind }) => kind === "legal");
  const where = new Map(tree.places.map((known) => [known.id, known]));
  const distanceTo = ({ places }: DirectoryEntry) =>
    Math.min(...places.flatMap((id) => where.get(id) ?? []).map((served) => distanceKm(place, served)));
  const local = legal.filter(({ places }) => places.includes(place.id));
  const near = legal
    .filter(({ places }) => places.length > 0 && !places.includes(place.id))
    .sort((a, b) => distanceTo(a) - distanceTo(b));
  const everywhere = legal.filter(({ places }) => places.length === 0);
  const byReach = local.toSorted((a, b) => a.places.length - b.places.length);
  return local.length > 0 ? [...byReach, ...everywhere] : [...near.slice(0, 1), ...everywhere];
}

/** Undefined when nothing of the entry can be reached from the place. */
function lineFor(entry: DirectoryEntry, place: Place, locale: Locale, translate: Translate): string | undefined {
  // At a port nobody knows on which side of the line the person stands.
  const countries: readonly ("US" | "MX")[] = place.kind === "port" ? ["US", "MX"] : [place.country];
  const works = entry.reachableFrom.filter((country) => countries.includes(country));
  const phone = place.country === "MX" ? (entry.phoneFromMexico ?? entry.phone) : entry.phone;
  const address = entry.url?.replace(/^https:\/\/(www\.)?/, "").replace(/\/$/, "");
  const way = phone ?? address;
  if (works.length === 0 || way === undefined) return undefined;
  const country =
    works.length < countries.length
      ? `${works.map((code) => translate(locale, `directory.country.${code}`)).join()}: `
      : "";
  const seen =
    phone !== undefined && entry.showDate === true && entry.seen !== undefined
      ? ` (${translate(locale, "directory.seen", { date: formatMonth(entry.seen, locale) })})`
      : "";
  return `${entry.name}: ${country}${way}${seen}`;
}

/** Great-circle distance (haversine formula). */
function distanceKm(a: Point, b: Point): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const half = (from: number, to: number) => Math.sin(radians(to - from) / 2) ** 2;
  const h = half(a.lat, b.lat) + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * half(a.lon, b.lon);
  return 2 * EARTH_KM * Math.asin(Math.sqrt(Math.min(1, h)));
}
