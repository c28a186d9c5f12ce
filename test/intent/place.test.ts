import { describe, expect, it } from "vitest";
import { loadTree } from "../../src/content/load.ts";
import { findPlace, onlyPlace } from "../../src/intent/place.ts";

const { places, lexicon } = await loadTree("content", "checked");

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

describe("onlyPlace", () => {
  it("hears where somebody is, when nothing else is said", () => {
    const only = (text: string) => onlyPlace(text, { places, lexicon })?.id;
    expect(only("estoy en el paso")).toBe("el-paso");
    expect(only("Stoy en Reynosa")).toBe("reynosa");
    expect(only("we r in laredo")).toBe(only("laredo"));
    for (const text of ["", "estoy en", "ice en tijuana", "albergue en tijuana", "cuando paso", "doy el paso mañana"])
      expect(only(text)).toBeUndefined();
  });
});
