import type { types } from "@slack/bolt";
import { oldSheet } from "../../core/card-sheet.ts";
import type { CardExtras } from "../../core/front-desk.ts";
import type { OldAnswer } from "../../core/reply.ts";
import { replySheet } from "../../core/reply-sheet.ts";
import {
  type Form,
  type FormField,
  flagForm,
  gapForm,
  judgeForm,
  phoneSheet,
  sendForm,
  sendResultSheet,
} from "../../core/room-forms.ts";
import type { Look, Showing } from "../../core/sheet.ts";
import type { DeliveryStatus } from "../../core/status.ts";
import type { Locale } from "../../core/words.ts";
import { type KnownBlock, LIMITS, paragraph, plain } from "./blocks.ts";
import { blocksOf } from "./sheet.ts";
import { ACTION, encode, type JudgeValue, type SendValue, type TopicValue } from "./values.ts";

export type Modal = types.ModalView;

export function flagModal(look: Look, value: TopicValue): Modal {
  return formView(look, value.locale, ACTION.flag, flagForm(look, value.locale), encode(value));
}

export function judgeModal(look: Look, value: JudgeValue): Modal {
  return formView(look, value.locale, ACTION.judge, judgeForm(look, value.locale, value.judgement), encode(value));
}

export function gapModal(look: Look, locale: Locale): Modal {
  return formView(look, locale, ACTION.gap, gapForm(look, locale), encode({ locale }));
}

export function sendModal(look: Look, value: TopicValue): Modal {
  return formView(look, value.locale, ACTION.sendForm, sendForm(look, value.locale), encode(value));
}

export function sendResultModal(look: Look, value: SendValue, status: DeliveryStatus | undefined): Modal {
  const title = look.translate(value.locale, "room.send.title");
  return sheetModal(look, value.locale, title, blocksOf(sendResultSheet(look, value, status)));
}

export function phoneModal(look: Look, locale: Locale, byPhone: Required<CardExtras>["byPhone"]): Modal {
  return sheetModal(
    look,
    locale,
    look.translate(locale, "room.phone.title"),
    blocksOf(phoneSheet(look, locale, byPhone)),
  );
}

/** The old text of an answer, with the warning before and after it. */
export function oldModal(look: Look, title: string, old: OldAnswer, locale: Locale): Modal {
  return sheetModal(
    look,
    locale,
    look.translate(locale, "room.old.title"),
    blocksOf(oldSheet(look, title, old, locale)),
  );
}

/** A reply in a dialogue: what Home's search and menus lead to. */
export function replyModal(look: Look, shown: Showing): Modal {
  return sheetModal(look, shown.locale, titleOf(look, shown.locale), blocksOf(replySheet(look, shown, "modal")));
}

/** One sentence: what was done, or why it was not. */
export function noteModal(look: Look, locale: Locale, text: string): Modal {
  return sheetModal(look, locale, titleOf(look, locale), [paragraph(text)]);
}

function titleOf({ translate }: Look, locale: Locale): string {
  return translate(locale, "room.reply.title");
}

/** Blocks with nothing to fill in. */
export function sheetModal(look: Look, locale: Locale, title: string, blocks: KnownBlock[]): Modal {
  return {
    type: "modal",
    title: plain(title, LIMITS.modalTitle),
    close: plain(look.translate(locale, "room.close"), LIMITS.modalTitle),
    blocks,
  };
}

function formView(look: Look, locale: Locale, callback: string, form: Form, metadata: string): Modal {
  return formModal(look, locale, callback, form.title, metadata, [
    ...(form.intro === undefined ? [] : [paragraph(form.intro)]),
    ...form.fields.map(input),
  ]);
}

/** Blocks to fill in and send. */
export function formModal(
  look: Look,
  locale: Locale,
  callback: string,
  title: string,
  metadata: string,
  blocks: KnownBlock[],
): Modal {
  return {
    ...sheetModal(look, locale, title, blocks),
    callback_id: callback,
    private_metadata: metadata,
    submit: plain(look.translate(locale, "room.submit"), LIMITS.modalTitle),
  };
}

function input({ name, label, most, multiline, optional, hint, tick }: FormField): KnownBlock {
  const block = { type: "input", block_id: name, label: plain(label) } as const;
  if (tick !== undefined)
    return {
      ...block,
      element: { type: "checkboxes", action_id: name, options: [{ text: plain(tick, 75), value: "yes" }] },
    };
  return {
    ...block,
    optional: optional ?? false,
    ...(hint !== undefined && { hint: plain(hint) }),
    element: { type: "plain_text_input", action_id: name, max_length: most, multiline: multiline ?? false },
  };
}
