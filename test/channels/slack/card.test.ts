import { describe, expect, test } from "vitest";
import { oldModal, phoneModal, replyModal } from "../../../src/channels/slack/modals.ts";
import { render } from "../../../src/channels/slack/reply.ts";
import { composeAnswer } from "../../../src/content/answer.ts";
import { sectionMenu, topMenu } from "../../../src/content/menu.ts";
import { answering, clock } from "../../support/answering.ts";
import { problemsOfMessage, problemsOfView, textsOf } from "../../support/block-kit.ts";
import { ANSWERS, FULL, lookWith, STATES, shownIn } from "../../support/cards.ts";

const { translate } = answering;
const tree = answering.tree();
const look = lookWith("slack.post");
describe("a card, for every topic and locale of the tree", () => {
  for (const [state, over] of Object.entries(STATES))
    test(`keeps Block Kit's limits when ${state}, in a message and in a dialogue`, () => {
      for (const { topic, locale } of ANSWERS)
        for (const surface of ["private", "thread", "post"] as const) {
          const what = shownIn(over, topic, locale);
          expect(problemsOfMessage({ ...render(look, what, surface) }), `${topic} ${locale} ${surface}`).toEqual([]);
          expect(problemsOfView({ ...replyModal(look, what) }), `${topic} ${locale}`).toEqual([]);
        }
    });

  test("keeps the limits of the dialogue with its old text", () => {
    for (const { topic, locale } of ANSWERS) {
      const { card } = shownIn(STATES.held, topic, locale);
      if (card?.old === undefined) throw new Error(`${topic} has no old text`);
      expect(problemsOfView({ ...oldModal(look, card.title, card.old, locale) }), `${topic} ${locale}`).toEqual([]);
    }
  });

  test("shows title, words to say, sources with their links, dates, the code for phones and the footer", () => {
    for (const { topic, locale } of ANSWERS) {
      const what = shownIn(tree, topic, locale);
      const { blocks, text } = render(look, what, "private");
      // Bold words are elements of their own.
      const seen = textsOf(blocks).join("");
      const { card } = what;
      if (card === undefined) throw new Error(`${topic} has no card`);
      const links = JSON.stringify(blocks);
      for (const words of [
        card.title,
        ...card.wordsToSay,
        ...card.steps,
        card.factsTo,
        card.checkedOn,
        card.validUntil,
      ])
        expect(seen, topic).toContain(words);
      for (const source of card.sources) {
        expect(seen, topic).toContain(source.title);
        if (source.url !== undefined) expect(links, topic).toContain(source.url);
      }
      expect(seen).toContain("MIEDO4");
      expect(seen).toContain("Example legal desk, +1 202 555 0102");
      // What blocks show, a screen reader hears.
      for (const words of [card.title, ...card.wordsToSay, ...card.steps]) expect(text, topic).toContain(words);
    }
  });

  test("says nothing of the old text when the answer is not current", () => {
    for (const { topic, locale } of ANSWERS) {
      const { blocks, text } = render(look, shownIn(STATES.held, topic, locale), "thread");
      const old = tree.topics.get(topic)?.texts[locale];
      // Some danger topics say in their answer what they always say.
      if (old !== undefined && old.short !== old.always)
        expect(textsOf(blocks).join("\n") + text, topic).not.toContain(old.short);
    }
  });

  test("answers danger with the short text alone, and the full answer one button away", () => {
    for (const { topic, locale } of ANSWERS.filter(({ topic }) => tree.topics.get(topic)?.danger)) {
      const reply = composeAnswer(tree, topic, locale, clock.now(), { kind: "danger", translate });
      const message = reply.messages[0] ?? { text: "", choices: [] };
      const rendered = render(
        look,
        { kind: "danger", locale, message, ...(reply.card && { card: reply.card }) },
        "thread",
      );
      expect(problemsOfMessage({ ...rendered }), topic).toEqual([]);
      expect(rendered.text).toBe(message.text);
    }
  });
});

describe("menus", () => {
  test("keep Block Kit's limits, every page of every section", () => {
    for (const locale of tree.locales)
      for (const menu of [
        topMenu(tree, locale, translate),
        ...tree.sections.flatMap(({ id }) => [0, 1, 2].map((page) => sectionMenu(tree, id, page, locale, translate))),
      ]) {
        const rendered = render(look, { kind: "command", locale, message: menu }, "private");
        expect(problemsOfMessage({ ...rendered }), menu.text).toEqual([]);
      }
  });

  test("the picture for a phone keeps the limits of a dialogue", () => {
    for (const locale of tree.locales)
      expect(problemsOfView({ ...phoneModal(look, locale, FULL.byPhone) })).toEqual([]);
  });
});
