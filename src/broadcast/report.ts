import type { BroadcastProgress } from "../core/broadcast.ts";
import type { CostSum } from "../core/stores.ts";
import { priceOf } from "./prices.ts";

/** What became of a broadcast, in the numbers that people ask for. */
export interface BroadcastReport {
  readonly recipients: number;
  readonly waiting: number;
  /** Queued, or under way. */
  readonly open: number;
  /** Taken by the vendor, and those of them that a phone confirmed. */
  readonly reached: number;
  readonly confirmed: number;
  /** Nobody will ever know: neither sent again nor counted as sent. */
  readonly unknown: number;
  readonly failed: readonly { readonly reason: string; readonly n: number }[];
  readonly skipped: readonly { readonly reason: string; readonly n: number }[];
  /** Who said STOP after it had come. */
  readonly optOuts: number;
}

/** Millionths of a currency's unit. */
export interface Money {
  readonly currency: string;
  readonly micros: number;
}

const REACHED = ["sent", "delivered", "read"];
const CONFIRMED = ["delivered", "read"];
const OPEN = ["queued", "sending"];

export function reportOf({ rows, recipients, waiting, optOuts }: BroadcastProgress): BroadcastReport {
  const count = (statuses: readonly string[]) =>
    rows.reduce((all, { status, n }) => all + (statuses.includes(status) ? n : 0), 0);
  const byReason = (status: string) => {
    const reasons = new Map<string, number>();
    for (const row of rows.filter((one) => one.status === status)) {
      const reason = row.reason ?? "no reason given";
      reasons.set(reason, (reasons.get(reason) ?? 0) + row.n);
    }
    return [...reasons].map(([reason, n]) => ({ reason, n })).toSorted((a, b) => b.n - a.n);
  };
  return {
    ...{ recipients, waiting, optOuts },
    open: count(OPEN),
    reached: count(REACHED),
    confirmed: count(CONFIRMED),
    unknown: count(["unknown"]),
    failed: byReason("failed"),
    skipped: byReason("skipped"),
  };
}

/** What those that left have cost, about: one message of so many segments each. */
export function costOf(
  { rows }: BroadcastProgress,
  segmentsOf: (channel: "sms" | "whatsapp") => number,
  paid: readonly CostSum[],
): Money {
  let currency = "USD";
  let micros = 0;
  for (const { channel, status, n } of rows) {
    if (!REACHED.includes(status) && status !== "unknown") continue;
    const price = priceOf(channel, paid);
    currency = price.currency;
    micros += n * segmentsOf(channel) * price.micros;
  }
  return { currency, micros };
}

/** One line for each kind of outcome, and none for anybody: channel, language, status, reason, how many. */
export function reportCsv({ rows, waiting }: BroadcastProgress): string {
  const quoted = (value: string) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const lines = rows
    .map(({ channel, locale, status, reason = "", n }) => [channel, locale, status, reason, String(n)])
    .toSorted((a, b) => (a.join() < b.join() ? -1 : 1));
  if (waiting > 0) lines.push(["", "", "waiting", "", String(waiting)]);
  return `${[["channel", "language", "status", "reason", "recipients"], ...lines].map((line) => line.map(quoted).join(",")).join("\n")}\n`;
}
