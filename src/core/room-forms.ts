import type { CardExtras, Judgement } from "./front-desk.ts";
import { buttonRow, type Look, type SheetPart } from "./sheet.ts";
import type { DeliveryStatus } from "./status.ts";
import type { Locale } from "./words.ts";

/** Names of the fields, as they come back in a submission. */
export const FIELD = { why: "why", source: "source", number: "number", adult: "adult", question: "question" } as const;

/** A dialogue with fields to fill in. */
export interface Form {
  readonly title: string;
  readonly intro?: string;
  readonly fields: readonly FormField[];
}

/** A field to write in, or with `tick` a box that has to be ticked. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  /** Characters. */
  readonly most: number;
  readonly multiline?: true;
  readonly optional?: true;
  readonly hint?: string;
  readonly tick?: string;
  /** What stands in it already. */
  readonly value?: string;
}

/** "Wrong or outdated?" */
export function flagForm({ translate }: Look, locale: Locale): Form {
  const say = (key: string) => translate(locale, `room.flag.${key}`);
  return {
    title: say("title"),
    intro: say("intro"),
    fields: [
      { name: FIELD.why, label: say("why"), most: 1000, multiline: true },
      { name: FIELD.source, label: say("source"), most: 500, optional: true },
    ],
  };
}

/** An editor's reason: the team reads it later. */
export function judgeForm({ translate }: Look, locale: Locale, judgement: Judgement): Form {
  return {
    title: translate(locale, `room.judge.${judgement}`),
    intro: translate(locale, `room.judge.about.${judgement}`),
    fields: [{ name: FIELD.why, label: translate(locale, "room.judge.why"), most: 500 }],
  };
}

/** "Tell the content team": the field is empty, so that nobody's story is passed on by a click. */
export function gapForm({ translate }: Look, locale: Locale): Form {
  const say = (key: string) => translate(locale, `room.gap.${key}`);
  return {
    title: say("title"),
    intro: say("intro"),
    fields: [{ name: FIELD.question, label: say("question"), most: 500, multiline: true }],
  };
}

/** The number is read from the submission and kept nowhere on the platform: not in a button, not in a message. */
export function sendForm({ translate }: Look, locale: Locale): Form {
  const say = (key: string) => translate(locale, `room.send.${key}`);
  return {
    title: say("title"),
    intro: say("intro"),
    fields: [
      { name: FIELD.number, label: say("number"), most: 30, hint: say("hint") },
      { name: FIELD.adult, label: say("confirm"), most: 1, tick: say("adult") },
    ],
  };
}

/** What became of a send. It names no number. */
export function sendResultSheet(
  { translate }: Look,
  { sendId, locale }: { readonly sendId: number; readonly locale: Locale },
  status: DeliveryStatus | undefined,
): SheetPart[] {
  const say = (key: string) => translate(locale, `room.send.${key}`);
  const open = status === "queued" || status === "sending" || status === "unknown" || status === "sent";
  return [
    { kind: "paragraph", text: say(`status.${status ?? "forgotten"}`), bold: true },
    { kind: "paragraph", text: say("what") },
    ...(open ? buttonRow("result", [{ text: say("again"), press: { kind: "send-status", sendId, locale } }]) : []),
  ];
}

/** The code large enough to be read across a table. */
export function phoneSheet(
  { translate }: Look,
  locale: Locale,
  { code, number, qrUrl }: Required<CardExtras>["byPhone"],
): SheetPart[] {
  const alt = translate(locale, "room.card.qrAlt", { code, number });
  return [
    { kind: "paragraph", text: translate(locale, "room.card.byPhone", { code, number }), bold: true },
    ...(qrUrl === undefined ? [] : [{ kind: "picture", url: qrUrl, alt } as const]),
    { kind: "small", lines: [translate(locale, "room.phone.why")] },
  ];
}
