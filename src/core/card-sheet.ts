import type { Card, OldAnswer } from "./reply.ts";
import { buttonRow, type Look, type SheetButton, type SheetPart, type Showing, type Surface } from "./sheet.ts";
import type { Locale, TopicId } from "./words.ts";

type CardShowing = Showing & { readonly card: Card };

/** A volunteer's card: the answer with its dates and sources, the way to a guest's phone, and what can be done with it. */
export function cardSheet(look: Look, shown: CardShowing, surface: Surface): SheetPart[] {
  const { card, extras, locale, message } = shown;
  const say = (key: string, values?: Record<string, string | number>) => look.translate(locale, key, values);
  const answer: SheetPart[] = card.current
    ? [{ kind: "body", blocks: card.blocks }]
    : message.text.split("\n").map((text) => ({ kind: "paragraph", text }));
  return [
    { kind: "heading", text: card.title },
    { kind: "small", lines: statusLines(look, card, locale) },
    ...(extras !== undefined && extras.flags > 0 ? [bold(say("room.card.flagged", { count: extras.flags }))] : []),
    ...card.notices.map(bold),
    ...answer,
    ...(card.wordsToSay.length > 0 ? [small(say("room.card.words")), quotes(card.wordsToSay)] : []),
    ...(card.sources.length > 0
      ? [small(say("room.card.sources")), { kind: "links", items: card.sources.map(sourceLine) } as const]
      : []),
    ...phoneParts(look, shown),
    { kind: "divider" },
    ...buttonRow(
      "related",
      card.related.map(({ label, target }) => ({ text: label, press: { kind: "go", target, locale } })),
    ),
    ...buttonRow("card", cardButtons(look, shown, surface)),
    small(footer(look, locale)),
  ];
}

/** The text of an answer that is not current, as one opens it behind the warning. */
export function oldSheet(look: Look, title: string, old: OldAnswer, locale: Locale): SheetPart[] {
  return [
    bold(old.warning),
    { kind: "divider" },
    { kind: "heading", text: title },
    { kind: "body", blocks: old.blocks },
    small(old.warning),
    small(footer(look, locale)),
  ];
}

/** What a volunteer may do with an answer, and what only lawyers may. */
export function footer({ translate, organisation }: Look, locale: Locale): string {
  const desk = organisation.legalDesk;
  return desk === undefined ? translate(locale, "room.footerNobody") : translate(locale, "room.footer", { desk });
}

/** How far the answer may be trusted: its state, its dates, who signed it. */
export function statusLines({ translate }: Look, card: Card, locale: Locale): string[] {
  return [
    translate(locale, `room.card.status.${card.status}`),
    translate(locale, "room.card.dates", {
      factsTo: card.factsTo,
      checkedOn: card.checkedOn,
      validUntil: card.validUntil,
    }),
    card.signedBy === undefined
      ? translate(locale, "room.card.unsigned")
      : translate(locale, "room.card.signedBy", { who: card.signedBy }),
  ];
}

/** The same in every other language, each named in itself. */
export function languageButtons({ locales, translate }: Look, topic: TopicId, locale: Locale): SheetButton[] {
  return locales
    .filter((other) => other !== locale)
    .map((other) => ({
      text: translate(other, "room.button.language"),
      press: { kind: "language", topic, locale: other },
    }));
}

function bold(text: string): SheetPart {
  return { kind: "paragraph", text, bold: true };
}

function small(...lines: string[]): SheetPart {
  return { kind: "small", lines };
}

function quotes(words: readonly string[]): SheetPart {
  return { kind: "quotes", words };
}

function sourceLine({ title, url, date }: Card["sources"][number]): { text: string; url?: string } {
  return { text: date === undefined ? title : `${title} (${date})`, ...(url !== undefined && { url }) };
}

/** How the guest gets it without anybody typing a number. */
function phoneParts({ translate }: Look, { extras, locale }: CardShowing): SheetPart[] {
  const phone = extras?.byPhone;
  if (phone === undefined) return [];
  const { code, number, qrUrl } = phone;
  const text = translate(locale, "room.card.byPhone", { code, number });
  if (qrUrl === undefined) return [{ kind: "paragraph", text }];
  return [{ kind: "picture", text, url: qrUrl, alt: translate(locale, "room.card.qrAlt", { code, number }) }];
}

function cardButtons(look: Look, { card, extras, locale }: CardShowing, surface: Surface): SheetButton[] {
  const { topic, current } = card;
  const button = (key: string, kind: "post" | "flag" | "old" | "phone" | "send"): SheetButton => ({
    text: look.translate(locale, key),
    press: { kind, topic, locale },
  });
  return [
    ...(surface === "private" && current ? [button(look.shareKey, "post")] : []),
    ...languageButtons(look, topic, locale),
    button("room.button.flag", "flag"),
    ...(!current && card.status !== "withdrawn" ? [button("room.button.old", "old")] : []),
    ...(extras?.byPhone?.qrUrl !== undefined ? [button("room.button.phone", "phone")] : []),
    ...(extras?.canSend === true && current ? [button("room.button.send", "send")] : []),
  ];
}
