import { expect, test } from "vitest";
import { parseBody } from "../../src/content/markdown.ts";
import { phrasesOf } from "../../src/content/phrases.ts";
import { fixtureTree } from "./fixture.ts";

const phrases = (body: string) => phrasesOf(parseBody("es.md", body, 1).blocks);

test("words to say come with their meaning and their sound", async () => {
  const tree = await fixtureTree();
  expect(phrasesOf(tree.topics.get("port-of-entry/turned-back")?.texts["es"]?.blocks ?? [])).toEqual([
    { words: "I am afraid to go back.", meaning: "Tengo miedo de volver.", sound: "ai am afréid tu gou bak" },
  ]);
});

test("each sound belongs to the words before it, in one passage or in several", () => {
  expect(phrases('Diga: "One." (Uno.) Suena: **uán.** O: "Two." (Dos.) Suena: **tu.**\n\n1. "Three."')).toEqual([
    { words: "One.", meaning: "Uno.", sound: "uán" },
    { words: "Two.", meaning: "Dos.", sound: "tu" },
    { words: "Three." },
  ]);
});

test("the same words twice are one phrase with all that is known of them", () => {
  expect(phrases('"One."\n\n"One." (Uno.)')).toEqual([{ words: "One.", meaning: "Uno." }]);
});

test("bold text that follows no words to say is no sound", () => {
  expect(phrases('**No firme.** Diga: "No."')).toEqual([{ words: "No." }]);
});
