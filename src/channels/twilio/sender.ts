import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import type { Sender } from "../../core/ports.ts";
import type { ChannelName } from "../../core/words.ts";

/** Numbers of a code that several countries share, when the digits alone do not tell which. */
const COUNTRY_OF_SHARED_CODE: Readonly<Record<string, string>> = { "1": "US" };

/** The channel of one of Twilio's addresses: `+12025550123`, `whatsapp:+12025550123`. */
export function channelOf(address: string): Extract<ChannelName, "sms" | "whatsapp"> {
  return address.startsWith("whatsapp:") ? "whatsapp" : "sms";
}

/** Who wrote, from Twilio's `From` and, on WhatsApp, the opaque id of a person who may hide the number. */
export function senderOf(from: string, opaqueId?: string): Sender {
  const number = parsePhoneNumberFromString(from.replace(/^whatsapp:/, ""));
  return {
    id: opaqueId ?? from,
    ...(number && { phone: number.number }),
    ...(number && { country: number.country ?? COUNTRY_OF_SHARED_CODE[number.countryCallingCode] ?? "unknown" }),
    address: from,
  };
}
