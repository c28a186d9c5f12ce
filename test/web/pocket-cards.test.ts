import { join } from "node:path";
import { expect, test } from "vitest";
import { loadTree } from "../../src/content/load.ts";
import { phrasesOf } from "../../src/content/phrases.ts";
import { inLocale } from "../../src/content/tree.ts";
import { loadLocales } from "../../src/locale/translate.ts";
import { pocketCards, pocketCardsFile } from "../../src/web/pocket-cards.ts";
import { NOON } from "../support/clock.ts";

const ROOT = join(import.meta.dirname, "../..");
const [tree, { translate }] = await Promise.all([
  loadTree(join(ROOT, "content"), "checked"),
  loadLocales(join(ROOT, "locales")),
]);
const count = (html: string) => html.match(/<section class="card"/g)?.length ?? 0;

test.each(["en", "es"])("every answer with words to say has a card (%s), each with the way to 911", (locale) => {
  const html = pocketCards({ tree, locale, translate, now: NOON });
  const withWords = [...tree.topics.values()].filter(
    ({ texts }) => phrasesOf(inLocale(texts, locale).blocks).length > 0,
  );
  expect(count(html)).toBe(withWords.length);
  expect(html.match(/<strong>[^<]*911[^<]*<\/strong>/g)).toHaveLength(withWords.length);
});

test("every Spanish card says what the words mean", () => {
  for (const { id, texts } of tree.topics.values())
    for (const { words, meaning } of phrasesOf(inLocale(texts, "es").blocks))
      expect(meaning, `${id}: ${words}`).toBeTruthy();
});

test("an answer that is not current has no card", () => {
  const withdrawn = { ...tree, held: new Map([["port-of-entry/turned-back", "withdrawn" as const]]) };
  const options = { locale: "es", translate, section: "port-of-entry" };
  expect(count(pocketCards({ ...options, tree: withdrawn, now: NOON }))).toBe(
    count(pocketCards({ ...options, tree, now: NOON })) - 1,
  );
  expect(pocketCards({ ...options, tree, now: Date.parse("2030-01-01") })).toBe("");
});

test("the file needs nothing from elsewhere", () => {
  const cards = pocketCards({ tree, locale: "es", translate, now: NOON, section: "get-help" });
  const file = pocketCardsFile({ tree, locale: "es", translate, now: NOON, css: ".card{}", cards });
  expect(file).toMatch(/^<!doctype html>\s*<html lang="es">/);
  expect(file).not.toMatch(/(?:src|href)=/);
});
