import { z } from "zod";
import { BROADCAST_CHANNELS } from "../../core/broadcast.ts";
import type { BroadcastDesk, BroadcastView, TypedBroadcast } from "../../core/broadcast-desk.ts";
import type { Logger } from "../../core/ports.ts";
import type { Look } from "../../core/sheet.ts";
import type { Locale } from "../../core/words.ts";
import { failure, RefusedError } from "../../locale/sentence.ts";
import type { Handle } from "./actions.ts";
import {
  broadcastFormModal,
  broadcastModal,
  broadcastsModal,
  broadcastTestModal,
  BROADCAST_FIELD as F,
} from "./broadcast-modals.ts";
import { slackCode } from "./errors.ts";
import { type Modal, noteModal } from "./modals.ts";
import type { Place, Screen } from "./screen.ts";
import type { SubmissionAnswer } from "./submissions.ts";
import { ACTION, decodeBroadcast, decodeBroadcastForm, decodeLocale } from "./values.ts";
import type { Visitors } from "./visitors.ts";

/** A field of a sent dialogue, of whatever kind. */
const fieldSchema = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_options: z.array(z.object({ value: z.string() })).nullish(),
  selected_date: z.string().nullish(),
  selected_time: z.string().nullish(),
});
const submissionSchema = z.object({
  user: z.object({ id: z.string() }),
  view: z.object({
    id: z.string(),
    callback_id: z.enum([ACTION.newBroadcast, ACTION.broadcastTest]),
    private_metadata: z.string(),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), fieldSchema)) }),
  }),
});
type Submission = z.infer<typeof submissionSchema>;

export interface BroadcastOptions {
  readonly broadcastDesk: BroadcastDesk;
  readonly look: Look;
  readonly screen: Screen;
  readonly visitors: Visitors;
  readonly logger: Logger;
}

/** Writing, approving and following broadcasts in Slack. */
export interface BroadcastSurface {
  /** Opens the list where somebody has asked for it. */
  open(place: Place, userId: string, locale: Locale): Promise<void>;
  /** What each button does, by its action. */
  readonly handlers: Readonly<Record<string, Handle>>;
  /** A sent dialogue. Undefined: it is none of these. */
  submit(body: unknown): Promise<Handled | undefined>;
}

/** `after` is work that the dialogue waits for, and Slack does not. */
interface Handled {
  readonly answer: SubmissionAnswer;
  readonly after?: () => Promise<void>;
}

export function createBroadcastSurface(options: BroadcastOptions): BroadcastSurface {
  const { broadcastDesk, look, screen, visitors, logger } = options;

  async function open(place: Place, userId: string, locale: Locale): Promise<void> {
    const visitor = await visitors.find(userId);
    await screen.open(place, broadcastsModal(look, locale, await broadcastDesk.list(visitor, locale)));
  }

  /** In a dialogue the next step takes the place of the last: Slack stacks three of them at most. */
  async function show(place: Place, modal: Modal): Promise<void> {
    if (place.view?.type === "modal") await screen.update(place.view.id, modal);
    else await screen.open(place, modal);
  }

  const handlers: Readonly<Record<string, Handle>> = {
    async [ACTION.broadcasts](click, place, value) {
      const locale = decodeLocale(value)?.locale;
      if (locale === undefined) return false;
      await open(place, click.user.id, locale);
      return true;
    },

    async [ACTION.newBroadcast](click, place, value) {
      const locale = decodeLocale(value)?.locale;
      if (locale === undefined) return false;
      const choices = broadcastDesk.choices(await visitors.find(click.user.id), locale);
      await screen.open(place, broadcastFormModal(look, { locale }, choices));
      return true;
    },

    async [ACTION.openBroadcast](click, place, value) {
      const wanted = decodeBroadcastForm(value);
      if (wanted?.broadcastId === undefined) return false;
      const visitor = await visitors.find(click.user.id);
      const view = await broadcastDesk.view(visitor, wanted.broadcastId, wanted.locale);
      await screen.open(place, broadcastModal(look, view));
      return true;
    },

    async [ACTION.broadcast](click, place, value) {
      const shown = decodeBroadcast(value);
      if (shown === undefined) return false;
      const { action, broadcastId, locale } = shown;
      const visitor = await visitors.find(click.user.id);
      if (action === "edit") {
        const choices = broadcastDesk.choices(visitor, locale);
        const typed = await broadcastDesk.typed(visitor, broadcastId);
        await show(place, broadcastFormModal(look, { broadcastId, locale }, choices, typed));
        return true;
      }
      if (action === "test") {
        await show(place, broadcastTestModal(look, { broadcastId, locale }));
        return true;
      }
      const view = await broadcastDesk.act(visitor, action, shown, locale);
      if (place.view?.type === "modal") await screen.update(place.view.id, broadcastModal(look, view));
      else await screen.note(place, locale, view.lead ?? view.title);
      return true;
    },
  };

  /** What was sent is stored at once; whom it reaches is counted while the dialogue waits: Slack gives it 3 seconds. */
  async function handle({ user, view }: Submission): Promise<Handled> {
    const value = decodeBroadcastForm(view.private_metadata);
    if (value === undefined) return { answer: note(await visitors.localeOf(user.id), "room.unknownButton") };
    const { locale } = value;
    const visitor = await visitors.find(user.id);
    const fields = fieldsOf(view.state.values);
    const shownWith = (broadcastId: number, lead: string) => async () => {
      const done: BroadcastView = { ...(await broadcastDesk.view(visitor, broadcastId, locale)), lead };
      await screen.update(view.id, broadcastModal(look, done));
    };
    const answer = note(locale, "broadcast.counting");
    if (view.callback_id === ACTION.broadcastTest) {
      if (value.broadcastId === undefined) return { answer: note(locale, "room.unknownButton") };
      const count = await broadcastDesk.test(visitor, value.broadcastId, fields.text(F.number));
      return { answer, after: shownWith(value.broadcastId, look.translate(locale, "broadcast.testSent", { count })) };
    }
    if ((fields.text(F.day) === "") !== (fields.text(F.time) === ""))
      throw new RefusedError("broadcast.form.dayAndTime");
    const broadcastId = await broadcastDesk.write(visitor, typedFrom(fields), value.broadcastId);
    return { answer, after: shownWith(broadcastId, look.translate(locale, "broadcast.written")) };
  }

  const note = (locale: Locale, key: string): SubmissionAnswer => ({
    response_action: "update",
    view: noteModal(look, locale, look.translate(locale, key)),
  });

  return {
    open,
    handlers,
    async submit(body) {
      const parsed = submissionSchema.safeParse(body);
      if (!parsed.success) return undefined;
      const { user, view } = parsed.data;
      const locale = decodeBroadcastForm(view.private_metadata)?.locale ?? (await visitors.localeOf(user.id));
      const failed = (error: unknown) => {
        if (!(error instanceof RefusedError)) logger.warn("slack.handler-failed", { code: slackCode(error) });
        return failure(look.translate, locale, error);
      };
      try {
        const { answer, after } = await handle(parsed.data);
        if (after === undefined) return { answer };
        return {
          answer,
          after: () =>
            after().catch((error: unknown) => screen.update(view.id, noteModal(look, locale, failed(error)))),
        };
      } catch (error) {
        const first = Object.keys(view.state.values)[0] ?? F.places;
        return { answer: { response_action: "errors", errors: { [first]: failed(error) } } };
      }
    },
  };
}

interface Fields {
  /** Empty where nothing was typed or chosen. */
  text(name: string): string;
  list(name: string): readonly string[];
  readonly names: readonly string[];
}

function fieldsOf(values: Submission["view"]["state"]["values"]): Fields {
  const of = (name: string) => values[name]?.[name];
  return {
    names: Object.keys(values),
    text(name) {
      const field = of(name);
      const found = field?.value ?? field?.selected_option?.value ?? field?.selected_date ?? field?.selected_time;
      return found?.trim() ?? "";
    },
    list: (name) => of(name)?.selected_options?.map(({ value }) => value) ?? [],
  };
}

function typedFrom({ text, list, names }: Fields): TypedBroadcast {
  const [topic, source, until, day, time] = [F.topic, F.source, F.until, F.day, F.time].map(text);
  const texts = names
    .filter((name) => name.startsWith(F.text))
    .flatMap((name) => {
      const written = text(name);
      return written === "" ? [] : [[name.slice(F.text.length), written] as const];
    });
  return {
    texts: Object.fromEntries(texts),
    places: list(F.places),
    locales: list(F.languages),
    channels: BROADCAST_CHANNELS.filter((channel) => list(F.channels).includes(channel)),
    emergency: list(F.urgent).length > 0,
    ...(topic !== "" && topic !== undefined && { topic }),
    ...(source !== "" && source !== undefined && { source }),
    ...(until !== "" && until !== undefined && { until }),
    ...(day !== "" && time !== "" && { at: `${day}T${time}` }),
  };
}
