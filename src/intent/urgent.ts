import type { Lexicon, PerLocale, UrgentRule } from "../content/tree.ts";
import type { Locale } from "../core/words.ts";
import { spelledOut, squeeze, words } from "./normalise.ts";
import { compilePhrase, createPhraseFinder, type Phrase } from "./phrase.ts";

export interface UrgentFound {
  readonly rule: UrgentRule;
  /** The language of the phrase that matched: a safe guess where nothing else is known of the person. */
  readonly locale: Locale;
}

interface Compiled {
  readonly rule: UrgentRule;
  readonly phrases: readonly { readonly locale: Locale; readonly phrase: Phrase }[];
  readonly unless: readonly Phrase[];
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
  const found = createPhraseFinder(tokens);
  for (const { rule, phrases, unless } of compiled(rules)) {
    const hits = phrases.filter(({ phrase }) => found(phrase));
    const hit = hits.find(({ phrase }) => phrase.sure) ?? (unless.some(found) ? undefined : hits[0]);
    if (hit !== undefined) return { rule, locale: hit.locale };
  }
  return undefined;
}

const cache = new WeakMap<readonly UrgentRule[], readonly Compiled[]>();

function compiled(rules: readonly UrgentRule[]): readonly Compiled[] {
  const known = cache.get(rules);
  if (known !== undefined) return known;
  const fresh = rules.map((rule) => ({
    rule,
    phrases: entries(rule.phrases).map(([locale, phrase]) => ({ locale, phrase: compilePhrase(phrase) })),
    unless: entries(rule.unless ?? {}).map(([, phrase]) => compilePhrase(phrase)),
  }));
  cache.set(rules, fresh);
  return fresh;
}

function entries(phrases: PerLocale<readonly string[]>): (readonly [Locale, string])[] {
  return Object.entries(phrases).flatMap(([locale, list]) => list.map((phrase) => [locale, phrase] as const));
}
