import type { Tree } from "../content/tree.ts";
import {
  type Approval,
  type AudienceCount,
  BROADCAST_CHANNELS,
  type BroadcastChannel,
  type BroadcastRecord,
  type LeftOut,
} from "../core/broadcast.ts";
import type { CostSum } from "../core/stores.ts";
import type { Locale } from "../core/words.ts";
import type { Sentence } from "../locale/sentence.ts";
import { type FormOptions, formsOf } from "./forms.ts";
import { hoursIn } from "./hours.ts";
import { priceOf } from "./prices.ts";
import type { Verdict } from "./rules.ts";

/** One kind of message that would go out. */
interface PreviewRow {
  readonly channel: BroadcastChannel;
  readonly locale: Locale;
  /** Those who chose to have the text itself on the screen. */
  readonly full: boolean;
  readonly recipients: number;
  /** Of one message. WhatsApp: 1. */
  readonly segments: number;
  /** The very text that would go out. */
  readonly sample: string;
  /** Approved by Meta, for those who wrote on WhatsApp before today. */
  readonly template: boolean;
}

type Reason = LeftOut | "channel-off" | "daily-limit";

/** What would happen if it went out now. */
export interface Preview extends Verdict {
  readonly record: BroadcastRecord;
  readonly recipients: number;
  readonly rows: readonly PreviewRow[];
  readonly leftOut: readonly { readonly reason: Reason; readonly n: number }[];
  /** Templates that would go out, how many still may in these 24 hours, and of how many. */
  readonly templates?: { readonly n: number; readonly left: number; readonly limit: number };
  /** What READ answers, by language. */
  readonly read: Readonly<Record<Locale, string>>;
  readonly costs: readonly {
    readonly channel: BroadcastChannel;
    readonly segments: number;
    readonly currency: string;
    readonly micros: number;
    readonly from: "account" | "list";
    /** At the sender's own rate. */
    readonly durationMs: number;
  }[];
  readonly approvals: readonly Approval[];
  /** What an approval has still to come from. */
  readonly missing: readonly Sentence[];
  /** Places where people sleep at the time it would begin, and when they wake. */
  readonly asleep: readonly { readonly place: string; readonly opensAt: number }[];
}

export function composePreview(
  parts: FormOptions & {
    readonly record: BroadcastRecord;
    readonly verdict: Verdict;
    readonly counts: readonly AudienceCount[];
    readonly paid: readonly CostSum[];
    readonly rates: Readonly<Partial<Record<BroadcastChannel, number>>>;
    readonly tree: Tree;
    readonly templatesUsed: number;
    readonly now: number;
    readonly approvals: readonly Approval[];
    readonly missing: readonly Sentence[];
  },
): Preview {
  const { record, counts, rates, translate, name } = parts;
  const reaches = ({ channel, leftOut }: AudienceCount) => leftOut === undefined && rates[channel] !== undefined;
  const limit = parts.templates?.dailyLimit ?? 0;
  const left = Math.max(0, limit - parts.templatesUsed);
  let within = left;
  const rows = BROADCAST_CHANNELS.flatMap((channel) =>
    formsOf(record, channel, parts).map((form): PreviewRow => {
      const { locale, full, segments, text: sample, template = false } = form;
      const these = sum(
        counts.filter(
          (count) =>
            reaches(count) &&
            count.channel === channel &&
            count.locale === locale &&
            (template ? count.template === true : count.template === undefined && count.full === full),
        ),
      );
      const recipients = template ? Math.min(these, within) : these;
      if (template) within -= recipients;
      return { channel, locale, full, segments, sample, recipients, template };
    }),
  ).filter(({ recipients }) => recipients > 0);
  const reasons = new Map<Reason, number>();
  const needTemplate = sum(counts.filter((count) => reaches(count) && count.template === true));
  if (needTemplate > left) reasons.set("daily-limit", needTemplate - left);
  for (const count of counts) {
    const reason = count.leftOut ?? (rates[count.channel] === undefined ? "channel-off" : undefined);
    if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + count.n);
  }
  return {
    ...parts.verdict,
    ...{ record, approvals: parts.approvals, missing: parts.missing },
    recipients: rows.reduce((all, { recipients }) => all + recipients, 0),
    rows,
    leftOut: [...reasons].map(([reason, n]) => ({ reason, n })),
    ...(needTemplate > 0 && { templates: { n: Math.min(needTemplate, left), left, limit } }),
    read: Object.fromEntries(
      record.audience.locales.map((locale) => [
        locale,
        translate(locale, "updates.read", { name, text: record.texts[locale] ?? "" }),
      ]),
    ),
    costs: BROADCAST_CHANNELS.flatMap((channel) => {
      const segments = rows.reduce(
        (all, row) => all + (row.channel === channel ? row.recipients * row.segments : 0),
        0,
      );
      const perSecond = rates[channel];
      if (segments === 0 || perSecond === undefined) return [];
      const { currency, micros, from } = priceOf(channel, parts.paid);
      return [
        { channel, segments, currency, micros: micros * segments, from, durationMs: (segments / perSecond) * 1_000 },
      ];
    }),
    asleep: record.audience.places.flatMap((id) => {
      const place = parts.tree.places.find((one) => one.id === id);
      if (place === undefined) return [];
      const hours = hoursIn(place.timeZone, Math.max(parts.now, record.sendAt ?? 0));
      return hours.open ? [] : [{ place: id, opensAt: hours.opensAt }];
    }),
  };
}

function sum(counts: readonly AudienceCount[]): number {
  return counts.reduce((all, { n }) => all + n, 0);
}
