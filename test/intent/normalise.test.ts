import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, spelledOut, squeeze, words } from "../../src/intent/normalise.ts";

describe("normalise", () => {
  it("reads words without case, accents, punctuation and invisible characters", () => {
    expect(words("¿Qué HAGO, señor?")).toEqual(["que", "hago", "senor"]);
    expect(words("don't re-entry a\u200bsilo 🙏")).toEqual(["dont", "re", "entry", "asilo"]);
  });

  it("makes words that sound alike the same", () => {
    for (const [a, b] of [
      ["kiero", "quiero"],
      ["avogado", "abogado"],
      ["ijo", "hijo"],
      ["entrevizta", "entrevista"],
      ["yamar", "llamar"],
      ["desision", "decision"],
      ["guerra", "gerra"],
    ] as const) {
      expect(squeeze(a)).toBe(squeeze(b));
    }
    expect(squeeze("casa")).not.toBe(squeeze("carro"));
  });

  it("writes texting forms out, and never a property of every object", () => {
    const lexicon = { replace: { xq: "porque" }, concepts: {} };
    expect(spelledOut("xq constructor toString", lexicon)).toEqual(["porque", "constructor", "tostring"]);
  });

  it("folds any text twice as once, and squeezes it without throwing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
        for (const word of words(text)) squeeze(word);
      }),
    );
  });
});
