import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { privacyMarkdown } from "../../src/privacy/markdown.ts";
import { loadPrivacyPages } from "../../src/privacy/page.ts";
import { RETENTION } from "../../src/privacy/retention.ts";

const pages = await loadPrivacyPages("locales");

it("is there in every language Puente speaks, with every kind of thing that is stored", () => {
  expect(pages.map(({ locale }) => locale)).toEqual(["en", "es"]);
  for (const { rows } of pages) expect(rows.map(({ where }) => where)).toEqual(RETENTION.map(({ where }) => where));
});

it("says everything in sentences of at most 40 words", () => {
  for (const { rows, intro, sections } of pages) {
    const texts = rows.flatMap(({ what, why, keep, who }) => [what, why, who, ...keep]);
    for (const text of [...texts, ...intro, ...sections.flatMap(({ paragraphs }) => paragraphs)])
      for (const sentence of text.split(/(?<=[.?!]) /)) {
        expect(sentence).toMatch(/^[A-ZÁÉÍÓÚÑ¿¡].*\.$/);
        expect(sentence.split(" ").length, sentence).toBeLessThanOrEqual(40);
      }
  }
});

it("gives ages in words", () => {
  const keeps = pages.map(({ rows }) => rows.find(({ where }) => where === "conversations.context")?.keep);
  expect(keeps).toEqual([["Erased after 30 minutes."], ["Se borra después de 30 minutos."]]);
});

it("is what docs/privacy.md says: `npm run docs` writes it", async () => {
  expect(await readFile("docs/privacy.md", "utf8")).toBe(privacyMarkdown(pages));
});
