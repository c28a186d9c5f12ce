import type { types } from "@slack/bolt";
import type { CardExtras } from "../../core/front-desk.ts";
import type { OldAnswer } from "../../core/reply.ts";
import type { DeliveryStatus } from "../../core/status.ts";
import type { Locale } from "../../core/words.ts";
import { buttons, context, type KnownBlock, LIMITS, paragraph, plain } from "./blocks.ts";
import { oldBlocks } from "./card.ts";
import { type Look, render, type Showing } from "./reply.ts";
import { ACTION, encode, type JudgeValue, type SendValue, type TopicValue } from "./values.ts";

export type Modal = types.ModalView;

/** Names of the fields, as they come back in a submission. */
export const FIELD = { why: "why", source: "source", number: "number", adult: "adult", question: "question" } as const;

/** "Wrong or outdated?" */
export function flagModal(look: Look, value: TopicValue): Modal {
  const say = sayer(look, value.locale);
  return form(look, value.locale, ACTION.flag, "slack.flag.title", encode(value), [
    paragraph(say("slack.flag.intro")),
    input(FIELD.why, say("slack.flag.why"), { multiline: true, most: 1000 }),
    input(FIELD.source, say("slack.flag.source"), { most: 500, optional: true }),
  ]);
}

/** An editor's reason: the team reads it later. */
export function judgeModal(look: Look, value: JudgeValue): Modal {
  const say = sayer(look, value.locale);
  return form(look, value.locale, ACTION.judge, `slack.judge.${value.judgement}`, encode(value), [
    paragraph(say(`slack.judge.about.${value.judgement}`)),
    input(FIELD.why, say("slack.judge.why"), { most: 500 }),
  ]);
}

/** "Tell the content team": the field is empty, so that nobody's story is passed on by a click. */
export function gapModal(look: Look, locale: Locale): Modal {
  const say = sayer(look, locale);
  return form(look, locale, ACTION.gap, "slack.gap.title", encode({ locale }), [
    paragraph(say("slack.gap.intro")),
    input(FIELD.question, say("slack.gap.question"), { multiline: true, most: 500 }),
  ]);
}

/** The number is read from the submission and kept nowhere on this side: not in the view's metadata, not in a message. */
export function sendModal(look: Look, value: TopicValue): Modal {
  const say = sayer(look, value.locale);
  return form(look, value.locale, ACTION.sendForm, "slack.send.title", encode(value), [
    paragraph(say("slack.send.intro")),
    input(FIELD.number, say("slack.send.number"), { most: 30, hint: say("slack.send.hint") }),
    {
      type: "input",
      block_id: FIELD.adult,
      label: plain(say("slack.send.confirm")),
      element: {
        type: "checkboxes",
        action_id: FIELD.adult,
        options: [{ text: plain(say("slack.send.adult"), 75), value: "yes" }],
      },
    },
  ]);
}

/** What became of a send. It names no number. */
export function sendResultModal(look: Look, value: SendValue, status: DeliveryStatus | undefined): Modal {
  const say = sayer(look, value.locale);
  const open = status === "queued" || status === "sending" || status === "unknown" || status === "sent";
  return view(look, value.locale, "slack.send.title", [
    paragraph(say(`slack.send.status.${status ?? "forgotten"}`), { bold: true }),
    paragraph(say("slack.send.what")),
    ...(open
      ? buttons("result", [{ text: say("slack.send.again"), action: ACTION.sendStatus, value: encode(value) }])
      : []),
  ]);
}

/** The code large enough to be read across a table. */
export function phoneModal(
  look: Look,
  locale: Locale,
  { code, number, qrUrl }: Required<CardExtras>["byPhone"],
): Modal {
  const say = sayer(look, locale);
  const alt = say("slack.card.qrAlt", { code, number });
  return view(look, locale, "slack.phone.title", [
    paragraph(say("slack.card.byPhone", { code, number }), { bold: true }),
    ...(qrUrl === undefined ? [] : [{ type: "image", image_url: qrUrl, alt_text: alt } satisfies KnownBlock]),
    context(say("slack.phone.why")),
  ]);
}

/** The old text of an answer, with the warning before and after it. */
export function oldModal(look: Look, title: string, old: OldAnswer, locale: Locale): Modal {
  return view(look, locale, "slack.old.title", oldBlocks(look, title, old, locale));
}

/** A reply in a dialogue: what Home's search and menus lead to. */
export function replyModal(look: Look, shown: Showing): Modal {
  return view(look, shown.locale, "slack.reply.title", render(look, shown, "modal").blocks);
}

/** One sentence: what was done, or why it was not. */
export function noteModal(look: Look, locale: Locale, text: string): Modal {
  return view(look, locale, "slack.reply.title", [paragraph(text)]);
}

function sayer({ translate }: Look, locale: Locale) {
  return (key: string, values?: Record<string, string | number>) => translate(locale, key, values);
}

function view(look: Look, locale: Locale, title: string, blocks: KnownBlock[]): Modal {
  return {
    type: "modal",
    title: plain(look.translate(locale, title), LIMITS.modalTitle),
    close: plain(look.translate(locale, "slack.close"), LIMITS.modalTitle),
    blocks,
  };
}

function form(
  look: Look,
  locale: Locale,
  callback: string,
  title: string,
  metadata: string,
  blocks: KnownBlock[],
): Modal {
  return {
    ...view(look, locale, title, blocks),
    callback_id: callback,
    private_metadata: metadata,
    submit: plain(look.translate(locale, "slack.submit"), LIMITS.modalTitle),
  };
}

function input(
  name: string,
  label: string,
  options: { readonly most: number; readonly multiline?: true; readonly optional?: true; readonly hint?: string },
): KnownBlock {
  return {
    type: "input",
    block_id: name,
    label: plain(label),
    optional: options.optional ?? false,
    ...(options.hint !== undefined && { hint: plain(options.hint) }),
    element: {
      type: "plain_text_input",
      action_id: name,
      max_length: options.most,
      multiline: options.multiline ?? false,
    },
  };
}
