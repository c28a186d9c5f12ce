import type { Card, OldAnswer } from "../../core/reply.ts";
import type { Locale, TopicId } from "../../core/words.ts";
import {
  type ButtonSpec,
  body,
  buttons,
  context,
  divider,
  header,
  type KnownBlock,
  links,
  paragraph,
  plain,
  quotes,
} from "./blocks.ts";
import type { Look, Showing } from "./reply.ts";
import { ACTION, encode } from "./values.ts";

/** Where a card stands: shown to one person, in a thread, in a dialogue, or posted to a room by somebody. */
export type CardSurface = "private" | "thread" | "modal" | "post";

type CardShowing = Showing & { readonly card: Card };

/** Slack's undocumented total is about 13,000 units a message; the longest answer has 5,000. */
export function cardBlocks(look: Look, shown: CardShowing, surface: CardSurface): KnownBlock[] {
  const { translate } = look;
  const { card, extras, locale, message } = shown;
  const say = (key: string, values?: Record<string, string | number>) => translate(locale, key, values);
  const { current } = card;
  return [
    header(card.title),
    context(...statusLines(look, card, locale)),
    ...(extras !== undefined && extras.flags > 0
      ? [paragraph(say("slack.card.flagged", { count: extras.flags }), { bold: true })]
      : []),
    ...card.notices.map((notice) => paragraph(notice, { bold: true })),
    ...(current ? [body(card.blocks)] : message.text.split("\n").map((line) => paragraph(line))),
    ...(card.wordsToSay.length > 0 ? [context(say("slack.card.words")), quotes(card.wordsToSay)] : []),
    ...(card.sources.length > 0 ? [context(say("slack.card.sources")), links(card.sources.map(sourceLine))] : []),
    ...phoneBlocks(look, shown),
    divider(),
    ...buttons("related", relatedButtons(shown)),
    ...buttons("card", cardButtons(look, shown, surface)),
    context(footer(look, locale)),
  ];
}

/** Everything that a card shows, for notifications and screen readers, which see no blocks. */
export function cardText(look: Look, shown: CardShowing): string {
  const { card, extras, locale, message } = shown;
  const say = (key: string, values?: Record<string, string | number>) => look.translate(locale, key, values);
  const phone = extras?.byPhone;
  return [
    card.title,
    ...card.notices,
    ...(card.current ? bodyLines(card) : [message.text]),
    ...(card.wordsToSay.length > 0 ? [say("slack.card.words"), ...card.wordsToSay] : []),
    ...(phone === undefined ? [] : [say("slack.card.byPhone", { code: phone.code, number: phone.number })]),
    ...statusLines(look, card, locale),
    footer(look, locale),
  ].join("\n");
}

/** The text of an answer that is not current, as one opens it behind the warning. */
export function oldBlocks(look: Look, title: string, old: OldAnswer, locale: Locale): KnownBlock[] {
  return [
    paragraph(old.warning, { bold: true }),
    divider(),
    header(title),
    body(old.blocks),
    context(old.warning),
    context(footer(look, locale)),
  ];
}

/** What a volunteer may do with an answer, and what only lawyers may. */
export function footer({ translate, organisation }: Look, locale: Locale): string {
  const desk = organisation.legalDesk;
  return translate(
    locale,
    desk === undefined ? "slack.footerNobody" : "slack.footer",
    desk === undefined ? {} : { desk },
  );
}

function statusLines({ translate }: Look, card: Card, locale: Locale): string[] {
  return [
    translate(locale, `slack.card.status.${card.status}`),
    translate(locale, "slack.card.dates", {
      factsTo: card.factsTo,
      checkedOn: card.checkedOn,
      validUntil: card.validUntil,
    }),
    card.signedBy === undefined
      ? translate(locale, "slack.card.unsigned")
      : translate(locale, "slack.card.signedBy", { who: card.signedBy }),
  ];
}

function sourceLine({ title, url, date }: Card["sources"][number]): { text: string; url?: string } {
  return { text: date === undefined ? title : `${title} (${date})`, ...(url !== undefined && { url }) };
}

function bodyLines({ blocks }: Card): string[] {
  const line = (inlines: readonly { readonly text: string }[]) => inlines.map(({ text }) => text).join("");
  return blocks.flatMap((block) =>
    block.kind === "paragraph"
      ? [line(block.inlines)]
      : block.items.map((item, index) => `${block.ordered ? `${index + 1}.` : "-"} ${line(item)}`),
  );
}

/** How the guest gets it without anybody typing a number. */
function phoneBlocks({ translate }: Look, { extras, locale }: CardShowing): KnownBlock[] {
  const phone = extras?.byPhone;
  if (phone === undefined) return [];
  const { code, number, qrUrl } = phone;
  const text = plain(translate(locale, "slack.card.byPhone", { code, number }));
  if (qrUrl === undefined) return [{ type: "section", text }];
  const alt = translate(locale, "slack.card.qrAlt", { code, number });
  return [{ type: "section", text, accessory: { type: "image", image_url: qrUrl, alt_text: alt } }];
}

function relatedButtons({ card, locale }: CardShowing): ButtonSpec[] {
  return card.related.map(({ label, target }) => ({
    text: label,
    action: ACTION.go,
    value: encode({ target, locale }),
  }));
}

function cardButtons(look: Look, shown: CardShowing, surface: CardSurface): ButtonSpec[] {
  const { card, extras, locale } = shown;
  const { topic, current } = card;
  const say = (key: string) => look.translate(locale, `slack.button.${key}`);
  const value = encode({ topic, locale });
  const specs: ButtonSpec[] = [];
  if (surface === "private" && current) specs.push({ text: say("post"), action: ACTION.post, value });
  specs.push(...languageButtons(look, topic, locale));
  specs.push({ text: say("flag"), action: ACTION.flag, value });
  if (!current && card.status !== "withdrawn") specs.push({ text: say("old"), action: ACTION.old, value });
  if (extras?.byPhone?.qrUrl !== undefined) specs.push({ text: say("phone"), action: ACTION.phone, value });
  if (extras?.canSend === true && current) specs.push({ text: say("send"), action: ACTION.sendForm, value });
  return specs;
}

/** The same in every other language, each named in itself. */
export function languageButtons({ locales, translate }: Look, topic: TopicId, locale: Locale): ButtonSpec[] {
  return locales
    .filter((other) => other !== locale)
    .map((other) => ({
      text: translate(other, "slack.button.language"),
      action: ACTION.language,
      value: encode({ topic, locale: other }),
    }));
}
