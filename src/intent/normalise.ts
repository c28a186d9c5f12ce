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
  return (fold(text).match(WORD) ?? []).flatMap((word) =>
    word.includes("-") ? [...word.split("-")].map(bare) : [bare(word)],
  );
}

function bare(word: string): string {
  return word.replace(/['’ʼ`]/g, "");
}

const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/(\D)\1+/g, "$1"],
  [/^h(?=[aeiouy])/, ""],
  [/ph/g, "f"],
  [/qu(?=[ei])/g, "k"],
  [/gu(?=[ei])/g, "g"],
  [/g(?=[ei])/g, "j"],
  [/c(?=[eiy])/g, "s"],
  [/ck/g, "k"],
  [/ch/g, "x"],
  [/c/g, "k"],
  [/q/g, "k"],
  [/z/g, "s"],
  [/v/g, "b"],
  [/w/g, "u"],
  [/ll/g, "y"],
  [/y$/g, "i"],
  [/([aeiou])h(?=[aeiou])/g, "$1"],
  [/(\D)\1+/g, "$1"],
];

/**
 * A word as it sounds, so that texting spelling and spelling by ear meet the dictionary's: b/v, s/z/c, mute h, ll/y,
 * qu/k/c, g/j before e and i, doubled letters. Spanish rules; harmless to English, which is squeezed alike on both sides.
 */
export function squeeze(word: string): string {
  // ll before doubled letters are dropped
  let sound = word.replace(/ll(?=[aeiou])/g, "y");
  for (const [pattern, by] of SOUNDS) sound = sound.replace(pattern, by);
  return sound;
}

/** The words of a text with the lexicon's texting forms written out: "xq m niegan" -> porque, me, niegan. */
export function spelledOut(text: string, lexicon: Lexicon): string[] {
  return words(text).flatMap((word) => {
    const full = Object.hasOwn(lexicon.replace, word) ? lexicon.replace[word] : undefined;
    return full === undefined ? [word] : full.split(" ");
  });
}
