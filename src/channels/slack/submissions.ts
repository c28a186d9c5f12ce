import { z } from "zod";
import type { FrontDesk } from "../../core/front-desk.ts";
import { judgedSheet } from "../../core/news-sheet.ts";
import type { Logger } from "../../core/ports.ts";
import { FIELD } from "../../core/room-forms.ts";
import { type Look, showing } from "../../core/sheet.ts";
import type { Locale } from "../../core/words.ts";
import { failure, RefusedError } from "../../locale/sentence.ts";
import { slackCode } from "./errors.ts";
import { type Modal, noteModal, sendResultModal } from "./modals.ts";
import { renderNews } from "./news.ts";
import { render } from "./reply.ts";
import type { Screen } from "./screen.ts";
import { ACTION, decodeJudge, decodeLocale, decodeTopic, type TopicValue } from "./values.ts";
import type { Visitors } from "./visitors.ts";

/** A sent dialogue (docs.slack.dev/reference/interaction-payloads/view-interactions-payload). */
const submissionSchema = z.object({
  user: z.object({ id: z.string() }),
  view: z.object({
    callback_id: z.string(),
    private_metadata: z.string().default(""),
    state: z.object({
      values: z.record(
        z.string(),
        z.record(
          z.string(),
          z.object({
            value: z.string().nullish(),
            selected_options: z.array(z.object({ value: z.string() })).optional(),
          }),
        ),
      ),
    }),
  }),
});
type Submission = z.infer<typeof submissionSchema>;

/** What a dialogue turns into: another view, or an error beside a field. */
export type SubmissionAnswer =
  | { readonly response_action: "update"; readonly view: Modal }
  | { readonly response_action: "errors"; readonly errors: Record<string, string> };

export interface SubmissionOptions {
  readonly desk: FrontDesk;
  readonly look: Look;
  readonly screen: Screen;
  readonly visitors: Visitors;
  readonly logger: Logger;
}

/** What each dialogue does. `after` is work that nobody waits for: the message that led here is shown anew. */
export function createSubmissions(
  options: SubmissionOptions,
): (body: unknown) => Promise<{ readonly answer?: SubmissionAnswer; readonly after?: Promise<void> }> {
  const { desk, look, screen, visitors, logger } = options;
  const note = (locale: Locale, key: string): SubmissionAnswer => ({
    response_action: "update",
    view: noteModal(look, locale, look.translate(locale, key)),
  });

  /** The card as it now is, where the button was pressed. */
  async function showAnew({ topic, locale, url, surface }: TopicValue): Promise<void> {
    if (url === undefined) return;
    const shown = showing(await desk.follow("slack", { kind: "topic", topic }, locale));
    await screen.respond(url, { ...render(look, shown, surface ?? "thread"), replace_original: true });
  }

  function quietly(work: Promise<void>): Promise<void> {
    return work.catch((error: unknown) => logger.warn("slack.message-not-updated", { code: slackCode(error) }));
  }

  async function handle({ user, view }: Submission) {
    const { values } = view.state;
    const field = (name: string) => values[name]?.[name]?.value?.trim() ?? "";
    const visitor = await visitors.find(user.id);
    switch (view.callback_id) {
      case ACTION.flag: {
        const topic = decodeTopic(view.private_metadata);
        if (topic === undefined) return {};
        const [why, source] = [field(FIELD.why), field(FIELD.source)];
        const { locale } = topic;
        const flag = { topic: topic.topic, locale, why, ...(source !== "" && { source }) };
        const { held, announced } = await desk.flag(visitor, flag);
        const key = held ? "room.flag.held" : announced ? "room.flag.done" : "room.flag.doneUnannounced";
        return { answer: note(locale, key), after: quietly(showAnew(topic)) };
      }
      case ACTION.judge: {
        const judge = decodeJudge(view.private_metadata);
        if (judge === undefined) return {};
        const { judgement, topic, locale, url } = judge;
        await desk.judge(visitor, judgement, topic, field(FIELD.why), locale);
        const after = async () => {
          if (url === undefined) return;
          const { reply } = await desk.follow("slack", { kind: "topic", topic }, locale);
          const news = { judgement, topic, locale, title: reply.card?.title ?? topic, userId: user.id };
          await screen.respond(url, { ...renderNews(judgedSheet(look, news)), replace_original: true });
        };
        return { answer: note(locale, `room.judge.done.${judgement}`), after: quietly(after()) };
      }
      case ACTION.gap: {
        const locale = decodeLocale(view.private_metadata)?.locale;
        if (locale === undefined) return {};
        await desk.reportGap(visitor, field(FIELD.question), locale);
        return { answer: note(locale, "room.gap.done") };
      }
      case ACTION.sendForm: {
        const topic = decodeTopic(view.private_metadata);
        if (topic === undefined) return {};
        const { locale } = topic;
        const confirmed = (values[FIELD.adult]?.[FIELD.adult]?.selected_options ?? []).length > 0;
        const number = field(FIELD.number);
        const sendId = await desk.send(visitor, { topic: topic.topic, locale, number, confirmed });
        const update: SubmissionAnswer = {
          response_action: "update",
          view: sendResultModal(look, { sendId, locale }, await desk.sendStatus(visitor, sendId)),
        };
        return { answer: update };
      }
      default:
        return {};
    }
  }

  return async (body) => {
    const parsed = submissionSchema.safeParse(body);
    if (!parsed.success) return {};
    const { user, view } = parsed.data;
    const first = Object.keys(view.state.values)[0] ?? FIELD.why;
    const known =
      decodeLocale(view.private_metadata) ?? decodeTopic(view.private_metadata) ?? decodeJudge(view.private_metadata);
    const locale = desk.locales.find((one) => one === known?.locale) ?? (await visitors.localeOf(user.id));
    try {
      const done = await handle(parsed.data);
      return "answer" in done ? done : { answer: note(locale, "room.unknownButton") };
    } catch (error) {
      if (!(error instanceof RefusedError)) logger.warn("slack.handler-failed", { code: slackCode(error) });
      return { answer: { response_action: "errors", errors: { [first]: failure(look.translate, locale, error) } } };
    }
  };
}
