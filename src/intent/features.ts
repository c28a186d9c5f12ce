import type { Lexicon } from "../content/tree.ts";
import { spelledOut, squeeze } from "./normalise.ts";

/** What is read off an utterance: features as 32-bit hashes, each with its weight; the weights have length 1. No hash twice. */
export interface Features {
  readonly indexes: Uint32Array;
  readonly values: Float32Array;
}

/** Reads features off texts. Made once per lexicon; keeps no text. */
export interface FeatureReader {
  read(text: string): Features;
}

/** How much each kind of feature weighs before the whole is scaled to length 1. Compared in docs/answering.md. */
const WEIGHT = { word: 1, pair: 0.7, gram: 0.35, concept: 0.7, conceptPair: 0.5 };
const GRAM = { from: 3, to: 5, longestWord: 24 };
/** Nobody asks one question in more words. */
const LONGEST = 120;

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
      for (let j = 0; j + n <= padded.length; j++) grams.push(hash(4, padded.slice(j, j + n)));
    }
    return { sound, word: hash(1, sound), grams, concepts: conceptsOf(sound) };
  };
  const features = learning ? remembering(readWord) : readWord;
  const conceptHash = learning ? remembering((concept) => hash(5, concept)) : (concept: string) => hash(5, concept);
  const pairHash = learning ? remembering((pair) => hash(6, pair)) : (pair: string) => hash(6, pair);
  return {
    read(text) {
      const found = new Map<number, number>();
      const add = (index: number, weight: number) => {
        const known = found.get(index);
        if (known === undefined || known < weight) found.set(index, weight);
      };
      const read = spelledOut(text, lexicon).slice(0, LONGEST).map(features);
      const concepts = new Set<string>();
      read.forEach((word, i) => {
        add(word.word, WEIGHT.word);
        const next = read[i + 1];
        if (next !== undefined) add(hash(2, `${word.sound} ${next.sound}`), WEIGHT.pair);
        for (const gram of word.grams) add(gram, WEIGHT.gram);
        for (const concept of word.concepts) concepts.add(concept);
      });
      const list = [...concepts].sort();
      list.forEach((concept, i) => {
        add(conceptHash(concept), WEIGHT.concept);
        // In a long story everything meets everything: pairs of the first concepts only.
        if (i < 8) for (const other of list.slice(i + 1)) add(pairHash(`${concept} ${other}`), WEIGHT.conceptPair);
      });
      return scaled(found);
    },
  };
}

function remembering<V>(make: (key: string) => V): (key: string) => V {
  const known = new Map<string, V>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = make(key);
      known.set(key, value);
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

/** FNV-1a over UTF-16 units with a final mix; `kind` keeps the kinds of feature apart. */
function hash(kind: number, text: string): number {
  let h = Math.imul((0x811c9dc5 ^ kind) >>> 0, 0x01000193);
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return (h ^ (h >>> 12)) >>> 0;
}

function scaled(found: ReadonlyMap<number, number>): Features {
  const indexes = new Uint32Array(found.size);
  const values = new Float32Array(found.size);
  let sum = 0;
  for (const value of found.values()) sum += value * value;
  const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
  let i = 0;
  for (const [index, value] of found) {
    indexes[i] = index;
    values[i++] = value * scale;
  }
  return { indexes, values };
}
