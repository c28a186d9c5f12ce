import { fits, occurs, type Phrase, type Word } from "./phrase.ts";

/** Many phrases that are looked for together: hardly more work than for one. */
export interface PhraseBook<T> {
  /** What belongs to each phrase that occurs in an utterance, in the book's order; the utterance as its words' sounds. */
  heardIn(tokens: readonly string[]): T[];
}

/** A book of phrases, each with what belongs to it. */
export function createPhraseBook<T>(entries: readonly (readonly [Phrase, T])[]): PhraseBook<T> {
  const wordsOf = ({ elements }: Phrase) => elements.flatMap(({ alternatives }) => alternatives.flat());
  const phrasesWith = new Map<number, number>();
  for (const [phrase] of entries)
    for (const id of new Set(wordsOf(phrase).map((word) => word.id)))
      phrasesWith.set(id, (phrasesWith.get(id) ?? 0) + 1);
  const rarity = (word: Word) => phrasesWith.get(word.id) ?? 0;
  // A phrase is only looked for where a word of its rarest element stands; in any utterance, if it has no such element.
  const always: number[] = [];
  const byWord = new Map<number, number[]>();
  entries.forEach(([phrase], at) => {
    const keys = rarestWords(phrase, rarity);
    if (keys === undefined) always.push(at);
    for (const id of new Set(keys?.map((word) => word.id))) byWord.set(id, [...(byWord.get(id) ?? []), at]);
  });
  const present = createWordFinder(entries.flatMap(([phrase]) => wordsOf(phrase)));
  return {
    heardIn(tokens) {
      const there = present(tokens);
      const possible = new Set(always);
      for (const id of there) for (const at of byWord.get(id) ?? []) possible.add(at);
      return [...possible]
        .sort((a, b) => a - b)
        .flatMap((at) => {
          const entry = entries[at];
          return entry !== undefined && occurs(entry[0], tokens, there) ? [entry[1]] : [];
        });
    },
  };
}

/** A word for every alternative of the element that stands in the fewest phrases; undefined where every element may be empty. */
function rarestWords({ elements }: Phrase, rarity: (word: Word) => number): readonly Word[] | undefined {
  const choices = elements.flatMap(({ alternatives }) => {
    const keys = alternatives.flatMap((words) => words.toSorted((a, b) => rarity(a) - rarity(b)).slice(0, 1));
    return keys.length < alternatives.length ? [] : [keys];
  });
  const cost = (keys: readonly Word[]) => keys.reduce((sum, word) => sum + rarity(word), 0);
  return choices.sort((a, b) => cost(a) - cost(b))[0];
}

/** Finds which words of a list stand in an utterance, by their ids. */
function createWordFinder(list: readonly Word[]): (tokens: readonly string[]) => ReadonlySet<number> {
  const words = [...new Map(list.map((word) => [word.id, word])).values()];
  const idsBySound = (some: readonly Word[]) => new Map(some.map(({ sound, id }) => [sound, id]));
  const whole = idsBySound(words.filter(({ anyEnding }) => !anyEnding));
  const stems = idsBySound(words.filter(({ anyEnding }) => anyEnding));
  const longestStem = Math.max(0, ...[...stems.keys()].map((stem) => stem.length));
  const mayHoldSlip = Map.groupBy(
    words.filter(({ sound }) => sound.length >= 7),
    ({ sound }) => sound.charCodeAt(0),
  );
  return (tokens) => {
    const there = new Set<number>();
    const add = (id: number | undefined) => {
      if (id !== undefined) there.add(id);
    };
    for (const token of new Set(tokens)) {
      add(whole.get(token));
      for (let end = Math.min(token.length, longestStem); end > 0; end--) add(stems.get(token.slice(0, end)));
      if (token.length < 6) continue;
      for (const word of mayHoldSlip.get(token.charCodeAt(0)) ?? []) {
        if (!there.has(word.id) && fits(word, token)) there.add(word.id);
      }
    }
    return there;
  };
}
