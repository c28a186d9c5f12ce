import type { Locale } from "../../core/words.ts";
import type { Sentence } from "../../locale/sentence.ts";
import { englishSyllables, sentencesOf, spanishSyllables, wordsOf } from "./language.ts";
import { type Answer, answersOf, error, piecesOf, type Rule } from "./rule.ts";

const MAX_WORDS = 15;

interface Formula {
  readonly name: string;
  readonly limit: number;
  readonly fixedTerms: readonly string[];
  score(words: number, sentences: number, syllables: number): number;
  syllables(word: string): number;
  tooHard(score: number): boolean;
  readonly remedy: string;
}

/**
 * How hard a text is to read, per language. A language without a formula here is held to sentence length only.
 *
 * - English: Flesch-Kincaid grade level, 0.39 words/sentence + 11.8 syllables/word - 15.59 (Kincaid, Fishburne, Rogers
 *   and Chissom 1975, Navy Research Branch Report 8-75). At most 6: sixth grade, as plain-language rules for the public ask.
 * - Spanish: INFLESZ, the Szigriszt-Pazos formula 206.835 - 62.3 syllables/word - words/sentence on the scale of
 *   Barrio-Cantalejo and others 2008 (Anales del Sistema Sanitario de Navarra 31:2), where 65 to 80 is "fairly easy".
 */
const FORMULAS: Readonly<Record<Locale, Formula>> = {
  en: {
    name: "Flesch-Kincaid grade",
    limit: 6,
    // Names of things on papers and in officers' mouths: nobody may swap them for easier words. Each counts as one syllable.
    fixedTerms: [
      "credible fear",
      "reasonable fear",
      "asylum",
      "immigration",
      "deportation",
      "withholding of removal",
      "Convention Against Torture",
      "expedited removal",
      "removal",
      "accredited representative",
      "unaccompanied",
      "Supreme Court",
      "Border Patrol",
      "United States",
      "interpreter",
    ],
    score: (words, sentences, syllables) => (0.39 * words) / sentences + (11.8 * syllables) / words - 15.59,
    syllables: englishSyllables,
    tooHard: (score) => score > 6,
    remedy: "Use shorter words and shorter sentences",
  },
  es: {
    name: "INFLESZ",
    limit: 65,
    fixedTerms: [
      "miedo creíble",
      "miedo razonable",
      "inmigración",
      "migración",
      "deportación",
      "Convención contra la Tortura",
      "representante acreditado",
      "Corte Suprema",
      "Patrulla Fronteriza",
      "Estados Unidos",
      "audiencia",
    ],
    score: (words, sentences, syllables) => 206.835 - (62.3 * syllables) / words - words / sentences,
    syllables: spanishSyllables,
    tooHard: (score) => score < 65,
    remedy: "Use palabras y frases más cortas (shorter words and sentences)",
  },
};

/** What comes before a phrase's sound, written out in bold: not text to be read. */
const SOUNDS_LIKE = /(?:Suena|Soa|Sounds like):\s*$/;

/** The whole answer, `short` and body, against its language's limit; and every sentence against 15 words. */
export const checkReadingLevel: Rule = (content) =>
  answersOf(content).flatMap((answer) => {
    const level = readingLevel(answer);
    const formula = FORMULAS[answer.locale];
    const long = piecesOf(answer).flatMap(({ text, line, field }) =>
      field === "title" || field === "label" ? [] : longSentences(text).map((sentence) => ({ sentence, line })),
    );
    return [
      ...(formula !== undefined && level !== undefined && formula.tooHard(level)
        ? [
            error(
              "reading-level",
              answer.file.file,
              1,
              `The answer is too hard to read: ${formula.name} ${level.toFixed(1)}, the limit is ${formula.limit}. ${formula.remedy}.`,
            ),
          ]
        : []),
      ...long.map(({ sentence, line }) =>
        error(
          "reading-level",
          answer.file.file,
          line,
          `A sentence has ${wordsOf(sentence).length} words; ${MAX_WORDS} is the limit: '${sentence.slice(0, 60)}...'. Make two of it.`,
        ),
      ),
    ];
  });

/** Reading level of `short` and body by the language's formula, or undefined where there is none. */
export function readingLevel(answer: Answer): number | undefined {
  const formula = FORMULAS[answer.locale];
  if (formula === undefined) return undefined;
  return levelOf(`${answer.text.short}\n${bodyText(answer)}`, answer.locale, formula);
}

function levelOf(text: string, locale: Locale, formula: Formula): number | undefined {
  const sentences = sentencesOf(simplified(text, locale, formula.fixedTerms));
  const words = sentences.flatMap(wordsOf);
  if (words.length === 0) return undefined;
  const syllables = words.reduce((sum, word) => sum + (word === TERM ? 1 : formula.syllables(word)), 0);
  return formula.score(words.length, sentences.length, syllables);
}

/** Why a text of a few lines is hard to read, for the one who writes it; nothing where it is easy. */
export function hardToRead(text: string, locale: Locale): Sentence[] {
  const formula = FORMULAS[locale];
  const level = formula && levelOf(text, locale, formula);
  const tooLong = longSentences(text).map((sentence): Sentence => {
    return { key: "desk.rule.longSentence", values: { words: wordsOf(sentence).length, most: MAX_WORDS } };
  });
  if (formula === undefined || level === undefined || !formula.tooHard(level)) return tooLong;
  const values = { formula: formula.name, level: level.toFixed(1), limit: formula.limit };
  return [{ key: "desk.rule.hard", values }, ...tooLong];
}

/** Words of the full answer, for the status table. */
export function bodyWords(answer: Answer): number {
  return wordsOf(bodyText(answer)).length;
}

const TERM = "x";

/** Without words to say in another language, and with each fixed term as one word. */
function simplified(text: string, locale: Locale, fixedTerms: readonly string[]): string {
  const own = locale === "en" ? text : text.replace(/"[^"\n]*"/g, ". ");
  const terms = new RegExp(`(?<!\\p{L})(?:${fixedTerms.join("|")})(?!\\p{L})`, "giu");
  return own.replace(terms, TERM);
}

function bodyText({ file }: Answer): string {
  return file.passages.map(({ inlines }) => readable(inlines)).join("\n");
}

function readable(inlines: Answer["file"]["passages"][number]["inlines"]): string {
  let text = "";
  for (const inline of inlines) if (!(inline.bold && SOUNDS_LIKE.test(text))) text += inline.text;
  return text;
}

function longSentences(text: string): string[] {
  return sentencesOf(text.replace(/(Suena|Soa|Sounds like):.*$/gm, "")).filter(
    (sentence) => wordsOf(sentence).length > MAX_WORDS,
  );
}
