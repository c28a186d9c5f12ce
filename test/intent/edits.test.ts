import { describe, expect, it } from "vitest";
import { withinEdits } from "../../src/intent/edits.ts";

describe("withinEdits", () => {
  it("counts a letter lost, added, changed or swapped with its neighbour as one edit", () => {
    for (const text of ["abogdo", "abogadoo", "avogado", "abogaod", "abogado"])
      expect(withinEdits("abogado", text, 1)).toBe(true);
    for (const text of ["abgdo", "avogadoo", ""]) expect(withinEdits("abogado", text, 1)).toBe(false);
  });
});
