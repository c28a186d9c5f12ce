import { createRequire } from "node:module";
import type { detectOther } from "./other-languages.ts";

/** A language people write in that Puente has no answers in: `content/unsupported-languages.yaml`. */
export interface UnsupportedLanguage {
  /** ISO 639 code: "ht". */
  readonly id: string;
  readonly name: Readonly<Record<string, string>>;
  /** Unicode scripts that only this language uses here: "Arabic". */
  readonly scripts?: readonly string[];
  /** Words that mark the language, or letters of a shared script that only it has. `word?` and `word_` mark nothing. */
  readonly words?: readonly string[];
  /** Sentences to learn its letters from. */
  readonly samples?: readonly string[];
  /** "We have no answers in this language" said in it. Absent where nobody could be certain of the wording. */
  readonly line?: string;
}

/** The language of an utterance. */
export type Detected =
  | { readonly kind: "locale"; readonly locale: string; readonly sure: boolean }
  | { readonly kind: "unsupported"; readonly language: string }
  | { readonly kind: "unknown" };

export type Detect = (text: string) => Detected;

/** What is learned from: the parts of the content tree that hold people's own words. */
export interface LearnsLanguagesFrom {
  readonly locales: readonly string[];
  readonly topics: ReadonlyMap<string, { readonly questions: Readonly<Record<string, readonly string[]>> }>;
  readonly unsupportedLanguages: readonly UnsupportedLanguage[];
}

/** Longer texts are read this far: a language shows at once. */
const LONGEST = 250;
/** Every n-th question is enough to learn letters from; words are learned from all. */
const EVERY = 4;
const WORDS = /[\p{L}\p{M}]+(?:['’ʼ][\p{L}\p{M}]+)*/gu;

/**
 * Makes the detector. It weighs an utterance's words and letters against the tree's own questions (naive Bayes), which
 * know how people text; `eld` knows the other languages of the Latin script; other scripts speak for themselves. What
 * stays unclear is `unknown`, never English by default.
 */
export function createDetect(tree: LearnsLanguagesFrom, learned: LearnedLanguages = learnLanguages(tree)): Detect {
  const scripts = tree.unsupportedLanguages.flatMap(({ id, scripts: names = [] }) =>
    names.map((name) => ({ id, pattern: new RegExp(`\\p{Script=${name}}`, "gu") })),
  );
  const letters = letterMarks(tree.unsupportedLanguages);
  const markers = wordMarks(tree.unsupportedLanguages, learned);
  const supported = new Set(tree.unsupportedLanguages.map(({ id }) => id));

  return (text) => {
    const read = text.slice(0, LONGEST).normalize("NFC").toLowerCase();
    const other = byScript(read, scripts, letters);
    if (other !== undefined) return { kind: "unsupported", language: other };
    const tokens = read.match(WORDS) ?? [];
    if (tokens.length === 0) return { kind: "unknown" };
    const foreign = marked(tokens, markers, learned) ?? byLetters(read, tokens, learned, supported);
    if (foreign !== undefined) return { kind: "unsupported", language: foreign };
    return ours(tokens, learned, tree.locales);
  };
}

/** What the tree's questions teach: plain data, which may be kept. */
export interface LearnedLanguages {
  /** Where a feature's weights begin. */
  readonly features: ReadonlyMap<string, number>;
  /** The log probability of each feature in each locale, in their order. One list: it is read back twice as fast as many. */
  readonly weights: readonly number[];
  /** The same for a feature never met. */
  readonly unseen: readonly number[];
  /** Words of the questions, any locale, folded. */
  readonly known: ReadonlyMap<string, number>;
}

/** Learns from all the tree's questions, which takes a moment. */
export function learnLanguages(tree: LearnsLanguagesFrom): LearnedLanguages {
  const known = new Map<string, number>();
  const counts = new Map<string, number[]>();
  const totals = tree.locales.map(() => 0);
  tree.locales.forEach((locale, l) => {
    const add = (feature: string, times: number) => {
      const count = counts.get(feature) ?? tree.locales.map(() => 0);
      count[l] = (count[l] ?? 0) + times;
      counts.set(feature, count);
      totals[l] = (totals[l] ?? 0) + times;
    };
    // Each word is taken apart once, however often people write it: a start waits for this.
    for (const [token, { times, timesRead }] of wordsOf(tree, locale)) {
      const key = fold(token);
      known.set(key, (known.get(key) ?? 0) + times);
      add(`=${key}`, times);
      if (timesRead > 0) for (const letters of runsOf(token)) add(letters, timesRead);
    }
  });
  const smooth = 0.5;
  const all = totals.map((total) => total + smooth * 40_000);
  const weigh = (count: readonly number[]) => all.map((sum, l) => Math.log(((count[l] ?? 0) + smooth) / sum));
  const features = new Map([...counts.keys()].map((feature, index) => [feature, index * tree.locales.length]));
  return { features, weights: [...counts.values()].flatMap(weigh), unseen: weigh([]), known };
}

/** The words of a locale's questions: how often each stands in all, and in those that letters are learned from. */
function wordsOf({ topics }: LearnsLanguagesFrom, locale: string) {
  const words = new Map<string, { times: number; timesRead: number }>();
  let index = 0;
  for (const { questions } of topics.values()) {
    for (const question of questions[locale] ?? []) {
      const read = index++ % EVERY === 0;
      for (const token of question.toLowerCase().match(WORDS) ?? []) {
        const word = words.get(token) ?? { times: 0, timesRead: 0 };
        word.times++;
        if (read) word.timesRead++;
        words.set(token, word);
      }
    }
  }
  return words;
}

/** Words and, within them, runs of two to four letters. */
function features(tokens: readonly string[]): string[] {
  return tokens.flatMap((token) => [`=${fold(token)}`, ...runsOf(token)]);
}

function runsOf(token: string): string[] {
  const found: string[] = [];
  const padded = `_${token.slice(0, 20)}_`;
  for (let n = 2; n <= 4; n++) {
    for (let i = 0; i + n <= padded.length; i++) found.push(padded.slice(i, i + n));
  }
  return found;
}

function fold(token: string): string {
  return token.normalize("NFD").replace(/\p{M}/gu, "");
}

function byScript(
  text: string,
  scripts: readonly { readonly id: string; readonly pattern: RegExp }[],
  letters: ReadonlyMap<string, string>,
): string | undefined {
  const all = text.match(/\p{L}/gu)?.length ?? 0;
  if (all === 0) return undefined;
  const [best] = scripts
    .map(({ id, pattern }) => ({ id, share: (text.match(pattern)?.length ?? 0) / all }))
    .sort((a, b) => b.share - a.share);
  if (best === undefined || best.share < 0.4) return undefined;
  for (const letter of text) {
    const language = letters.get(letter);
    if (language !== undefined) return language;
  }
  return best.id;
}

/** Letters of a shared script that settle it: "ї" is Ukrainian. */
function letterMarks(languages: readonly UnsupportedLanguage[]): ReadonlyMap<string, string> {
  const marks = new Map<string, string>();
  for (const { id, words = [] } of languages) {
    for (const word of words) {
      if ([...word].length === 1 && !/\p{Script=Latin}/u.test(word)) marks.set(word, id);
    }
  }
  return marks;
}

/** Words of unsupported languages that people do not write in ours, each with its languages. */
function wordMarks(
  languages: readonly UnsupportedLanguage[],
  { known }: LearnedLanguages,
): ReadonlyMap<string, readonly string[]> {
  const marks = new Map<string, string[]>();
  for (const { id, words = [] } of languages) {
    for (const word of words) {
      if (/[?_]$/.test(word) || [...word].length < 2) continue;
      const key = fold(word.toLowerCase());
      if ((known.get(key) ?? 0) > RARE) continue;
      const list = marks.get(key) ?? [];
      if (!list.includes(id)) marks.set(key, [...list, id]);
    }
  }
  return marks;
}
/** A word this rare in the questions may be a name or a slip: it does not speak for our languages. */
const RARE = 3;

/** Letters that neither Spanish nor English has. */
const NOT_OURS = /[ãõçêâôàèùœ]/u;

/** The language whose marks make up enough of the words. */
function marked(
  tokens: readonly string[],
  marks: ReadonlyMap<string, readonly string[]>,
  { known }: LearnedLanguages,
): string | undefined {
  const votes = new Map<string, number>();
  let ourWords = 0;
  for (const token of tokens) {
    const key = fold(token);
    for (const id of marks.get(key) ?? []) votes.set(id, (votes.get(id) ?? 0) + 1);
    if (!marks.has(key) && (known.get(key) ?? 0) > RARE) ourWords++;
  }
  const [best] = [...votes].sort(([, a], [, b]) => b - a);
  if (best === undefined) return undefined;
  const [language, words] = best;
  const count = words + tokens.filter((token) => NOT_OURS.test(token)).length;
  const enough = count >= 2 ? count >= ourWords * 0.45 : tokens.length <= 2 && ourWords === 0;
  return enough ? language : undefined;
}

/** With this share of words that people write here, the language is ours, whatever its letters look like. */
const OURS = 0.4;

function byLetters(
  text: string,
  tokens: readonly string[],
  { known }: LearnedLanguages,
  unsupported: ReadonlySet<string>,
): string | undefined {
  if (tokens.length < 3) return undefined;
  const ours = tokens.filter((token) => (known.get(fold(token)) ?? 0) > RARE).length / tokens.length;
  if (ours >= OURS) return undefined;
  const { language, scores } = otherLanguages().detectOther(text);
  if (language === "" || !unsupported.has(language)) return undefined;
  const lead = (scores[language] ?? 0) - Math.max(scores["en"] ?? 0, scores["es"] ?? 0);
  return lead > 0.1 ? language : undefined;
}

/** Loaded by the first line that needs it: many days do without it, and it takes a tenth of a start. */
function otherLanguages(): { readonly detectOther: typeof detectOther } {
  return createRequire(import.meta.url)("./other-languages.ts");
}

/** A line is sure when one of our languages leads by this much (natural log) and by so much a word. */
const SURE = { total: 5, perWord: 0.9 };
const CLEAR = 1.2;

function ours(tokens: readonly string[], learned: LearnedLanguages, locales: readonly string[]): Detected {
  // Not one word that anybody has written here: a name, a slip, gibberish or another language.
  if (!tokens.some((token) => learned.known.has(fold(token)))) return { kind: "unknown" };
  const scores = locales.map(() => 0);
  for (const feature of features(tokens)) {
    const at = learned.features.get(feature);
    const [weights, from] = at === undefined ? [learned.unseen, 0] : [learned.weights, at];
    for (let l = 0; l < scores.length; l++) scores[l] = (scores[l] ?? 0) + (weights[from + l] ?? 0);
  }
  const ranked = locales.map((locale, l) => ({ locale, score: scores[l] ?? 0 })).sort((a, b) => b.score - a.score);
  const [best, second] = ranked;
  if (best === undefined) return { kind: "unknown" };
  const lead = second === undefined ? Infinity : best.score - second.score;
  if (lead < CLEAR) return { kind: "unknown" };
  return { kind: "locale", locale: best.locale, sure: lead >= SURE.total && lead >= SURE.perWord * tokens.length };
}
