import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/mobile";
import type { SendRefusal } from "../core/desk.ts";
import type { Stores } from "../core/stores.ts";
import type { Locale, TopicId } from "../core/words.ts";
import type { Person } from "./people.ts";

/** A volunteer who helps more guests than this asks them to text the code. */
export const SENDS_A_DAY = 20;

/** A number in E.164, or why it gets nothing. A number without a country code is read as one of `country`. */
export function readMobile(
  typed: string,
  allowedCountries: readonly string[],
  country: CountryCode = "US",
): { readonly phone: string } | { readonly refused: "not-mobile" | "country" } {
  const number = parsePhoneNumberFromString(typed, country);
  if (number === undefined) return { refused: "not-mobile" };
  if (number.country !== undefined && !allowedCountries.includes(number.country)) return { refused: "country" };
  // These metadata know mobile numbers alone: a landline is not valid by them.
  return number.isValid() ? { phone: number.number } : { refused: "not-mobile" };
}

/**
 * Enqueues the first text, which tells nothing, and keeps the answer for a day: it goes out when the person replies
 * READ. One transaction, so that two volunteers cannot both send to one number.
 */
export function sendToPhone(
  stores: Pick<Stores, "transaction">,
  sender: Person,
  send: { readonly phone: string; readonly topic: TopicId; readonly locale: Locale; readonly text: string },
  now: number,
): Promise<{ readonly sendId: number } | { readonly refused: SendRefusal }> {
  const { phone, topic, locale, text } = send;
  return stores.transaction(async ({ phoneSends, deliveries }) => {
    const contact = await phoneSends.contactFor(phone, sender.id, SENDS_A_DAY);
    if ("refused" in contact) return contact;
    const { contactId } = contact;
    const [deliveryId = 0] = await deliveries.enqueue([
      {
        kind: "sent-by-volunteer",
        contactId,
        groupId: String(now),
        part: 1,
        parts: 1,
        text,
        locale,
        notBefore: now,
      },
    ]);
    return { sendId: await phoneSends.record({ contactId, deliveryId, by: sender.id, topic, locale }) };
  });
}
