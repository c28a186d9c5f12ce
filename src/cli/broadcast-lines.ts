import { styleText } from "node:util";
import type { Preview } from "../broadcast/preview.ts";
import { type BroadcastReport, reportOf } from "../broadcast/report.ts";
import type { BroadcastProgress, BroadcastRecord } from "../core/broadcast.ts";

const MINUTE_MS = 60_000;
const BAR = 30;

const LEFT_OUT: Readonly<Record<Preview["leftOut"][number]["reason"], string>> = {
  "opted-out": "have said STOP",
  "other-channel": "get it on another channel already",
  language: "read a language that was not chosen",
  channel: "use a channel that was not chosen",
  window: "wrote on WhatsApp before today: WhatsApp takes nothing from us until they write again",
  "channel-off": "use a channel that is off (see .env)",
};

/** Why a vendor did not deliver, for the codes that organizers meet most (twilio.com/docs/api/errors). */
const REASONS: Readonly<Record<string, string>> = {
  "opted-out": "said STOP in between",
  window: "wrote on WhatsApp before today",
  expired: "was not sent in its hours, or after its last day",
  cancelled: "was cancelled before",
  language: "no text in their language",
  unreachable: "WhatsApp takes nothing from us until they write again",
  "channel-off": "the channel is off",
  unreadable: "the row is damaged",
  "21610": "has told Twilio STOP",
  "21211": "not a phone number",
  "21614": "not a mobile number",
  "30003": "phone off or out of reach",
  "30005": "number no longer exists",
  "30006": "landline or unknown carrier",
  "30007": "filtered by the carrier as spam",
  "30008": "the carrier did not say why",
  "30034": "the number is not registered (A2P 10DLC)",
  "63016": "outside WhatsApp's 24 hours",
};

/** All that somebody must see before anything goes out. */
export function previewLines(preview: Preview): string[] {
  const { record, rows, leftOut, costs, asleep, read, problems, warnings, needsEditor } = preview;
  const { broadcastId, state, author, audience, topic, source, until, sendAt, emergency, hash } = record;
  return [
    styleText("bold", `Broadcast ${broadcastId}: ${state}, by ${author}, ${hash.slice(0, 12)}`),
    `places ${audience.places.join(", ")}; languages ${audience.locales.join(", ")}; channels ${audience.channels.join(", ")}`,
    `goes out ${sendAt === undefined ? "once approved" : `at ${dayAndTime(sendAt)} UTC`}${emergency ? ", as an emergency: two approve, no first small try" : ""}`,
    ...(topic === undefined ? [] : [`leads to ${topic}`]),
    ...(source === undefined ? [] : [`source ${source}`]),
    ...(until === undefined ? [] : [`true until ${dayAndTime(until)} UTC`]),
    "",
    styleText("bold", `${preview.recipients} people get it`),
    ...rows.flatMap(({ channel, locale, full, recipients, segments, sample }) => [
      `  ${String(recipients).padStart(7)}  ${channel}, ${locale}, ${full ? "with the text" : "neutral"}, ${segments} ${segments === 1 ? "segment" : "segments"} each`,
      `           ${sample}`,
    ]),
    "What READ / VER answers:",
    ...Object.entries(read).map(([locale, text]) => `           ${locale}  ${text}`),
    ...(leftOut.length === 0 ? [] : ["Left out:"]),
    ...leftOut.map(({ reason, n }) => `  ${String(n).padStart(7)}  ${LEFT_OUT[reason]}`),
    ...costs.map(
      (cost) =>
        `${cost.channel}: ${cost.segments} segments, about ${money(cost)} ${cost.from === "account" ? "at what this account paid lately" : "at list price to U.S. numbers; others cost more"}, about ${duration(cost.durationMs)}`,
    ),
    ...asleep.map(({ place, opensAt }) => `${place}: people sleep then; it goes out from ${dayAndTime(opensAt)} UTC`),
    ...(needsEditor
      ? [styleText("yellow", "It speaks of law and leads to no answer: a content editor has to approve it.")]
      : []),
    ...warnings.map((warning) => styleText("yellow", `Consider: ${warning}`)),
    ...problems.map((problem) => styleText("red", `In the way: ${problem}`)),
  ];
}

/** A bar with counts, rate, time left and what failed, in one line of a terminal. */
export function progressLine(
  record: BroadcastRecord,
  progress: BroadcastProgress,
  before: { readonly at: number; readonly done: number } | undefined,
  now: number,
  width: number,
): { readonly line: string; readonly done: number } {
  const report = reportOf(progress);
  const { recipients, reached, waiting, open, failed, skipped, unknown } = report;
  const done = recipients - waiting - open;
  const share = recipients === 0 ? 0 : done / recipients;
  const filled = Math.round(share * BAR);
  const seconds = before === undefined ? 0 : (now - before.at) / 1_000;
  const rate = before === undefined || seconds <= 0 ? 0 : (done - before.done) / seconds;
  const left = rate > 0 ? `, ${duration(((recipients - done) / rate) * 1_000)} left` : "";
  const sum = (list: readonly { readonly n: number }[]) => list.reduce((all, { n }) => all + n, 0);
  const worst = failed[0];
  const parts = [
    `${"█".repeat(filled)}${"░".repeat(BAR - filled)} ${done}/${recipients}`,
    record.state,
    `${reached} sent`,
    ...(sum(failed) > 0 ? [`${sum(failed)} failed${worst === undefined ? "" : ` (${worst.reason})`}`] : []),
    ...(sum(skipped) > 0 ? [`${sum(skipped)} skipped`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    `${rate.toFixed(1)}/s${left}`,
  ];
  return { line: parts.join("  ").slice(0, width - 1), done };
}

export function reportLines(record: BroadcastRecord, report: BroadcastReport, cost: string): string[] {
  const share = (n: number) => (report.recipients === 0 ? "" : ` (${((100 * n) / report.recipients).toFixed(1)} %)`);
  const named = ({ reason, n }: { readonly reason: string; readonly n: number }) =>
    `  ${String(n).padStart(7)}  ${reason}${REASONS[reason] === undefined ? "" : `: ${REASONS[reason]}`}`;
  return [
    styleText("bold", `Broadcast ${record.broadcastId}: ${record.state}`),
    ...(record.startedAt === undefined ? [] : [`began ${dayAndTime(record.startedAt)} UTC`]),
    ...(record.finishedAt === undefined ? [] : [`ended ${dayAndTime(record.finishedAt)} UTC`]),
    `${report.recipients} recipients`,
    `${report.reached} taken by the carrier${share(report.reached)}, ${report.confirmed} confirmed by the phone`,
    ...(report.waiting + report.open > 0 ? [`${report.waiting + report.open} still to go`] : []),
    ...(report.unknown > 0 ? [`${report.unknown} unknown: the answer was lost, and nobody gets it twice`] : []),
    ...(report.failed.length > 0 ? ["Failed:", ...report.failed.map(named)] : []),
    ...(report.skipped.length > 0 ? ["Not sent:", ...report.skipped.map(named)] : []),
    `${report.optOuts} said STOP after it`,
    `cost about ${cost}`,
  ];
}

/** Millionths of a currency's unit, as people read money. */
export function money({ currency, micros }: { readonly currency: string; readonly micros: number }): string {
  return new Intl.NumberFormat("en", { style: "currency", currency }).format(micros / 1_000_000);
}

/** In UTC. */
export function dayAndTime(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace("T", " ");
}

function duration(ms: number): string {
  const minutes = Math.ceil(ms / MINUTE_MS);
  if (minutes < 2) return `${Math.ceil(ms / 1_000)} s`;
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
