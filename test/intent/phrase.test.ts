import { describe, expect, it } from "vitest";
import { squeeze, words } from "../../src/intent/normalise.ts";
import { compilePhrase } from "../../src/intent/phrase.ts";
import { createPhraseBook } from "../../src/intent/phrase-book.ts";

const hears = (phrase: string, text: string) =>
  createPhraseBook([[compilePhrase(phrase), true]]).heardIn(words(text).map(squeeze)).length > 0;

describe("a phrase", () => {
  it.each([
    ["took +keys", "they took keys", "they took my keys"],
    ["took keys", "took one two keys", "took one two three keys"],
    ["took ... keys", "took one two three keys", "keys they took"],
    ["^ help $", "help", "help me"],
    ["right_now", "right now", "right here now"],
    ["bleed*", "bleeding", "blue"],
    ["soy +11|12", "soy 11", "soy 1"],
    ["esta +golpeando", "está golpenado golpeando... esta golpeandoo", "golpeando esta"],
  ])("%j is heard in %j and not in %j", (phrase, there, notThere) => {
    expect(hears(phrase, there)).toBe(true);
    expect(hears(phrase, notThere)).toBe(false);
  });

  it("is sure only with ! before it", () => {
    expect(compilePhrase("! took keys").sure).toBe(true);
    expect(compilePhrase("took keys").sure).toBe(false);
    expect(hears("! took keys", "took keys")).toBe(true);
  });
});
