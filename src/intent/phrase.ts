import { withinOneEdit } from "./edits.ts";
import { squeeze, words } from "./normalise.ts";

/** One place in a phrase: what may stand there, and how many other words may come before it. */
interface Element {
  readonly gap: number;
  /** Each alternative is one or more words, as they sound. */
  readonly alternatives: readonly (readonly Word[])[];
}

export interface Word {
  /** Equal words of all phrases share it: each is looked for once in an utterance. */
  readonly id: number;
  readonly sound: string;
  readonly anyEnding: boolean;
}

/** A phrase of an editor's, ready to look for. From `compilePhrase`. */
export interface Phrase {
  readonly elements: readonly Element[];
  /** It has to begin or end where the utterance does. */
  readonly first: boolean;
  readonly last: boolean;
  /** Nothing makes it calm. */
  readonly sure: boolean;
}

/** Other words that may stand between two words of a phrase, and where the phrase says `...`. */
const NEAR = 2;
const FAR = 8;

/**
 * Compiles a phrase: words in order. `a|b` is either, `word*` any ending, `two_words` belong together, `+word` follows at
 * once, `...` up to eight other words; elsewhere up to two other words may stand between; `^` and `$` are the begin and
 * the end of the utterance; `!` at the begin says that nothing makes it calm. Case, accents and spelling by ear do not
 * matter, and a word of seven letters or more may hold one mistake, not in its first letter.
 */
export function compilePhrase(text: string): Phrase {
  const elements: Element[] = [];
  const parts = text.trim().split(/\s+/);
  const sure = parts[0] === "!";
  if (sure) parts.shift();
  let gap = NEAR;
  for (const part of parts) {
    if (part === "^" || part === "$") continue;
    if (part === "...") {
      gap = FAR;
      continue;
    }
    const next = part.startsWith("+");
    elements.push({
      gap: next ? 0 : gap,
      alternatives: (next ? part.slice(1) : part)
        .split("|")
        .map((alternative) => alternative.split("_").flatMap(compileWord)),
    });
    gap = NEAR;
  }
  return { elements, first: parts[0] === "^", last: parts.at(-1) === "$", sure };
}

const ids = new Map<string, number>();

function compileWord(word: string): Word[] {
  const anyEnding = word.endsWith("*");
  return words(word).map((bare) => {
    const sound = anyEnding ? squeezeStem(bare) : squeeze(bare);
    const key = anyEnding ? `${sound}*` : sound;
    const id = ids.get(key) ?? ids.size;
    ids.set(key, id);
    return { id, sound, anyEnding };
  });
}

/** A stem has no end of word: a rule of the ear that looks at the end must not touch its y. */
function squeezeStem(stem: string): string {
  return stem.endsWith("y") ? `${squeeze(stem.slice(0, -1))}y` : squeeze(stem);
}

/** Whether a phrase occurs in an utterance, given as its words squeezed by sound and the ids of the words that stand there. */
export function occurs(phrase: Phrase, tokens: readonly string[], there: ReadonlySet<number>): boolean {
  // Nearly every phrase fails here: one of its elements stands nowhere in the utterance.
  for (const { alternatives } of phrase.elements) {
    if (!alternatives.some((words) => words.every(({ id }) => there.has(id)))) return false;
  }
  const starts = phrase.first ? 1 : tokens.length;
  for (let start = 0; start < starts; start++) {
    if (follows(phrase, 0, tokens, start)) return true;
  }
  return false;
}

/** True when the elements from `at` on can be met, the first of them exactly at `start`. */
function follows(phrase: Phrase, at: number, tokens: readonly string[], start: number): boolean {
  const element = phrase.elements[at];
  if (element === undefined) return true;
  const next = phrase.elements[at + 1];
  for (const alternative of element.alternatives) {
    if (!stands(alternative, tokens, start)) continue;
    const end = start + alternative.length;
    if (next === undefined) {
      if (!phrase.last || end === tokens.length) return true;
      continue;
    }
    for (let from = end; from <= end + next.gap && from < tokens.length; from++) {
      if (follows(phrase, at + 1, tokens, from)) return true;
    }
  }
  return false;
}

function stands(alternative: readonly Word[], tokens: readonly string[], start: number): boolean {
  for (let i = 0; i < alternative.length; i++) {
    const word = alternative[i];
    const token = tokens[start + i];
    if (word === undefined || token === undefined || !fits(word, token)) return false;
  }
  return true;
}

/** Whether a word of a phrase is meant by a word of an utterance. */
export function fits({ sound, anyEnding }: Word, token: string): boolean {
  if (token.charCodeAt(0) !== sound.charCodeAt(0)) return false;
  if (anyEnding ? token.startsWith(sound) : token === sound) return true;
  if (sound.length < 7 || token.length < 6) return false;
  return withinOneEdit(sound, anyEnding ? token.slice(0, sound.length) : token);
}
