import { beforeAll, describe, expect, test } from "vitest";
import { helpFor, nearestPlace } from "../../src/content/directory.ts";
import type { Tree } from "../../src/content/tree.ts";
import { foldForSms } from "../../src/core/fold.ts";
import { countSegments } from "../../src/core/segments.ts";
import type { Translate } from "../../src/locale/translate.ts";
import { fixtureTranslate, fixtureTree } from "./fixture.ts";

let translate: Translate;
let tree: Tree;
beforeAll(async () => {
  translate = await fixtureTranslate();
  tree = await fixtureTree();
});

const help = (id: string, locale = "es", from = tree) => {
  const place = from.places.find((candidate) => candidate.id === id);
  if (place === undefined) throw new Error(`no place ${id} in the fixture`);
  return helpFor(from, place, locale, translate).split("\n");
};

describe("the nearest help", () => {
  test("in the United States: who serves the place, the most local first, with the month a number was seen", () => {
    expect(help("el-paso")).toEqual([
      "Ayuda legal cerca de El Paso (puede estar llena):",
      "Desert Legal Line: 1-202-555-0122",
      "River Legal Aid: 202-555-0111 (visto jul 2026)",
      "List of free lawyers: lawyers.example.org/list",
    ]);
  });

  test("in Mexico: only numbers that work there, dialled as from there", () => {
    expect(help("ciudad-juarez", "en")).toEqual([
      "Legal help near Ciudad Juarez (may be full):",
      "River Legal Aid: 001 202 555 0111 (seen Jul 2026)",
      "List of free lawyers: lawyers.example.org/list",
    ]);
  });

  test("at a port: a number that works on one side only says on which", async () => {
    const from = await fixtureTree({
      "directory.yaml": (text) => text.replace("places: [el-paso]", "places: [paso-del-norte]"),
    });
    expect(help("paso-del-norte", "es", from)).toContain("Desert Legal Line: EE.UU.: 1-202-555-0122");
  });

  test("where nobody serves the place: who is nearest, then the lists for everywhere", () => {
    expect(help("tijuana").slice(1)).toEqual([
      "River Legal Aid: 001 202 555 0111 (visto jul 2026)",
      "List of free lawyers: lawyers.example.org/list",
    ]);
  });

  test("fits two SMS segments with room to spare, however many serve the place", () => {
    const [entry] = tree.directory.filter(({ id }) => id === "river-legal");
    const many =
      entry === undefined
        ? []
        : Array.from({ length: 20 }, (_, index) => ({
            ...entry,
            id: `legal-${index}`,
            name: "A very long name of a legal aid organisation",
          }));
    const lines = help("el-paso", "es", { ...tree, directory: many });
    expect(lines.length).toBeGreaterThan(1);
    expect(countSegments(foldForSms(lines.join("\n"))).units).toBeLessThanOrEqual(255);
  });
});

describe("the nearest place", () => {
  test("is the one at the smallest distance over ground", () => {
    expect(nearestPlace(tree.places, { lat: 31.7, lon: -106.45 }).id).toBe("ciudad-juarez");
    expect(nearestPlace(tree.places, { lat: 33, lon: -117 }).id).toBe("tijuana");
  });
});
