import type { Lexicon, PerLocale, UrgentRule } from "../content/tree.ts";
import type { Locale } from "../core/words.ts";
import { spelledOut, squeeze, words } from "./normalise.ts";
import { compilePhrase } from "./phrase.ts";
import { createPhraseBook, type PhraseBook } from "./phrase-book.ts";

export interface UrgentFound {
  readonly rule: UrgentRule;
  /** The language of the phrase that matched: a safe guess where nothing else is known of the person. */
  readonly locale: Locale;
}

/** A phrase that an utterance met. */
interface Hit extends UrgentFound {
  readonly sure: boolean;
}

interface Compiled {
  /** The phrases of all rules, in their order. */
  readonly phrases: PhraseBook<Hit>;
  readonly unless: ReadonlyMap<UrgentRule, PhraseBook<true>>;
}

/**
 * The danger rule an utterance meets, or undefined. Plain rules, no model: an editor can read why. The first rule of
 * the file that matches decides, so the file's order is the order of danger.
 *
 * Phrases are read as `compilePhrase` says, on texting forms written out. `unless` phrases make a mention calm, but not
 * one that a phrase with `!` hears: "my lawyer says he is beating her right now".
 */
export function findUrgent(text: string, rules: readonly UrgentRule[], lexicon?: Lexicon): UrgentFound | undefined {
  const tokens = (lexicon === undefined ? words(text) : spelledOut(text, lexicon)).slice(0, 150).map(squeeze);
  if (tokens.length === 0) return undefined;
  const { phrases, unless } = compiled(rules);
  for (const [rule, hits] of Map.groupBy(phrases.heardIn(tokens), (hit) => hit.rule)) {
    const calm = () => (unless.get(rule)?.heardIn(tokens).length ?? 0) > 0;
    const hit = hits.find(({ sure }) => sure) ?? (calm() ? undefined : hits[0]);
    if (hit !== undefined) return { rule, locale: hit.locale };
  }
  return undefined;
}

const cache = new WeakMap<readonly UrgentRule[], Compiled>();

function compiled(rules: readonly UrgentRule[]): Compiled {
  const known = cache.get(rules);
  if (known !== undefined) return known;
  const compile = (phrases: PerLocale<readonly string[]> = {}) =>
    entries(phrases).map(([locale, text]) => ({ locale, phrase: compilePhrase(text) }));
  const fresh = {
    phrases: createPhraseBook(
      rules.flatMap((rule) =>
        compile(rule.phrases).map(({ locale, phrase }) => [phrase, { rule, locale, sure: phrase.sure }] as const),
      ),
    ),
    unless: new Map(
      rules.map((rule) => [rule, createPhraseBook(compile(rule.unless).map(({ phrase }) => [phrase, true] as const))]),
    ),
  };
  cache.set(rules, fresh);
  return fresh;
}

function entries(phrases: PerLocale<readonly string[]>): (readonly [Locale, string])[] {
  return Object.entries(phrases).flatMap(([locale, list]) => list.map((phrase) => [locale, phrase] as const));
}
