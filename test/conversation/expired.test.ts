import { describe, expect, test } from "vitest";
import { composeAnswer } from "../../src/content/answer.ts";
import { textOf } from "../../src/content/markdown.ts";
import { getTopic, inLocale } from "../../src/content/tree.ts";
import { foldForSms } from "../../src/core/fold.ts";
import { CHANNEL_NAMES, type ChannelName } from "../../src/core/words.ts";
import { answering, aPhone, clock } from "../support/answering.ts";

const HUMAN_ROUTE = "get-help/free-legal-help";
/** Every answer of the tree ends within a year. */
clock.advance(400 * 24 * 3_600_000);

const tree = answering.tree();
const answers = [...tree.topics.values()].flatMap((topic) => tree.locales.map((locale) => ({ topic, locale })));
const as = (channel: ChannelName, text: string) => (channel === "sms" ? foldForSms(text) : text.normalize("NFC"));
/** Parts are joined as a phone shows them one after the other. */
const flat = (text: string) => text.replace(/\s+/g, " ");

describe.each(CHANNEL_NAMES)("past its end, on %s,", (channel) => {
  test("every answer gives its `always` and the human route, and nothing of the old text", () => {
    for (const { topic, locale } of answers) {
      const text = inLocale(topic.texts, locale);
      const { reply, text: said } = aPhone(channel).say(topic.codes[locale] ?? "");
      const shown = flat(said);
      expect(reply?.topics, topic.id).toEqual([topic.id]);
      expect(shown, topic.id).toContain(flat(as(channel, text.always)));
      // A few danger topics say the same in both.
      if (text.short !== text.always) expect(shown, topic.id).not.toContain(flat(as(channel, text.short)));
      expect(shown, topic.id).toContain("911");
      const label = as(channel, getTopic(tree, HUMAN_ROUTE).texts[locale]?.label ?? "?");
      if (topic.id !== HUMAN_ROUTE) expect(shown, topic.id).toContain(label);
      expect(JSON.stringify(reply), topic.id).not.toContain(JSON.stringify(text.blocks).slice(1, -1));
    }
  });

  test("MORE does not bring the old text back", () => {
    const phone = aPhone(channel);
    phone.say("PUERTO2");
    const { reply, text: said } = phone.say("MAS");
    const topic = getTopic(tree, reply?.topics[0] ?? "");
    const steps = inLocale(topic.texts, "es").blocks.flatMap((block) => (block.kind === "list" ? block.items : []));
    expect(steps.length).toBeGreaterThan(5);
    for (const step of steps.map(textOf)) expect(flat(said)).not.toContain(flat(as(channel, step)));
  });

  test("danger is answered as on the first day", () => {
    const { reply, text: said } = aPhone(channel).say("me estan regresando en el puente que hago");
    expect(reply).toMatchObject({ kind: "danger", topics: ["port-of-entry/turned-back"] });
    const { always } = inLocale(getTopic(tree, "port-of-entry/turned-back").texts, "es");
    expect(flat(said)).toBe(flat(as(channel, always)));
  });
});

test("a volunteer opens the old text of every answer, behind a warning that says how far its sources reach", () => {
  for (const { topic, locale } of answers) {
    const options = { kind: "answer", translate: answering.translate, audience: "volunteer" } as const;
    const { card } = composeAnswer(tree, topic.id, locale, clock.now(), options);
    expect(card?.old, topic.id).toMatchObject({ short: inLocale(topic.texts, locale).short });
    expect(card?.old?.warning, topic.id).toMatch(/20\d\d/);
    expect(card?.blocks, topic.id).not.toEqual(card?.old?.blocks);
  }
});
