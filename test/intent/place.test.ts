import { describe, expect, it } from "vitest";
import { loadTree } from "../../src/content/load.ts";
import { findPlace } from "../../src/intent/place.ts";

const { places } = await loadTree("content", "checked");

describe("findPlace", () => {
  it("finds a city by name, by what people call it, and with a slip", () => {
    for (const text of ["Tijuana", "busco abogado en TIJUANA", "tj", "en tijuna"])
      expect(findPlace(text, places)?.id).toBe("tijuana");
  });

  it("prefers the longer name", () => {
    expect(findPlace("la garita de san ysidro en tijuana", places)?.id).toBe("san-ysidro");
  });

  it("finds none where none is named", () => {
    for (const text of ["", "hola", "tengo miedo de volver"]) expect(findPlace(text, places)).toBeUndefined();
  });
});
