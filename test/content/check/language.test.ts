import { describe, expect, test } from "vitest";
import { englishSyllables, sentencesOf, spanishSyllables, wordsOf } from "../../../src/content/check/language.ts";

describe("counting syllables", () => {
  test.each([
    ["puente", 2],
    ["miedo", 2],
    ["país", 2],
    ["países", 3],
    ["teatro", 3],
    ["abogado", 4],
    ["quiere", 2],
    ["guerra", 2],
    ["pingüino", 3],
    ["día", 2],
    ["ley", 1],
    ["hoy", 1],
    ["ya", 1],
    ["ayuda", 3],
    ["ahora", 3],
    ["entrevista", 4],
    ["creíble", 3],
    ["audiencia", 3],
    ["2026", 1],
  ])("the Spanish word %s has %i", (word, syllables) => {
    expect(spanishSyllables(word)).toBe(syllables);
  });

  test.each([
    ["fear", 1],
    ["the", 1],
    ["officer", 3],
    ["asked", 1],
    ["wanted", 2],
    ["papers", 2],
    ["judge", 1],
    ["table", 2],
    ["yes", 1],
    ["interview", 3],
    ["supervisor", 4],
    ["2026", 1],
  ])("the English word %s has %i", (word, syllables) => {
    expect(englishSyllables(word)).toBe(syllables);
  });
});

describe("finding sentences", () => {
  test("ends one at a full stop, a question mark, a colon or a line's end", () => {
    expect(sentencesOf("Si teme: dígalo. ¿Qué hago?\nEspere")).toEqual(["Si teme:", "dígalo.", "¿Qué hago?", "Espere"]);
  });

  test("ends none at the stop of an abbreviation, a number or an address", () => {
    expect(sentencesOf("En EE.UU. llame a las 8 a.m. hoy")).toHaveLength(1);
    expect(sentencesOf("In the U.S. see acis.eoir.justice.gov or pay $1.50 there")).toHaveLength(1);
    expect(sentencesOf("You may say no. Then wait.")).toHaveLength(2);
  });

  test("takes words to say for a sentence of their own", () => {
    expect(sentencesOf('If it is true, say "I am afraid." Then wait.')).toHaveLength(3);
  });

  test("counts a phone number and a word with a hyphen as one word", () => {
    expect(wordsOf("llame al 1-800-898-7180 con su número-A")).toHaveLength(6);
  });
});
