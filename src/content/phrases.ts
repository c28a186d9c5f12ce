import type { Block, Inline } from "../core/reply.ts";

/** Words an officer must hear, as an answer teaches them. */
export interface Phrase {
  /** In English, without quotes. */
  readonly words: string;
  /** What they mean, in the reader's language, where the answer says it. */
  readonly meaning?: string;
  /** How they sound to someone who reads that language. */
  readonly sound?: string;
}

/** `"words"`, and the meaning in brackets right after them. */
const QUOTED = /"([^"\n]+)"(?:\s*\(([^)]+)\))?/g;

/**
 * The words to say of an answer, each with its meaning and its sound. In the tree they stand in straight double
 * quotes, the meaning in brackets after them, and the sound is the next bold text of the same passage.
 */
export function phrasesOf(blocks: readonly Block[]): Phrase[] {
  const passages = blocks.flatMap((block) => (block.kind === "list" ? block.items : [block.inlines]));
  const phrases = new Map<string, Phrase>();
  for (const phrase of passages.flatMap(inPassage)) {
    const known = phrases.get(phrase.words);
    phrases.set(phrase.words, { ...known, ...phrase });
  }
  return [...phrases.values()];
}

function inPassage(inlines: readonly Inline[]): Phrase[] {
  const phrases: Phrase[] = [];
  for (const { text, bold } of inlines) {
    const last = phrases.at(-1);
    if (bold && last !== undefined && last.sound === undefined)
      phrases[phrases.length - 1] = { ...last, sound: text.trim().replace(/\.$/, "") };
    else
      for (const [, words = "", meaning] of text.matchAll(QUOTED))
        phrases.push({ words, ...(meaning !== undefined && { meaning }) });
  }
  return phrases;
}
