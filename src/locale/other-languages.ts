import { eld } from "eld/extrasmall";

/** Languages it may name beside our own: those likely here, so that a texted line is not read as Polish. */
const LANGUAGES = ["en", "es", "pt", "fr", "it", "de", "ro", "tr", "vi", "tl"];

const reader = eld.newInstance();
reader.setLanguageSubset(LANGUAGES);

/** The language of a line in Latin letters by its letters alone, or "", and how near each language comes. */
export function detectOther(text: string): {
  readonly language: string;
  readonly scores: Readonly<Partial<Record<string, number>>>;
} {
  const result = reader.detect(text);
  return { language: result.language, scores: result.getScores() };
}
