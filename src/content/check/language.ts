/** Addresses and abbreviations whose full stops end no sentence. */
const ADDRESS = /https?:\/\/\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:gov|org|com|net|edu|mx)\b\S*/giu;
const ABBREVIATIONS: readonly (readonly [RegExp, string])[] = [
  [ADDRESS, "web"],
  [/\bU\.S\.(?:C\.)?/g, "US"],
  [/\bEE\.\s?UU\./g, "EEUU"],
  [/\b([ap])\.\s?m\./gi, "$1m"],
  [/\b(Dr|Dra|Sr|Sra|St|Ave)\./g, "$1"],
  [/(\d)\.(\d)/g, "$1·$2"],
];
/**
 * A full stop, question mark, exclamation mark, colon or semicolon ends a unit of thought, as Flesch counted (The Art
 * of Readable Writing, 1949). Words to say, in straight double quotes, are a unit of their own.
 */
const SENTENCE_BREAK = /(?<=[.!?:;])["')]*\s+|"\s+(?=[\p{Lu}¿¡])|\s+(?=")|\n+/u;
const WORD = /[\p{L}'’-]*\p{L}[\p{L}'’-]*|\d[\d,.·-]*/gu;

/** The sentences of a text. Each line of it ends one. */
export function sentencesOf(text: string): string[] {
  const plain = ABBREVIATIONS.reduce((result, [pattern, by]) => result.replace(pattern, by), text);
  return plain
    .split(SENTENCE_BREAK)
    .map((sentence) => sentence.trim())
    .filter((sentence) => wordsOf(sentence).length > 0);
}

/** Words and numbers. A hyphenated word is one, as is a phone number. */
export function wordsOf(text: string): string[] {
  return text.match(WORD) ?? [];
}

/**
 * Syllables of an English word: its vowel groups, without a silent ending (-e, -es, -ed). The usual approximation for
 * readability formulas; a number counts as one.
 */
export function englishSyllables(word: string): number {
  const letters = word.toLowerCase().replace(/[^a-z]/g, "");
  if (letters.length <= 3) return 1;
  const voiced = letters
    .replace(/(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$/, (ending) => ending[0] ?? "")
    .replace(/^y/, "");
  return Math.max(1, voiced.match(/[aeiouy]{1,2}/g)?.length ?? 0);
}

/**
 * Syllables of a Spanish word. Two strong vowels (a, e, o), or a strong one beside a stressed í or ú, are two
 * syllables; other neighbours are one (RAE, Ortografía 2010, 3.4.2). The u of que, qui, gue, gui is mute, h between
 * vowels separates here, final y is a vowel. A number counts as one.
 */
export function spanishSyllables(word: string): number {
  const letters = word
    .toLowerCase()
    .replace(/([qg])u(?=[eéií])/g, "$1")
    .replace(/y$/, "i")
    .replace(/y/g, "j");
  const groups = letters.match(/[aeiouáéíóúü]+/g) ?? [];
  const splits = groups.reduce((sum, group) => sum + hiatuses(group), 0);
  return Math.max(1, groups.length + splits);
}

function hiatuses(group: string): number {
  const strong = "aeoáéóíú";
  const letters = [...group];
  return letters.filter((vowel, at) => at > 0 && strong.includes(vowel) && strong.includes(letters[at - 1] ?? ""))
    .length;
}
