import type { BroadcastAction, BroadcastView } from "./broadcast-desk.ts";
import { buttonRow, type Look, type SheetButton, type SheetPart } from "./sheet.ts";
import type { Locale } from "./words.ts";

/** Waits between two looks at a running broadcast: rooms take so many changes of a message and no more. */
export const PROGRESS_EVERY_MS = 3_000;

/** A broadcast as a room shows it: first what it is, then every word that can go out, then how many and what to think of. */
export function broadcastSheet({ translate }: Pick<Look, "translate">, view: BroadcastView): SheetPart[] {
  const { broadcastId, seal, locale, lead, title, facts, texts, figures, concerns, progress, actions } = view;
  const button = (action: BroadcastAction): SheetButton => ({
    text: translate(locale, `broadcast.button.${action}`),
    press: { kind: "broadcast", action, broadcastId, seal, locale },
    ...(action === "cancel" && { style: "danger" as const }),
    ...((action === "cancel" || action === "approve") && {
      confirm: {
        text: translate(locale, `broadcast.confirm.${action}`),
        yes: translate(locale, "broadcast.yes"),
        no: translate(locale, "broadcast.no"),
      },
    }),
  });
  const lines = (all: readonly string[], bold?: true): SheetPart[] =>
    all.map((text) => ({ kind: "paragraph", text, ...(bold && { bold }) }));
  return [
    { kind: "heading", text: title },
    ...lines(lead === undefined ? [] : [lead], true),
    ...lines(progress),
    ...lines(facts),
    ...texts.flatMap(({ label, text }): SheetPart[] => [
      { kind: "small", lines: [label] },
      { kind: "quotes", words: [text] },
    ]),
    ...lines(figures),
    ...lines(concerns, true),
    ...buttonRow("broadcast", actions.map(button)),
    { kind: "small", lines: [seal] },
  ];
}

/** The broadcasts there are, to open one, and a way to write another. */
export function broadcastsSheet(
  { translate }: Pick<Look, "translate">,
  locale: Locale,
  all: readonly { readonly broadcastId: number; readonly line: string; readonly text: string }[],
): SheetPart[] {
  return [
    ...(all.length === 0 ? [{ kind: "paragraph", text: translate(locale, "broadcast.none") } as const] : []),
    ...all.flatMap(({ line, text }): SheetPart[] => [
      { kind: "paragraph", text: line, bold: true },
      { kind: "paragraph", text },
    ]),
    ...buttonRow("broadcasts", [
      { text: translate(locale, "broadcast.button.new"), press: { kind: "new-broadcast", locale } },
      ...all.map(({ broadcastId: id }) => ({
        text: translate(locale, "broadcast.button.open", { id }),
        press: { kind: "open-broadcast", broadcastId: id, locale } as const,
      })),
    ]),
  ];
}

/** After the command with which one asks: the team's own announcements, and no question. */
export function asksForBroadcasts(text: string): boolean {
  return /^\s*(?:broadcasts?|avisos?)\s*$/i.test(text);
}
