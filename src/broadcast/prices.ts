import type { BroadcastChannel } from "../core/broadcast.ts";
import type { CostSum } from "../core/stores.ts";

/** Below so many messages an average says little. */
const ENOUGH = 20;

/**
 * What one segment (SMS) or one message (WhatsApp) costs, in millionths of the currency's unit: a first guess for an
 * account that has sent nothing yet. SMS: Twilio's list price to numbers of the United States, 0.0083, and a carrier's
 * share of 0.0035 (seen July 2026); other countries cost more. WhatsApp: Twilio's own share, 0.005; inside the 24-hour
 * window Meta takes nothing.
 */
const LIST_PRICES: Readonly<Record<BroadcastChannel, number>> = { sms: 11_800, whatsapp: 5_000 };

export interface Price {
  readonly currency: string;
  /** Millionths of its unit. */
  readonly micros: number;
  /** From what this account paid, or from a list for the United States. */
  readonly from: "account" | "list";
}

/** The price of one segment on a channel: what this account has paid lately, where it has sent enough to tell. */
export function priceOf(channel: BroadcastChannel, paid: readonly CostSum[]): Price {
  const sum = paid
    .filter(
      (cost) => cost.channel === channel && cost.direction === "out" && cost.messages >= ENOUGH && cost.segments > 0,
    )
    .toSorted((a, b) => b.messages - a.messages)[0];
  if (sum === undefined) return { currency: "USD", micros: LIST_PRICES[channel], from: "list" };
  return { currency: sum.currency, micros: Math.round(Math.abs(sum.micros) / sum.segments), from: "account" };
}
