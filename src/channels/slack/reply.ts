import type { CardExtras, Shown } from "../../core/front-desk.ts";
import type { Organisation } from "../../core/organisation.ts";
import type { Card, Choice, ReplyKind, ReplyMessage } from "../../core/reply.ts";
import type { Locale } from "../../core/words.ts";
import type { Translate } from "../../locale/translate.ts";
import { type ButtonSpec, buttons, context, type KnownBlock, paragraph } from "./blocks.ts";
import { type CardSurface, cardBlocks, cardText, languageButtons } from "./card.ts";
import { ACTION, encode } from "./values.ts";

/** What every rendering needs to know. */
export interface Look {
  readonly translate: Translate;
  readonly locales: readonly Locale[];
  readonly organisation: Organisation;
}

/** What is to be shown: one message of a reply, and its card if it has one. */
export interface Showing {
  readonly kind: ReplyKind;
  readonly locale: Locale;
  readonly message: ReplyMessage;
  readonly card?: Card;
  readonly extras?: CardExtras;
  /** Lines before everything else: a late answer's time, the wish that a message be deleted. */
  readonly leads?: readonly string[];
}

/** A message as Slack takes it: blocks for the eye, the same as text for notifications and screen readers. */
export interface Rendered {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** A reply of the desk as one thing to show. Notices before an answer stand on its card. */
export function showing({ reply, extras }: Shown, leads: readonly string[] = []): Showing {
  const { kind, locale, card, messages } = reply;
  const message = messages[card === undefined || card.notices.length === 0 ? 0 : 1] ?? { text: "", choices: [] };
  return { kind, locale, message, leads, ...(card && { card }), ...(extras && { extras }) };
}

/** A reply for Slack: an answer as a card, everything else as text with its choices as buttons. */
export function render(look: Look, shown: Showing, surface: CardSurface): Rendered {
  const { card, leads = [], message } = shown;
  const before = leads.map((lead) => paragraph(lead, { bold: true }));
  // In danger the short text comes alone: the card is one button away.
  if (card !== undefined && shown.kind !== "danger") {
    const text = [...leads, cardText(look, { ...shown, card })].join("\n");
    return { text, blocks: [...before, ...cardBlocks(look, { ...shown, card }, surface)] };
  }
  const closing = closingOf(look, shown);
  const rows = [...buttons("choices", choiceButtons(shown)), ...buttons("more", moreButtons(look, shown, surface))];
  const text = [...leads, message.text, ...message.choices.map(({ label }) => `- ${label}`), closing];
  return {
    text: text.filter((line) => line !== undefined && line !== "").join("\n"),
    blocks: [
      ...before,
      ...message.text.split("\n").map((line) => paragraph(line)),
      ...rows,
      ...(closing === undefined ? [] : [context(closing)]),
    ],
  };
}

/** Numbers to type make no sense beside buttons; the way to 911 always does. */
function closingOf({ translate }: Look, { kind, locale, message }: Showing): string | undefined {
  if (kind === "clarify") return translate(locale, "slack.clarifyClosing");
  const menu = message.choices.length > 0 && message.choices.every(({ target }) => target.kind !== "command");
  return kind === "command" && menu ? undefined : message.closing;
}

function choiceButtons({ message, locale }: Showing): ButtonSpec[] {
  return message.choices.map(({ label, target }: Choice) => ({
    text: label,
    action: ACTION.go,
    value: encode({ target, locale }),
  }));
}

function moreButtons(look: Look, { kind, locale, card, message }: Showing, surface: CardSurface): ButtonSpec[] {
  const { translate } = look;
  const specs: ButtonSpec[] = card === undefined ? [] : languageButtons(look, card.topic, locale);
  if (card !== undefined) {
    const target = { kind: "topic", topic: card.topic } as const;
    specs.push({ text: translate(locale, "slack.button.full"), action: ACTION.go, value: encode({ target, locale }) });
  }
  if (kind === "none" && message.choices.length > 0) {
    specs.push({ text: translate(locale, "slack.button.gap"), action: ACTION.gap, value: encode({ locale }) });
  }
  const isMenu = message.choices.length > 5;
  if (!isMenu && surface !== "post") {
    const target = { kind: "command", command: "menu" } as const;
    specs.push({ text: translate(locale, "slack.button.menu"), action: ACTION.go, value: encode({ target, locale }) });
  }
  return specs;
}
