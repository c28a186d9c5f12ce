import { z } from "zod";
import type { FrontDesk, Shown } from "../../core/front-desk.ts";
import { type Look, showing } from "../../core/sheet.ts";
import type { Locale } from "../../core/words.ts";
import { flagModal, gapModal, judgeModal, oldModal, phoneModal, sendModal, sendResultModal } from "./modals.ts";
import { render } from "./reply.ts";
import type { Place, Screen } from "./screen.ts";
import {
  ACTION,
  decodeBroadcast,
  decodeBroadcastForm,
  decodeGo,
  decodeJudge,
  decodeLocale,
  decodeSend,
  decodeTopic,
  type TopicValue,
} from "./values.ts";
import type { Visitors } from "./visitors.ts";

/** A click, as Slack reports it (docs.slack.dev/reference/interaction-payloads/block_actions-payload). */
const clickSchema = z.object({
  user: z.object({ id: z.string() }),
  trigger_id: z.string(),
  response_url: z.string().optional(),
  channel: z.object({ id: z.string() }).optional(),
  view: z.object({ id: z.string(), type: z.string() }).optional(),
  container: z.object({ thread_ts: z.string().optional(), is_ephemeral: z.boolean().optional() }).optional(),
  message: z.object({ thread_ts: z.string().optional() }).optional(),
  actions: z
    .array(z.object({ action_id: z.string(), block_id: z.string().default(""), value: z.string().nullish() }))
    .min(1),
});
type Click = z.infer<typeof clickSchema>;

/** What a button does. False: its value says nothing that is known any more. */
export type Handle = (click: Click, place: Place, value: string | undefined) => Promise<boolean>;

export interface ActionOptions {
  readonly desk: FrontDesk;
  readonly look: Look;
  readonly screen: Screen;
  readonly visitors: Visitors;
  readonly publishHome: (userId: string, locale: Locale) => Promise<void>;
  /** What the buttons of broadcasts do. */
  readonly broadcasts: Readonly<Record<string, Handle>>;
}

/** What each button does. One table, so that a button nobody knows any more is answered as well. */
export function createActions(options: ActionOptions): (body: unknown) => Promise<void> {
  const { desk, look, screen, visitors, publishHome } = options;

  /** Stands for the place until the dialogue is sent: then the card is shown anew there. */
  function withPlace(value: TopicValue, place: Place): TopicValue {
    const { topic, locale } = value;
    if (place.responseUrl === undefined) return { topic, locale };
    return { topic, locale, url: place.responseUrl, surface: screen.surface(place) };
  }

  const handlers: Readonly<Record<string, Handle>> = {
    ...options.broadcasts,

    async [ACTION.go](click, place, value) {
      const go = decodeGo(value);
      if (go === undefined) return false;
      const shown = await desk.follow("slack", go.target, go.locale);
      // A menu or a question back gives way to what was chosen; a card stays beside what it leads to.
      const chosen = click.actions[0]?.block_id === "choices";
      await screen.show(place, shown, chosen ? "replace" : "beside");
      return true;
    },

    async [ACTION.language](_click, place, value) {
      const wanted = decodeTopic(value);
      if (wanted === undefined || !desk.locales.includes(wanted.locale)) return false;
      const target = { kind: "topic", topic: wanted.topic } as const;
      await screen.show(place, await desk.follow("slack", target, wanted.locale), "replace");
      return true;
    },

    async [ACTION.post](_click, place, value) {
      const topic = decodeTopic(value);
      if (topic === undefined || place.responseUrl === undefined) return false;
      const shown = await desk.follow("slack", { kind: "topic", topic: topic.topic }, topic.locale);
      await screen.respond(place.responseUrl, {
        ...render(look, showing(shown), "post"),
        response_type: "in_channel",
        replace_original: false,
      });
      await screen.respond(place.responseUrl, { delete_original: true });
      return true;
    },

    async [ACTION.flag](click, place, value) {
      const topic = decodeTopic(value);
      if (topic === undefined) return false;
      desk.demand(await visitors.find(click.user.id), "flag");
      await screen.open(place, flagModal(look, withPlace(topic, place)));
      return true;
    },

    async [ACTION.old](click, place, value) {
      const topic = decodeTopic(value);
      if (topic === undefined) return false;
      const old = desk.openOld(await visitors.find(click.user.id), topic.topic, topic.locale);
      const { reply } = await desk.follow("slack", { kind: "topic", topic: topic.topic }, topic.locale);
      await screen.open(place, oldModal(look, reply.card?.title ?? topic.topic, old, topic.locale));
      return true;
    },

    async [ACTION.phone](_click, place, value) {
      const topic = decodeTopic(value);
      const byPhone = topic && (await desk.extras(topic.topic, topic.locale)).byPhone;
      if (topic === undefined || byPhone === undefined) return false;
      await screen.open(place, phoneModal(look, topic.locale, byPhone));
      return true;
    },

    async [ACTION.sendForm](click, place, value) {
      const topic = decodeTopic(value);
      if (topic === undefined) return false;
      desk.demand(await visitors.find(click.user.id), "send");
      await screen.open(place, sendModal(look, { topic: topic.topic, locale: topic.locale }));
      return true;
    },

    async [ACTION.sendStatus](click, place, value) {
      const send = decodeSend(value);
      if (send === undefined || place.view === undefined) return false;
      const status = await desk.sendStatus(await visitors.find(click.user.id), send.sendId);
      await screen.update(place.view.id, sendResultModal(look, send, status));
      return true;
    },

    async [ACTION.gap](click, place, value) {
      const locale = decodeLocale(value)?.locale;
      if (locale === undefined) return false;
      desk.demand(await visitors.find(click.user.id), "report-gap");
      await screen.open(place, gapModal(look, locale));
      return true;
    },

    async [ACTION.judge](click, place, value) {
      const judge = decodeJudge(value);
      if (judge === undefined) return false;
      desk.demand(await visitors.find(click.user.id), judge.judgement);
      await screen.open(place, judgeModal(look, { ...withPlace(judge, place), judgement: judge.judgement }));
      return true;
    },

    async [ACTION.search](click, place, value) {
      const shown: Shown = await desk.ask("slack", value ?? "");
      await screen.show({ ...place, view: { id: click.view?.id ?? "", type: "home" } }, shown, "beside");
      return true;
    },

    async [ACTION.homeLanguage](click, _place, value) {
      const locale = decodeLocale(value)?.locale;
      if (locale === undefined || !desk.locales.includes(locale)) return false;
      await publishHome(click.user.id, locale);
      return true;
    },
  };

  return async (body) => {
    const parsed = clickSchema.safeParse(body);
    if (!parsed.success) return;
    const click = parsed.data;
    const place = placeOf(click);
    const [action] = click.actions;
    const value = action?.value ?? undefined;
    const locale = decodeLocaleOf(value) ?? (await visitors.localeOf(click.user.id));
    try {
      const handle = handlers[action?.action_id.split(":")[0] ?? ""];
      const handled = handle !== undefined && (await handle(click, place, value));
      if (!handled) await screen.note(place, locale, look.translate(locale, "room.unknownButton"));
    } catch (error) {
      await screen.failed(place, locale, error);
    }
  };

  /** The language of whatever a value is about, if it names one that we speak. */
  function decodeLocaleOf(value: string | undefined): Locale | undefined {
    const found = [
      ...[decodeGo, decodeTopic, decodeJudge, decodeSend, decodeLocale],
      ...[decodeBroadcast, decodeBroadcastForm],
    ].map((decode) => decode(value)?.locale);
    return found.find((locale) => locale !== undefined && desk.locales.includes(locale));
  }
}

function placeOf({ trigger_id, response_url, channel, view, container, message }: Click): Place {
  const threadTs = message?.thread_ts ?? container?.thread_ts;
  return {
    triggerId: trigger_id,
    ephemeral: container?.is_ephemeral === true,
    ...(response_url !== undefined && { responseUrl: response_url }),
    ...(channel !== undefined && { channel: channel.id }),
    ...(view !== undefined && { view }),
    ...(threadTs !== undefined && { threadTs }),
  };
}
