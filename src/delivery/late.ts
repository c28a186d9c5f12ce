import type { ClaimedDelivery } from "../core/stores.ts";
import type { Translate } from "../locale/translate.ts";

/** From here on a reply says when it was asked for. */
const LATE_AFTER_MS = 10 * 60_000;
/** From here on nobody wants the answer any more: the phone may be in other hands. */
export const TOO_LATE_AFTER_MS = 30 * 60_000;
/** From here on not even that is said, and what could not be sent all this time is given up. */
const NEVER_AFTER_MS = 24 * 60 * 60_000;

/** The vendor keeps a message at most this long (Twilio, ValidityPeriod: 36,000 s), and at least a second. */
const VALID_AT_MOST_MS = 10 * 60 * 60_000;

/** Whether a delivery with an end of its own has passed it. */
export function hasExpired({ expiresAt }: Pick<ClaimedDelivery, "expiresAt">, now: number): boolean {
  return expiresAt !== undefined && now >= expiresAt;
}

/** How long the vendor may go on trying, in milliseconds: to the delivery's own end, or as long as a reply is wanted. */
export function validFor({ expiresAt }: Pick<ClaimedDelivery, "expiresAt">, now: number): number {
  if (expiresAt === undefined) return TOO_LATE_AFTER_MS;
  return Math.min(Math.max(expiresAt - now, 1_000), VALID_AT_MOST_MS);
}

/**
 * What may still be said to someone who asked at `askedAt`: the reply; after 10 minutes the reply under the time of the
 * question; after 30 minutes only that the service had failed, once; after a day nothing. Undefined: nothing.
 */
export function stillToSay(
  delivery: ClaimedDelivery,
  now: number,
  translate: Translate,
  timeZone: string,
): string | undefined {
  if (delivery.askedAt === undefined) return delivery.text;
  const late = now - delivery.askedAt;
  if (late <= LATE_AFTER_MS) return delivery.text;
  if (late > NEVER_AFTER_MS) return undefined;
  if (late > TOO_LATE_AFTER_MS) return delivery.part === 1 ? translate(delivery.locale, "late.tooLate") : undefined;
  if (delivery.part > 1) return delivery.text;
  const time = new Intl.DateTimeFormat(delivery.locale, {
    hour: "numeric",
    minute: "2-digit",
    timeZone,
    hour12: false,
  });
  return `${translate(delivery.locale, "late.askedAt", { time: time.format(delivery.askedAt) })}\n${delivery.text}`;
}
