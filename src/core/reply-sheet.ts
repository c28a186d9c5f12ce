import { cardSheet, languageButtons } from "./card-sheet.ts";
import type { Target } from "./reply.ts";
import { buttonRow, type Look, type SheetButton, type SheetPart, type Showing, type Surface } from "./sheet.ts";
import type { Locale } from "./words.ts";

/** Over so many choices a message is a menu itself. */
const MOST_BESIDE_MENU = 5;

/** A reply for a room: an answer as a card, everything else as text with its choices as buttons. */
export function replySheet(look: Look, shown: Showing, surface: Surface): SheetPart[] {
  const { card, leads = [], message } = shown;
  const before = leads.map((text): SheetPart => ({ kind: "paragraph", text, bold: true }));
  // In danger the short text comes alone: the card is one button away.
  if (card !== undefined && shown.kind !== "danger")
    return [...before, ...cardSheet(look, { ...shown, card }, surface)];
  const closing = closingOf(look, shown);
  return [
    ...before,
    ...message.text.split("\n").map((text): SheetPart => ({ kind: "paragraph", text })),
    ...buttonRow(
      "choices",
      message.choices.map(({ label, target }) => go(label, target, shown.locale)),
    ),
    ...buttonRow("more", moreButtons(look, shown, surface)),
    ...(closing === undefined ? [] : [{ kind: "small", lines: [closing] } as const]),
  ];
}

/** Numbers to type make no sense beside buttons; the way to 911 always does. */
export function closingOf({ translate }: Look, { kind, locale, message }: Showing): string | undefined {
  if (kind === "clarify") return translate(locale, "room.clarifyClosing");
  const menu = message.choices.length > 0 && message.choices.every(({ target }) => target.kind !== "command");
  return kind === "command" && menu ? undefined : message.closing;
}

function moreButtons(look: Look, { kind, locale, card, message }: Showing, surface: Surface): SheetButton[] {
  const say = (key: string) => look.translate(locale, `room.button.${key}`);
  const isMenu = message.choices.length > MOST_BESIDE_MENU;
  return [
    ...(card === undefined ? [] : languageButtons(look, card.topic, locale)),
    ...(card === undefined ? [] : [go(say("full"), { kind: "topic", topic: card.topic }, locale)]),
    ...(kind === "none" && message.choices.length > 0
      ? [{ text: say("gap"), press: { kind: "gap", locale } as const }]
      : []),
    ...(!isMenu && surface !== "post" ? [go(say("menu"), { kind: "command", command: "menu" }, locale)] : []),
  ];
}

function go(text: string, target: Target, locale: Locale): SheetButton {
  return { text, press: { kind: "go", target, locale } };
}
