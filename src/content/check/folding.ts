import type { Locale } from "../../core/words.ts";
import { answersOf, error, type Rule } from "./rule.ts";

/**
 * Words whose meaning hangs on an accent that an SMS loses (`core/fold.ts` folds á í ó ú; é and ñ stay, so él/el,
 * té/te and dé/de keep apart), and what to write instead.
 */
const PAIRS: Readonly<Record<Locale, readonly (readonly [word: string, becomes: string, instead: string])[]>> = {
  es: [
    ["sí", "si", "acepte, responda que quiere"],
    ["está", "esta", "se encuentra, es"],
    ["más", "mas", "después, otra vez, mayor"],
    ["tú", "tu", "usted"],
    ["mí", "mi", "otra forma"],
    ["aún", "aun", "todavía"],
  ],
};

/** `short` and `always` go out as SMS: there, such a word would be read as the other one. */
export const checkFolding: Rule = (content) =>
  answersOf(content).flatMap(({ locale, file, text }) =>
    (["short", "always"] as const).flatMap((field) =>
      (PAIRS[locale] ?? [])
        .filter(([word]) => new RegExp(`(?<!\\p{L})${word}(?!\\p{L})`, "iu").test(text[field]))
        .map(([word, becomes, instead]) =>
          error(
            "folding",
            file.file,
            file.lineOf(field),
            `"${field}" has '${word}', which a phone shows as '${becomes}'. Write it in other words (${instead}).`,
          ),
        ),
    ),
  );
