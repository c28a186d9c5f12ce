import { expect, test } from "vitest";
import { withAsides } from "../../src/intent/asides.ts";
import type { Examples } from "../../src/intent/examples.ts";
import { createRandom } from "../../src/intent/random.ts";

const examples: Examples = {
  labels: [
    { kind: "topic", topic: "port-of-entry/turned-back" },
    { kind: "topic", topic: "about/cost" },
  ],
  texts: ["me negaron la entrada", "Le niegan entrar", "how much is it"],
  classes: Uint16Array.of(0, 0, 1),
  locales: ["es", undefined, "en"],
};
const asides = { before: ["estoy en {place},"], after: ["aqui en {place}"], names: { place: ["reynosa", "nogales"] } };
const expanded = (seed: number) =>
  withAsides(examples, { replace: {}, concepts: {}, asides: { es: asides } }, createRandom(seed));

test("a question is learned as it stands, and once more with something said beside it", () => {
  const { texts, classes } = expanded(1);
  expect(texts.slice(0, 3)).toEqual(examples.texts);
  expect(texts).toHaveLength(4);
  expect(texts[3]).toMatch(/me negaron la entrada/);
  expect(texts[3]).toMatch(/(?:reynosa|nogales)/);
  expect([...classes]).toEqual([0, 0, 1, 0]);
});

test("titles, and languages without asides, stay as they are", () => {
  expect(expanded(1).locales).toEqual(["es", undefined, "en", "es"]);
});

test("the same seed gives the same asides", () => {
  expect(expanded(5)).toEqual(expanded(5));
});
