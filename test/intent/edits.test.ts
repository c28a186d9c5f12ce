import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withinOneEdit } from "../../src/intent/edits.ts";

describe("withinOneEdit", () => {
  it("counts a letter lost, added, changed or swapped with its neighbour as one edit", () => {
    for (const text of ["abogdo", "abogadoo", "avogado", "abogaod", "abogado"])
      expect(withinOneEdit("abogado", text)).toBe(true);
    for (const text of ["abgdo", "avogadoo", "baogaod", ""]) expect(withinOneEdit("abogado", text)).toBe(false);
  });

  it("holds for every slip in every word, both ways round", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 });
    fc.assert(
      fc.property(letters, fc.constantFrom("", "a", "b", "c"), letters, fc.nat(1), (before, slip, after, lost) => {
        const [word, text] = [before + after, before + slip + after.slice(lost)];
        const swapped = [...after.slice(0, 2)].reverse().join("");
        expect(withinOneEdit(word, text) && withinOneEdit(text, word)).toBe(true);
        expect(withinOneEdit(word, before + swapped + after.slice(2))).toBe(true);
      }),
    );
  });
});
