import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePhrase } from "../../src/intent/phrase.ts";
import { createPhraseBook } from "../../src/intent/phrase-book.ts";

describe("a book of phrases", () => {
  it("hears each phrase as if it stood alone, and in its own order", () => {
    const word = fc.constantFrom("ayuda", "policia", "golpeando", "golpendo", "casa", "cas", "mi", "en");
    const part = fc.oneof(
      word,
      word.map((stem) => `${stem}*`),
      fc.tuple(word, word).map(([one, other]) => `${one}|${other}_en`),
      word.map((next) => `+${next}`),
      fc.constantFrom("...", "^", "$"),
    );
    const phrases = fc.array(fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(" ")));
    fc.assert(
      fc.property(phrases, fc.array(word, { minLength: 1, maxLength: 8 }), (texts, tokens) => {
        const entries = texts.map((text, at) => [compilePhrase(text), at] as const);
        const alone = entries.filter((entry) => createPhraseBook([entry]).heardIn(tokens).length > 0);
        expect(createPhraseBook(entries).heardIn(tokens)).toEqual(alone.map(([, at]) => at));
      }),
    );
  });
});
