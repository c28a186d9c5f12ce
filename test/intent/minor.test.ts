import { describe, expect, it } from "vitest";
import { loadCommandWords } from "../../src/intent/command-words.ts";
import { isMinor } from "../../src/intent/minor.ts";

const commandWords = await loadCommandWords("locales");

describe("isMinor", () => {
  it.each([
    "tengo 15 años",
    "soy menor de edad",
    "im 16 and alone",
    "I am a minor",
    "tngo 13 años toy solo",
    "soy una niña de 12 años",
    "no he cumplido 18",
    "I'm 17",
    "Mwen gen 14 an",
    "tengo dieciséis años y viajo sola",
    "tengo 15, estoy sola en la central",
    "I am a 16-year-old girl",
  ])("hears it in %j", (text) => {
    expect(isMinor(text, commandWords)).toBe(true);
  });
  it.each([
    "tengo 35 años",
    "mi hijo tiene 12 años",
    "tengo 5 años aquí",
    "tengo 10 años de casada",
    "my daughter is 15",
    "i am 5 months pregnant",
    "tengo 2 hijos",
    "hace 12 años",
    "i am 17 weeks pregnant",
    "tengo 1 año aquí",
    "soy mamá de una niña de 12 años",
    "I am 5 and a half months pregnant",
    "",
  ])("does not hear it in %j", (text) => {
    expect(isMinor(text, commandWords)).toBe(false);
  });
});
