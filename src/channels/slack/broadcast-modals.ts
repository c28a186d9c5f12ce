import type { types } from "@slack/bolt";
import { BROADCAST_CHANNELS } from "../../core/broadcast.ts";
import type { BroadcastChoices, BroadcastDesk, BroadcastView, TypedBroadcast } from "../../core/broadcast-desk.ts";
import { broadcastSheet, broadcastsSheet } from "../../core/broadcast-sheet.ts";
import type { Look } from "../../core/sheet.ts";
import type { Locale } from "../../core/words.ts";
import { type KnownBlock, LIMITS, plain } from "./blocks.ts";
import { formModal, type Modal, sheetModal } from "./modals.ts";
import { blocksOf } from "./sheet.ts";
import { ACTION, type BroadcastFormValue, encode } from "./values.ts";

/** Names of the fields, as they come back in a submission. The text of a language has the language after it. */
export const BROADCAST_FIELD = {
  text: "text-",
  places: "places",
  languages: "languages",
  channels: "channels",
  topic: "topic",
  source: "source",
  until: "until",
  day: "day",
  time: "time",
  urgent: "urgent",
  number: "number",
} as const;

/** Longer than any text that may go out: what is too long is refused in words that say by how much. */
const TEXT_AT_MOST = 600;

const CHANNEL_NAMES = { sms: "SMS", whatsapp: "WhatsApp" } as const;

/** One broadcast: what goes out, to how many, and what its reader may do with it. */
export function broadcastModal(look: Look, view: BroadcastView): Modal {
  const title = look.translate(view.locale, "broadcast.shortTitle", { id: view.broadcastId });
  return sheetModal(look, view.locale, title, blocksOf(broadcastSheet(look, view)));
}

export function broadcastsModal(look: Look, locale: Locale, all: Awaited<ReturnType<BroadcastDesk["list"]>>): Modal {
  const title = look.translate(locale, "broadcast.button.list");
  return sheetModal(look, locale, title, blocksOf(broadcastsSheet(look, locale, all)));
}

/** The number is read from the submission and kept nowhere in Slack. */
export function broadcastTestModal(look: Look, value: Required<BroadcastFormValue>): Modal {
  const say = (key: string) => look.translate(value.locale, `broadcast.${key}`);
  const { number } = BROADCAST_FIELD;
  return formModal(look, value.locale, ACTION.broadcastTest, say("testTitle"), encode(value), [
    input(
      number,
      say("form.number"),
      { type: "plain_text_input", action_id: number, max_length: 30 },
      { hint: say("form.numberHint") },
    ),
  ]);
}

/** Writing one, or changing one: then with what it says now. */
export function broadcastFormModal(
  look: Look,
  value: BroadcastFormValue,
  choices: BroadcastChoices,
  typed?: TypedBroadcast,
): Modal {
  const { locale } = value;
  const say = (key: string, values?: Record<string, string>) => look.translate(locale, `broadcast.form.${key}`, values);
  const languages = new Intl.DisplayNames([locale], { type: "language" });
  const named = (one: Locale) => languages.of(one) ?? one;
  const [day, time] = typed?.at?.split("T") ?? [];
  const F = BROADCAST_FIELD;
  const boxes = (
    name: string,
    all: readonly { value: string; text: string }[],
    chosen: readonly string[] | undefined,
  ) => {
    const options = all.map(({ value: one, text }) => option(one, text));
    const ticked = options.filter((one) => chosen === undefined || chosen.length === 0 || chosen.includes(one.value));
    return { type: "checkboxes", action_id: name, options, initial_options: ticked } as const;
  };
  const form = formModal(look, locale, ACTION.newBroadcast, say("title"), encode(value), [
    ...choices.locales.map((one) =>
      input(
        F.text + one,
        say("text", { language: named(one) }),
        {
          ...{ type: "plain_text_input", action_id: F.text + one, multiline: true, max_length: TEXT_AT_MOST },
          ...(typed?.texts[one] !== undefined && { initial_value: typed.texts[one] }),
        },
        { optional: true, ...(one === choices.locales[0] && { hint: say("textHint") }) },
      ),
    ),
    input(F.places, say("places"), placesElement(choices, say("all"), typed?.places)),
    input(
      F.languages,
      say("languages"),
      boxes(
        F.languages,
        choices.locales.map((one) => ({ value: one, text: named(one) })),
        typed?.locales,
      ),
    ),
    input(
      F.channels,
      say("channels"),
      boxes(
        F.channels,
        BROADCAST_CHANNELS.map((one) => ({ value: one, text: CHANNEL_NAMES[one] })),
        typed?.channels,
      ),
    ),
    input(F.topic, say("topic"), topicElement(choices, typed?.topic), { optional: true, hint: say("topicHint") }),
    input(
      F.source,
      say("source"),
      {
        ...{ type: "plain_text_input", action_id: F.source, max_length: 500 },
        ...(typed?.source !== undefined && { initial_value: typed.source }),
      },
      { optional: true },
    ),
    input(F.until, say("until"), datepicker(F.until, typed?.until), { optional: true }),
    input(F.day, say("day"), datepicker(F.day, day), { optional: true }),
    input(
      F.time,
      say("time"),
      { type: "timepicker", action_id: F.time, ...(time !== undefined && { initial_time: time }) },
      { optional: true },
    ),
    input(
      F.urgent,
      say("urgent"),
      {
        ...{ type: "checkboxes", action_id: F.urgent, options: [option("yes", say("urgentTick"))] },
        ...(typed?.emergency && { initial_options: [option("yes", say("urgentTick"))] }),
      },
      { optional: true },
    ),
  ]);
  // Nothing is sent by it yet, and its button does not say so either.
  return { ...form, submit: plain(say("next"), LIMITS.modalTitle) };
}

function placesElement(
  { places }: BroadcastChoices,
  all: string,
  chosen: readonly string[] = [],
): types.MultiStaticSelect {
  const groups = Map.groupBy(places, ({ country }) => country);
  const every = option("all", all);
  const ticked = [every, ...places.map(({ id, name }) => option(id, name))].filter(({ value }) =>
    chosen.includes(value),
  );
  return {
    type: "multi_static_select",
    action_id: BROADCAST_FIELD.places,
    option_groups: [
      { label: plain(all, LIMITS.option), options: [every] },
      ...[...groups].map(([country, ones]) => ({
        label: plain(country, LIMITS.option),
        options: ones.map(({ id, name }) => option(id, name)),
      })),
    ],
    ...(ticked.length > 0 && { initial_options: ticked }),
  };
}

function topicElement({ sections }: BroadcastChoices, chosen: string | undefined): types.StaticSelect {
  const topics = sections.flatMap((section) => section.topics);
  const initial = topics.find(({ topic }) => topic === chosen);
  return {
    type: "static_select",
    action_id: BROADCAST_FIELD.topic,
    option_groups: sections
      .filter((section) => section.topics.length > 0)
      .map(({ title, topics: ones }) => ({
        label: plain(title, LIMITS.option),
        options: ones.map(({ topic, title: text }) => option(topic, text)),
      })),
    ...(initial !== undefined && { initial_option: option(initial.topic, initial.title) }),
  };
}

function datepicker(name: string, initial: string | undefined): types.Datepicker {
  return { type: "datepicker", action_id: name, ...(initial !== undefined && { initial_date: initial }) };
}

function option(value: string, text: string): types.PlainTextOption & { readonly value: string } {
  return { value, text: plain(text, LIMITS.option) };
}

function input(
  name: string,
  label: string,
  element: types.InputBlock["element"],
  { optional = false, hint }: { readonly optional?: boolean; readonly hint?: string } = {},
): KnownBlock {
  return {
    ...{ type: "input", block_id: name, label: plain(label), element, optional },
    ...(hint !== undefined && { hint: plain(hint) }),
  };
}
