import { type APIModalSubmission, InteractionResponseType } from "discord.js";
import { BROADCAST_CHANNELS } from "../../core/broadcast.ts";
import type { BroadcastChoices, BroadcastDesk, BroadcastView, TypedBroadcast } from "../../core/broadcast-desk.ts";
import { broadcastSheet, broadcastsSheet } from "../../core/broadcast-sheet.ts";
import type { Form } from "../../core/room-forms.ts";
import type { BroadcastPress, Look } from "../../core/sheet.ts";
import type { Locale } from "../../core/words.ts";
import { RefusedError } from "../../locale/sentence.ts";
import type { Asker } from "./askers.ts";
import type { Outcome } from "./exchange.ts";
import { fieldsOf, formModal } from "./forms.ts";
import { type Message, noteMessage, sheetMessage, sheetMessages } from "./message.ts";

/** Names of the fields. The text of a language has the language after it. A dialogue has five fields at most. */
const FIELD = { text: "text-", places: "places", law: "law", more: "more", number: "number" } as const;
/** Longer than any text that may go out: what is too long is refused in words that say by how much. */
const TEXT_AT_MOST = 600;

interface Under {
  readonly broadcastDesk: BroadcastDesk;
  readonly look: Look;
}

/** A broadcast as one message. Every word that can go out is on it, whatever else has to give way. */
export function broadcastMessage(look: Look, view: BroadcastView): Message {
  const whole = broadcastSheet(look, view);
  const fits = sheetMessages(look, view.locale, whole).length === 1;
  return sheetMessage(look, view.locale, fits ? whole : broadcastSheet(look, { ...view, facts: [], figures: [] }));
}

/** What each button of a broadcast does. */
export async function actOnBroadcast(
  under: Under,
  { visitor, ownsMessage }: Asker,
  press: BroadcastPress,
): Promise<Outcome> {
  const { broadcastDesk, look } = under;
  const { locale } = press;
  const beside = (message: Message): Outcome => ({ kind: "beside", messages: [message] });
  const open = (form: Form): Outcome => ({
    kind: "open",
    type: InteractionResponseType.Modal,
    data: formModal(form, press),
  });
  switch (press.kind) {
    case "broadcasts":
      return beside(
        sheetMessage(look, locale, broadcastsSheet(look, locale, await broadcastDesk.list(visitor, locale))),
      );
    case "new-broadcast":
      return open(broadcastForm(look, locale, broadcastDesk.choices(visitor, locale)));
    case "open-broadcast":
      return beside(broadcastMessage(look, await broadcastDesk.view(visitor, press.broadcastId, locale)));
    case "broadcast": {
      const { action, broadcastId } = press;
      if (action === "edit") {
        const choices = broadcastDesk.choices(visitor, locale);
        return open(broadcastForm(look, locale, choices, await broadcastDesk.typed(visitor, broadcastId)));
      }
      if (action === "test") return open(testForm(look, locale));
      const view = await broadcastDesk.act(visitor, action, press, locale);
      if (ownsMessage) return { kind: "replace", message: broadcastMessage(look, view) };
      return beside(noteMessage(look, locale, view.lead ?? view.title));
    }
  }
}

/** What a sent dialogue of a broadcast does: it is written, changed or tried, and shown to its writer. */
export async function submitBroadcast(
  { broadcastDesk, look }: Under,
  { visitor }: Asker,
  press: BroadcastPress,
  data: APIModalSubmission,
): Promise<Message> {
  const { locale } = press;
  const { text } = fieldsOf(data);
  const shown = async (broadcastId: number, lead: string) =>
    broadcastMessage(look, { ...(await broadcastDesk.view(visitor, broadcastId, locale)), lead });
  if (press.kind === "broadcast" && press.action === "test") {
    const count = await broadcastDesk.test(visitor, press.broadcastId, text(FIELD.number));
    return shown(press.broadcastId, look.translate(locale, "broadcast.testSent", { count }));
  }
  const typed = typedFrom(broadcastDesk.choices(visitor, locale), text);
  const broadcastId = await broadcastDesk.write(
    visitor,
    typed,
    press.kind === "broadcast" ? press.broadcastId : undefined,
  );
  return shown(broadcastId, look.translate(locale, "broadcast.written"));
}

function broadcastForm(
  { translate }: Look,
  locale: Locale,
  { locales }: BroadcastChoices,
  typed?: TypedBroadcast,
): Form {
  const say = (key: string, values?: Record<string, string>) => translate(locale, `broadcast.form.${key}`, values);
  const languages = new Intl.DisplayNames([locale], { type: "language" });
  const filled = (value: string | undefined) => (value === undefined || value === "" ? {} : { value });
  const only = <T>(chosen: readonly T[] | undefined, of: readonly T[]) =>
    chosen !== undefined && chosen.length < of.length ? chosen : [];
  const law = [typed?.topic, typed?.source, typed?.until].filter((one) => one !== undefined);
  const more = [
    ...(typed?.at === undefined ? [] : [typed.at.replace("T", " ")]),
    ...only(typed?.locales, locales),
    ...only(typed?.channels, BROADCAST_CHANNELS),
    ...(typed?.emergency ? [say("wordUrgent")] : []),
  ];
  return {
    title: say("title"),
    fields: [
      ...locales.map((one) => ({
        ...{ name: FIELD.text + one, label: say("text", { language: languages.of(one) ?? one }) },
        ...{ most: TEXT_AT_MOST, multiline: true as const, optional: true as const },
        ...filled(typed?.texts[one]),
      })),
      {
        ...{ name: FIELD.places, label: say("places"), hint: say("placesHint"), most: 1000 },
        ...filled(typed?.places.map((id) => (id === "all" ? say("wordAll") : id)).join(", ")),
      },
      {
        ...{ name: FIELD.law, label: say("law"), hint: say("lawHint"), most: 600, optional: true },
        ...filled(law.join(" ")),
      },
      {
        ...{ name: FIELD.more, label: say("more"), hint: say("moreHint"), most: 100, optional: true },
        ...filled(more.join(" ")),
      },
    ],
  };
}

/** The number is read from the submission and kept nowhere on the platform. */
function testForm({ translate }: Look, locale: Locale): Form {
  const say = (key: string) => translate(locale, `broadcast.form.${key}`);
  return {
    title: translate(locale, "broadcast.testTitle"),
    fields: [{ name: FIELD.number, label: say("number"), hint: say("numberHint"), most: 30 }],
  };
}

/** @throws RefusedError for a word that says nothing there. */
function typedFrom({ locales, places }: BroadcastChoices, text: (name: string) => string): TypedBroadcast {
  const texts = locales.flatMap((one) =>
    text(FIELD.text + one) === "" ? [] : [[one, text(FIELD.text + one)] as const],
  );
  const law = text(FIELD.law)
    .split(/[\s,]+/)
    .filter(Boolean);
  const source = law.find((word) => word.includes("://"));
  const until = law.find((word) => /^\d{4}-/.test(word));
  const topic = law.find((word) => word !== source && word !== until);
  const more = text(FIELD.more);
  const [, day, time] = /(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)/.exec(more) ?? [];
  const words = more
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d/, "")
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter(Boolean);
  const known = [...locales, ...BROADCAST_CHANNELS, "emergency", "emergencia"];
  const unknown = [...words.filter((word) => !known.includes(word)), ...law.slice(3)][0];
  if (unknown !== undefined) throw new RefusedError("broadcast.form.unknownWord", { word: unknown });
  return {
    texts: Object.fromEntries(texts),
    places: text(FIELD.places)
      .split(/[,;\n]/)
      .flatMap((name) => (name.trim() === "" ? [] : [placeNamed(name, places)])),
    locales: locales.filter((one) => words.includes(one)),
    channels: BROADCAST_CHANNELS.filter((one) => words.includes(one)),
    emergency: words.some((word) => word.startsWith("emergenc")),
    ...(topic !== undefined && { topic }),
    ...(source !== undefined && { source }),
    ...(until !== undefined && { until }),
    ...(day !== undefined && time !== undefined && { at: `${day}T${time}` }),
  };
}

/** The id of a place by its id or by its name without the state; else what was typed, which the rules then refuse. */
function placeNamed(typed: string, places: BroadcastChoices["places"]): string {
  const wanted = slugOf(typed);
  if (wanted === "all" || wanted === "todos") return "all";
  return (
    places.find(({ id, name }) => id === wanted || slugOf(name.split(",")[0] ?? "") === wanted)?.id ?? typed.trim()
  );
}

function slugOf(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase()
    .trim()
    .replace(/[^a-z0-9]+/g, "-");
}
