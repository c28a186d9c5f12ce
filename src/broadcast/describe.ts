import { inLocale, type Tree } from "../content/tree.ts";
import type { Approval, BroadcastChannel, BroadcastProgress, BroadcastRecord } from "../core/broadcast.ts";
import type { BroadcastView } from "../core/broadcast-desk.ts";
import type { Locale } from "../core/words.ts";
import type { People } from "../desk/people.ts";
import { type Sentence, say as sayIn } from "../locale/sentence.ts";
import type { Translate } from "../locale/translate.ts";
import type { Preview } from "./preview.ts";
import { type Money, reportOf } from "./report.ts";
import { shownIn, zoneOf } from "./request.ts";

const MINUTE_MS = 60_000;
const BAR = 20;
/** More names than this hide what matters. */
const NAMED = 6;

/** Reasons that `broadcast.reason` in locales/ explains: why a delivery was skipped, and the codes organizers meet most. */
const EXPLAINED =
  /^(?:opted-out|window|expired|cancelled|language|unreachable|channel-off|unreadable|daily-limit|marketing-us|21610|21211|21614|3000[35678]|30034|63016)$/;

const CHANNEL_NAMES: Readonly<Record<BroadcastChannel, string>> = { sms: "SMS", whatsapp: "WhatsApp" };
const VIA: Readonly<Record<Approval["via"], string>> = { slack: "Slack", discord: "Discord", machine: "npx puente" };

/** Broadcasts in words, for the command line, Slack and Discord alike. */
export interface Describe {
  /** All that somebody must see before anything goes out. */
  preview(preview: Preview): Pick<BroadcastView, "title" | "facts" | "texts" | "figures" | "concerns">;
  title(record: BroadcastRecord): string;
  sentence(sentence: Sentence): string;
  /** The text in one language, shortened: to tell one from another in a list. */
  summary(record: BroadcastRecord): string;
  /** A bar, counts and rate; then what failed and why. `before` is an earlier look. */
  progress(
    record: BroadcastRecord,
    progress: BroadcastProgress,
    now: number,
    before?: Look,
  ): { readonly line: string; readonly reasons: readonly string[]; readonly done: number };
  /** Why it stands still, where it does. */
  pause(record: BroadcastRecord): readonly string[];
  report(report: {
    readonly record: BroadcastRecord;
    readonly progress: BroadcastProgress;
    readonly cost: Money;
  }): readonly string[];
}

/** How many were done with at a moment. */
export interface Look {
  readonly at: number;
  readonly done: number;
}

export function createDescribe(options: {
  readonly translate: Translate;
  readonly locale: Locale;
  readonly tree: Tree;
  readonly people: People;
}): Describe {
  const { translate, locale, tree, people } = options;
  const say = (key: string, values?: Readonly<Record<string, string | number>>) =>
    translate(locale, `broadcast.${key}`, values);
  const sentence = (one: Sentence) => sayIn(translate, locale, one);
  const languages = new Intl.DisplayNames([locale], { type: "language" });
  const number = new Intl.NumberFormat(locale);
  const language = (one: Locale) => languages.of(one) ?? one;
  const nameOf = (id: string) => people.find(id)?.name ?? id;
  const money = ({ currency, micros }: Money) =>
    new Intl.NumberFormat(locale, { style: "currency", currency }).format(micros / 1_000_000);

  function placesOf(ids: readonly string[]): string {
    if (ids.length === tree.places.length) return say("everyPlace");
    if (ids.length > NAMED) return say("places", { count: ids.length });
    return ids
      .map((id) => {
        const place = tree.places.find((one) => one.id === id);
        return place === undefined ? id : inLocale(place.names, locale);
      })
      .join("; ");
  }

  /** By the clock of the first place, which is named with it. */
  function momentOf({ audience }: BroadcastRecord, at: number): string {
    const zone = zoneOf(tree, audience.places);
    return `${shownIn(zone, at).slice(0, 16)} (${zone})`;
  }

  function topicOf({ topic }: BroadcastRecord): string[] {
    if (topic === undefined) return [];
    const texts = tree.topics.get(topic)?.texts[locale];
    return [say("leadsTo", { title: texts?.title ?? topic, topic })];
  }

  const title = (record: BroadcastRecord) => say(`state.${record.state}`, { id: record.broadcastId });

  /** A line for each reason, most first. */
  const reasonLines = (list: readonly { readonly reason: string; readonly n: number }[]) =>
    list.map(({ reason, n }) =>
      EXPLAINED.test(reason)
        ? say("because", { n: number.format(n), code: reason, why: say(`reason.${reason}`) })
        : say("becauseCode", { n: number.format(n), code: reason }),
    );

  return {
    title,
    sentence,

    summary({ texts }) {
      const text = texts[locale] ?? Object.values(texts)[0] ?? "";
      return text.length > 100 ? `${text.slice(0, 99).trimEnd()}…` : text;
    },

    preview(preview) {
      const {
        record,
        rows,
        leftOut,
        costs,
        asleep,
        read,
        problems,
        warnings,
        needsEditor,
        approvals,
        missing,
        templates,
      } = preview;
      const { author, audience, source, until, sendAt, emergency } = record;
      const wakes = Map.groupBy(asleep, ({ opensAt }) => opensAt);
      return {
        title: title(record),
        facts: [
          say("by", { who: nameOf(author) }),
          ...approvals.map(({ by, via }) => say("approvedBy", { who: nameOf(by), via: VIA[via] })),
          say("for", {
            places: placesOf(audience.places),
            languages: audience.locales.map(language).join(", "),
            channels: audience.channels.map((one) => CHANNEL_NAMES[one]).join(", "),
          }),
          sendAt === undefined ? say("onceApproved") : say("goesOut", { time: momentOf(record, sendAt) }),
          ...(emergency ? [say("emergency")] : []),
          ...topicOf(record),
          ...(source === undefined ? [] : [say("source", { source })]),
          ...(until === undefined ? [] : [say("until", { time: momentOf(record, until) })]),
        ],
        texts: [
          ...rows.map(({ channel, locale: one, full, template, recipients, segments, sample }) => ({
            label: say("row", {
              count: recipients,
              channel: CHANNEL_NAMES[channel],
              language: language(one),
              form: say(template ? "asTemplate" : full ? "withText" : "neutral"),
              segments: say("segments", { count: segments }),
            }),
            text: sample,
          })),
          ...Object.entries(read).map(([one, text]) => ({ label: say("read", { language: language(one) }), text })),
        ],
        figures: [
          say("recipients", { count: preview.recipients, n: number.format(preview.recipients) }),
          ...leftOut.map(({ reason, n }) => say(`leftOut.${reason}`, { n: number.format(n) })),
          ...(templates === undefined
            ? []
            : [
                say("templates", {
                  n: number.format(templates.n),
                  left: number.format(templates.left),
                  limit: number.format(templates.limit),
                }),
              ]),
          ...costs.map((cost) =>
            say(cost.from === "account" ? "costPaid" : "costList", {
              channel: CHANNEL_NAMES[cost.channel],
              segments: say("segments", { count: cost.segments }),
              money: money(cost),
              duration: durationOf(cost.durationMs),
            }),
          ),
          ...[...wakes].map(([opensAt, places]) =>
            say("asleep", { places: placesOf(places.map(({ place }) => place)), time: momentOf(record, opensAt) }),
          ),
        ],
        concerns: [
          ...(needsEditor ? [say("needsEditor")] : []),
          ...missing.map(sentence),
          ...warnings.map((one) => say("consider", { what: sentence(one) })),
          ...problems.map((one) => say("inTheWay", { what: sentence(one) })),
        ],
      };
    },

    progress(record, progress, now, before) {
      const { recipients, reached, waiting, open, failed, skipped, unknown } = reportOf(progress);
      const done = recipients - waiting - open;
      const filled = Math.round((recipients === 0 ? 0 : done / recipients) * BAR);
      const seconds = before === undefined ? 0 : (now - before.at) / 1_000;
      const rate = before === undefined || seconds <= 0 ? 0 : (done - before.done) / seconds;
      const parts = [
        `${"█".repeat(filled)}${"░".repeat(BAR - filled)} ${number.format(done)}/${number.format(recipients)}`,
        say("sent", { n: number.format(reached) }),
        ...(failed.length > 0 ? [say("failed", { n: number.format(sum(failed)) })] : []),
        ...(skipped.length > 0 ? [say("notSent", { n: number.format(sum(skipped)) })] : []),
        ...(unknown > 0 ? [say("unknown", { n: number.format(unknown) })] : []),
        ...(record.state === "running" && rate > 0
          ? [`${rate.toFixed(1)}/s`, say("left", { time: durationOf(((recipients - done) / rate) * 1_000) })]
          : []),
      ];
      return { line: parts.join("  "), reasons: reasonLines([...failed, ...skipped]), done };
    },

    pause({ state, pause }) {
      if (state !== "paused") return [];
      return [say(`paused.${pause?.reason ?? "person"}`, { code: pause?.code ?? "?" })];
    },

    report({ record, progress, cost }) {
      const report = reportOf(progress);
      const share = (n: number) =>
        report.recipients === 0
          ? "0 %"
          : new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(n / report.recipients);
      const n = (value: number) => number.format(value);
      const { startedAt, finishedAt } = record;
      return [
        ...(startedAt === undefined ? [] : [say("began", { time: momentOf(record, startedAt) })]),
        ...(finishedAt === undefined ? [] : [say("ended", { time: momentOf(record, finishedAt) })]),
        say("recipientsWere", { count: report.recipients, n: n(report.recipients) }),
        say("reached", { n: n(report.reached), share: share(report.reached), confirmed: n(report.confirmed) }),
        ...(report.waiting + report.open > 0 ? [say("toGo", { n: n(report.waiting + report.open) })] : []),
        ...(report.unknown > 0 ? [say("unknownMeans", { n: n(report.unknown) })] : []),
        ...(report.failed.length > 0 ? [say("failedBy"), ...reasonLines(report.failed)] : []),
        ...(report.skipped.length > 0 ? [say("notSentBy"), ...reasonLines(report.skipped)] : []),
        say("saidStop", { count: report.optOuts, n: n(report.optOuts) }),
        say("costWas", { money: money(cost) }),
      ];
    },
  };
}

function sum(list: readonly { readonly n: number }[]): number {
  return list.reduce((all, { n }) => all + n, 0);
}

function durationOf(ms: number): string {
  const minutes = Math.ceil(ms / MINUTE_MS);
  if (minutes < 2) return `${Math.ceil(ms / 1_000)} s`;
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
