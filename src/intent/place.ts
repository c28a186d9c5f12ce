import type { Place } from "../content/tree.ts";
import { withinEdits } from "./edits.ts";
import { words } from "./normalise.ts";

export interface PlaceNamed {
  readonly place: Place;
  /** How many words of the text name it. */
  readonly length: number;
}

/** The place a text names, or undefined. The longest name wins; a name of six letters or more may hold one mistake. */
export function findPlace(text: string, places: readonly Place[]): Place | undefined {
  return namePlace(text, places)?.place;
}

/** As `findPlace`, with the number of words that name the place. */
export function namePlace(text: string, places: readonly Place[]): PlaceNamed | undefined {
  const tokens = words(text).slice(0, 150);
  if (tokens.length === 0) return undefined;
  const names = index(places);
  for (const exact of [true, false]) {
    for (let length = Math.min(6, tokens.length); length >= 1; length--) {
      for (let start = 0; start + length <= tokens.length; start++) {
        const said = tokens.slice(start, start + length).join(" ");
        const place = exact ? names.get(said) : nearly(said, names);
        if (place !== undefined) return { place, length };
      }
    }
  }
  return undefined;
}

const cache = new WeakMap<readonly Place[], ReadonlyMap<string, Place>>();

function index(places: readonly Place[]): ReadonlyMap<string, Place> {
  const known = cache.get(places);
  if (known !== undefined) return known;
  const names = new Map<string, Place>();
  for (const place of places) {
    const all = [
      ...Object.values(place.aliases).flat(),
      ...Object.values(place.names).flatMap((name) => [name, name.split(",")[0] ?? name]),
    ];
    for (const name of all) {
      const key = words(name).join(" ");
      if (key !== "" && !names.has(key)) names.set(key, place);
    }
  }
  cache.set(places, names);
  return names;
}

function nearly(said: string, names: ReadonlyMap<string, Place>): Place | undefined {
  if (said.length < 6) return undefined;
  for (const [name, place] of names) {
    if (name.length >= 6 && name[0] === said[0] && withinEdits(name, said, 1)) return place;
  }
  return undefined;
}
