import type { Lexicon } from "../content/tree.ts";

const MARKS = /\p{Mn}/gu;
/** Letters and digits, with an apostrophe or hyphen inside a word. Everything else separates. */
const WORD = /[\p{L}\p{N}]+(?:['’ʼ`-][\p{L}\p{N}]+)*/gu;
/** Longer utterances are read only this far: nobody asks one question in more, and time stays bounded. */
const LONGEST = 1_200;

/** Lower case, no accents (ñ too), no control or zero-width characters, compatibility forms folded (NFKD). */
export function fold(text: string): string {
  return text
    .slice(0, LONGEST)
    .normalize("NFKD")
    .replace(MARKS, "")
    .replace(/\p{Cf}/gu, "")
    .toLowerCase();
}

/** The words of a text, folded: "¿Qué HAGO?" -> que, hago. Apostrophes and hyphens inside a word are dropped. */
export function words(text: string): string[] {
  const folded = fold(text);
  const found = folded.match(WORD) ?? [];
  return JOINED.test(folded) ? found.flatMap((word) => word.split("-").map(bare)) : found;
}

const JOINED = /['’ʼ`-]/;

function bare(word: string): string {
  return word.replace(/['’ʼ`]/g, "");
}

/** What to look for, what stands for it, and letters without which it is not there: a word has few of these sounds. */
const SOUNDS: readonly (readonly [RegExp, string, string])[] = [
  [/ll(?=[aeiou])/g, "y", "ll"],
  [/(\D)\1+/g, "$1", ""],
  [/^h(?=[aeiouy])/, "", "h"],
  [/ph/g, "f", "ph"],
  [/qu(?=[ei])/g, "k", "qu"],
  [/gu(?=[ei])/g, "g", "gu"],
  [/g(?=[ei])/g, "j", "g"],
  [/c(?=[eiy])/g, "s", "c"],
  [/ck/g, "k", "ck"],
  [/ch/g, "x", "ch"],
  [/c/g, "k", "c"],
  [/q/g, "k", "q"],
  [/z/g, "s", "z"],
  [/v/g, "b", "v"],
  [/w/g, "u", "w"],
  [/ll/g, "y", "ll"],
  [/y$/g, "i", "y"],
  [/([aeiou])h(?=[aeiou])/g, "$1", "h"],
  [/(\D)\1+/g, "$1", ""],
];

/**
 * A word as it sounds, so that texting spelling and spelling by ear meet the dictionary's: b/v, s/z/c, mute h, ll/y,
 * qu/k/c, g/j before e and i, doubled letters. Spanish rules; harmless to English, which is squeezed alike on both sides.
 */
export function squeeze(word: string): string {
  let sound = word;
  for (const [pattern, by, letters] of SOUNDS) {
    if (letters === "" ? hasDouble(sound) : sound.includes(letters)) sound = sound.replace(pattern, by);
  }
  return sound;
}

function hasDouble(word: string): boolean {
  for (let i = 1; i < word.length; i++) if (word.charCodeAt(i) === word.charCodeAt(i - 1)) return true;
  return false;
}

/** The words of a text with the lexicon's texting forms written out: "xq m niegan" -> porque, me, niegan. */
export function spelledOut(text: string, lexicon: Lexicon): string[] {
  return words(text).flatMap((word) => {
    const full = Object.hasOwn(lexicon.replace, word) ? lexicon.replace[word] : undefined;
    return full === undefined ? [word] : full.split(" ");
  });
}
