import type { Lexicon } from "../content/tree.ts";
import { createHashTable } from "./hash-table.ts";
import { spelledOut, squeeze } from "./normalise.ts";

/**
 * What is read off an utterance: features as 32-bit hashes (later: rows of a vocabulary), none twice, each with its weight;
 * the weights have length 1. The first `count` places of both lists are meant.
 */
export interface Features {
  readonly indexes: Uint32Array;
  readonly values: Float32Array;
  readonly count: number;
}

/** Reads features off texts. Made once per lexicon; keeps no text. What it read is good until it reads again. */
export interface FeatureReader {
  read(text: string): Features;
}

/** How much each kind of feature weighs before the whole is scaled to length 1. Compared in docs/answering.md. */
const WEIGHT = { word: 1, pair: 0.7, gram: 0.35, concept: 0.7, conceptPair: 0.5 };
const GRAM = { from: 3, to: 5, longestWord: 24 };
/** Nobody asks one question in more words. */
const LONGEST = 120;
/** So many words are remembered while learning: those of the examples, but not every slip that training invents. */
const REMEMBERED = 30_000;

/** What one word says by itself. */
interface WordFeatures {
  readonly sound: string;
  readonly word: number;
  readonly grams: readonly number[];
  readonly concepts: readonly string[];
}

/**
 * Words, word pairs, runs of 3 to 5 letters inside words, concepts of the lexicon and pairs of them: all on words as they
 * sound, with texting forms written out. With `learning`, words are remembered, which is ten times faster over many
 * texts; a reader of what people write must remember nothing.
 */
export function createFeatureReader(lexicon: Lexicon, learning = false): FeatureReader {
  const conceptsOf = createConceptFinder(lexicon);
  const readWord = (word: string): WordFeatures => {
    const sound = squeeze(word);
    const padded = `_${sound.slice(0, GRAM.longestWord)}_`;
    const grams: number[] = [];
    for (let n = GRAM.from; n <= GRAM.to; n++) {
      for (let j = 0; j + n <= padded.length; j++) grams.push(mixed(hash(seed(4), padded, j, j + n)));
    }
    return { sound, word: mixed(hash(seed(1), sound)), grams, concepts: conceptsOf(sound) };
  };
  const features = learning ? remembering(readWord) : readWord;
  const table = createHashTable();
  let weights = new Float64Array(512);
  let values = new Float32Array(512);
  const add = (feature: number, weight: number) => {
    const n = table.add(feature);
    if (n >= weights.length) {
      const more = new Float64Array(weights.length * 2);
      more.set(weights);
      weights = more;
      values = new Float32Array(more.length);
    }
    if ((weights[n] as number) < weight) weights[n] = weight;
  };
  return {
    read(text) {
      table.clear();
      weights.fill(0);
      const read = spelledOut(text, lexicon).slice(0, LONGEST).map(features);
      const concepts = new Set<string>();
      for (let i = 0; i < read.length; i++) {
        const word = read[i] as WordFeatures;
        add(word.word, WEIGHT.word);
        const next = read[i + 1];
        if (next !== undefined) add(pair(2, word.sound, next.sound), WEIGHT.pair);
        for (const gram of word.grams) add(gram, WEIGHT.gram);
        for (const concept of word.concepts) concepts.add(concept);
      }
      const list = [...concepts].sort();
      list.forEach((concept, i) => {
        add(mixed(hash(seed(5), concept)), WEIGHT.concept);
        // In a long story everything meets everything: pairs of the first concepts only.
        if (i < 8) for (const other of list.slice(i + 1)) add(pair(6, concept, other), WEIGHT.conceptPair);
      });
      const indexes = table.hashes();
      const count = indexes.length;
      let sum = 0;
      for (let i = 0; i < count; i++) sum += (weights[i] as number) * (weights[i] as number);
      const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
      for (let i = 0; i < count; i++) values[i] = (weights[i] as number) * scale;
      return { indexes, values, count };
    },
  };
}

function remembering<V>(make: (key: string) => V): (key: string) => V {
  const known = new Map<string, V>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = make(key);
      if (known.size < REMEMBERED) known.set(key, value);
    }
    return value;
  };
}

function createConceptFinder(lexicon: Lexicon): (token: string) => readonly string[] {
  const exact = new Map<string, string[]>();
  const stems = new Map<string, (readonly [string, string])[]>();
  for (const [concept, words] of Object.entries(lexicon.concepts)) {
    for (const word of words) {
      const sound = squeeze(word.replace(/\*$/, ""));
      if (word.endsWith("*")) push(stems, sound.slice(0, 2), [sound, concept] as const);
      else push(exact, sound, concept);
    }
  }
  return (token) => [
    ...(exact.get(token) ?? []),
    ...(stems.get(token.slice(0, 2)) ?? []).flatMap(([stem, concept]) => (token.startsWith(stem) ? [concept] : [])),
  ];
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** FNV-1a over UTF-16 units, then `mixed`; a seed for each kind of feature keeps the kinds apart. */
function hash(from: number, text: string, begin = 0, end = text.length): number {
  let h = from;
  for (let i = begin; i < end; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}

function seed(kind: number): number {
  return Math.imul((0x811c9dc5 ^ kind) >>> 0, 0x01000193);
}

function mixed(h: number): number {
  const half = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return (half ^ (half >>> 12)) >>> 0;
}

/** The hash of two words with a space between. */
function pair(kind: number, one: string, other: string): number {
  return mixed(hash(hash(hash(seed(kind), one), " "), other));
}
