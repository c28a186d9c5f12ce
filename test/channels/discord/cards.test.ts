import { describe, expect, test } from "vitest";
import { replyMessage, sheetMessage, sheetMessages } from "../../../src/channels/discord/message.ts";
import { composeAnswer } from "../../../src/content/answer.ts";
import { sectionMenu, topMenu } from "../../../src/content/menu.ts";
import { oldSheet } from "../../../src/core/card-sheet.ts";
import { phoneSheet } from "../../../src/core/room-forms.ts";
import type { Locale } from "../../../src/core/words.ts";
import { answering, clock } from "../../support/answering.ts";
import { ANSWERS, FULL, lookWith, STATES, shownIn } from "../../support/cards.ts";
import { isJson, type Json, textsOf } from "../../support/discord-components.ts";
import { problemsOfMessage } from "../../support/discord-rules.ts";

const { translate } = answering;
const tree = answering.tree();
const look = lookWith("discord.button.share");

const problemsOf = (message: object) => problemsOfMessage({ ...message }, "message", []);
/** What a reader sees: marks taken away, and the zero-width spaces that keep names from ringing. */
const seen = (message: object) =>
  textsOf({ ...message })
    .join("\n")
    .replace(/\\(.)/g, "$1")
    .replaceAll("**", "");
/** All pages, by the buttons that lead on. */
function pagesOf(what: Parameters<typeof replyMessage>[1], surface: Parameters<typeof replyMessage>[2]) {
  const pages = [replyMessage(look, what, surface)];
  while (JSON.stringify(pages.at(-1)).includes(`|${pages.length}"`) && pages.length < 10)
    pages.push(replyMessage(look, what, surface, pages.length));
  return pages;
}

describe("a card, for every topic and locale of the tree", () => {
  for (const [state, over] of Object.entries(STATES))
    test(`keeps Discord's limits when ${state}, on every page`, () => {
      for (const { topic, locale } of ANSWERS)
        for (const surface of ["private", "thread", "post"] as const)
          for (const [page, message] of pagesOf(shownIn(over, topic, locale), surface).entries())
            expect(problemsOf(message), `${topic} ${locale} ${surface} ${page}`).toEqual([]);
    });

  test("keeps the limits of its old text, and shows the warning on every page of it", () => {
    for (const { topic, locale } of ANSWERS) {
      const { card } = shownIn(STATES.held, topic, locale);
      if (card?.old === undefined) throw new Error(`${topic} has no old text`);
      for (const message of sheetMessages(look, locale, oldSheet(look, card.title, card.old, locale))) {
        expect(problemsOf(message), `${topic} ${locale}`).toEqual([]);
        expect(seen(message)).toContain(card.old.warning);
      }
    }
  });

  test("shows title, all of the answer, words to say, sources with their links, dates, the code and the footer", () => {
    for (const { topic, locale } of ANSWERS) {
      const what = shownIn(tree, topic, locale);
      const pages = pagesOf(what, "private");
      const text = pages.map(seen).join("\n");
      const links = JSON.stringify(pages);
      const { card } = what;
      if (card === undefined) throw new Error(`${topic} has no card`);
      const answer = card.blocks.flatMap((block) => (block.kind === "paragraph" ? [block.inlines] : block.items));
      const plain = answer.map((inlines) => inlines.map(({ text: one }) => one).join(""));
      const withoutLinks = text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("\u200b", "");
      for (const words of [card.title, ...plain, ...card.wordsToSay, card.factsTo, card.checkedOn, card.validUntil])
        expect(withoutLinks, `${topic} ${locale}`).toContain(words);
      for (const source of card.sources) {
        expect(text, topic).toContain(source.title);
        if (source.url !== undefined) expect(links, topic).toContain(source.url);
      }
      for (const page of pages) expect(seen(page)).toContain("Example legal desk, +1 202 555 0102");
      expect(text).toContain("MIEDO4");
    }
  });

  test("says nothing of the old text when the answer is not current", () => {
    for (const { topic, locale } of ANSWERS) {
      const old = tree.topics.get(topic)?.texts[locale];
      // Some danger topics say in their answer what they always say.
      if (old !== undefined && old.short !== old.always)
        expect(
          pagesOf(shownIn(STATES.held, topic, locale), "thread")
            .map(seen)
            .join("\n"),
          topic,
        ).not.toContain(old.short);
    }
  });

  test("answers danger with the short text alone, and the full answer one button away", () => {
    for (const { topic, locale } of ANSWERS.filter(({ topic }) => tree.topics.get(topic)?.danger)) {
      const reply = composeAnswer(tree, topic, locale, clock.now(), { kind: "danger", translate });
      const message = reply.messages[0] ?? { text: "", choices: [] };
      const what = { kind: "danger" as const, locale, message, ...(reply.card && { card: reply.card }) };
      const rendered = replyMessage(look, what, "thread");
      expect(problemsOf(rendered), topic).toEqual([]);
      expect(seen(rendered).startsWith(message.text), topic).toBe(true);
    }
  });
});

describe("menus", () => {
  const everyMenu = (locale: Locale) => [
    topMenu(tree, locale, translate),
    ...tree.sections.flatMap(({ id }) => [0, 1, 2].map((page) => sectionMenu(tree, id, page, locale, translate))),
  ];

  test("keep Discord's limits, every page of every section", () => {
    for (const locale of tree.locales)
      for (const menu of everyMenu(locale)) {
        const message = replyMessage(look, { kind: "command", locale, message: menu }, "private");
        expect(problemsOf(message), menu.text).toEqual([]);
        for (const { label } of menu.choices) expect(seen(message)).toContain(label);
      }
  });

  test("the picture for a phone keeps the limits", () => {
    const byPhone = FULL.byPhone ?? expect.fail();
    for (const locale of tree.locales)
      expect(problemsOf(sheetMessage(look, locale, phoneSheet(look, locale, byPhone)))).toEqual([]);
  });
});

test("text of people cannot make markup, ring anybody or outgrow a message", () => {
  const text = `@everyone <@1500000000000000002> **bold** [link](https://example.org) # heading ${"x".repeat(9_000)}`;
  const message = sheetMessage(look, "en", [{ kind: "paragraph", text: `# ${text}\n1. one\n- two\n> three` }]);
  expect(problemsOf(message)).toEqual([]);
  const [container] = message.components;
  const content = isJson(container) ? String((container["components"] as Json[])[0]?.["content"]) : "";
  expect(content).not.toMatch(/@everyone|[^\\]<@|^# |[^\\*]\*\*/);
});
