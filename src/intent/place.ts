import type { Lexicon, Place, Tree } from "../content/tree.ts";
import { withinOneEdit } from "./edits.ts";
import { spelledOut, words } from "./normalise.ts";

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
  const names = index(places);
  return (
    longest(
      tokens,
      (token) => names.firstWords.has(token),
      (said) => names.exact.get(said),
    ) ??
    longest(
      tokens,
      (token) => names.byInitial.has(token.charAt(0)),
      (said) => nearly(said, names),
    )
  );
}

/** "estoy en el paso", "we r in nogales": the place, where a text says where somebody is and nothing else; or undefined. */
export function onlyPlace(text: string, tree: Pick<Tree, "places" | "lexicon">): Place | undefined {
  const said = spelledOut(text, tree.lexicon);
  if (said.length === 0 || said.length > LONGEST_NAME + LONGEST_FRAME) return undefined;
  const named = namePlace(text, tree.places);
  const frame = frameWords(tree.lexicon);
  return named !== undefined && said.filter((word) => !frame.has(word)).length <= named.length
    ? named.place
    : undefined;
}

/** In words: a longer aside tells more than where somebody is. */
const LONGEST_FRAME = 4;

const frames = new WeakMap<Lexicon, ReadonlySet<string>>();

/** The words of the lexicon's short asides around a place: "estoy en {place}", "here in {place}". */
function frameWords(lexicon: Lexicon): ReadonlySet<string> {
  const known = frames.get(lexicon);
  if (known !== undefined) return known;
  const asides = Object.values(lexicon.asides ?? {}).flatMap(({ before, after }) => [...before, ...after]);
  const around = asides
    .filter((aside) => aside.includes("{place}"))
    .map((aside) => words(aside.replace("{place}", " ")));
  const frame = new Set(around.filter((list) => list.length <= LONGEST_FRAME).flat());
  frames.set(lexicon, frame);
  return frame;
}

/** The longest run of words that begins as a name may and that `look` knows. */
function longest(
  tokens: readonly string[],
  mayBegin: (token: string) => boolean,
  look: (said: string) => Place | undefined,
): PlaceNamed | undefined {
  const starts = tokens.flatMap((token, start) => (mayBegin(token) ? [start] : []));
  for (let length = Math.min(LONGEST_NAME, tokens.length); length >= 1; length--) {
    for (const start of starts) {
      if (start + length > tokens.length) continue;
      const place = look(tokens.slice(start, start + length).join(" "));
      if (place !== undefined) return { place, length };
    }
  }
  return undefined;
}

/** In words. */
const LONGEST_NAME = 6;
/** In letters: a shorter name with a slip is often another word. */
const SHORTEST_WITH_SLIP = 6;

interface Names {
  readonly exact: ReadonlyMap<string, Place>;
  readonly firstWords: ReadonlySet<string>;
  /** Those that may hold a slip, by their first letter, which may not be it. */
  readonly byInitial: ReadonlyMap<string, readonly (readonly [string, Place])[]>;
}

const cache = new WeakMap<readonly Place[], Names>();

function index(places: readonly Place[]): Names {
  const known = cache.get(places);
  if (known !== undefined) return known;
  const exact = new Map<string, Place>();
  for (const place of places) {
    const all = [
      ...Object.values(place.aliases).flat(),
      ...Object.values(place.names).flatMap((name) => [name, name.split(",")[0] ?? name]),
    ];
    for (const name of all) {
      const key = words(name).join(" ");
      if (key !== "" && !exact.has(key)) exact.set(key, place);
    }
  }
  const firstWords = new Set([...exact.keys()].map((name) => name.split(" ")[0] ?? name));
  const long = [...exact].filter(([name]) => name.length >= SHORTEST_WITH_SLIP);
  const names = { exact, firstWords, byInitial: Map.groupBy(long, ([name]) => name.charAt(0)) };
  cache.set(places, names);
  return names;
}

function nearly(said: string, { byInitial }: Names): Place | undefined {
  if (said.length < SHORTEST_WITH_SLIP) return undefined;
  return byInitial.get(said.charAt(0))?.find(([name]) => withinOneEdit(name, said))?.[1];
}
