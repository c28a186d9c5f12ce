import twilio from "twilio";
import { SendError, type SendErrorClass } from "../../core/errors.ts";

/**
 * Twilio's error codes as classes (twilio.com/docs/api/errors/<code>). Codes come from the answer to a create call and,
 * later, from receipts. Any other code fails the message.
 */
const CLASS_OF_CODE: Readonly<Record<string, SendErrorClass>> = {
  21610: "opted-out", // the person has replied STOP
  63014: "opted-out", // blocked by the WhatsApp user
  21211: "person", // not a valid number
  21214: "person", // a number that cannot be reached
  21217: "person", // does not look like a number
  21614: "person", // not a mobile number
  21635: "person", // a landline
  30005: "person", // unknown handset
  30006: "person", // landline or unreachable carrier
  63003: "person", // no such address on the channel
  63024: "person", // not a WhatsApp user
  14103: "message", // empty or too long
  21602: "message", // no body
  21617: "message", // more than 1,600 characters
  21656: "message", // content variables that cannot be used
  30036: "message", // not delivered within its validity: nobody waits for it any more
  63005: "message", // the channel does not take this content
  63013: "message", // against the channel's rules
  63016: "message", // outside WhatsApp's 24 hours: needs a template
  63021: "message", // a filled-in template over 1,024 characters
  63032: "message", // WhatsApp keeps it from this person for now
  20003: "configuration", // wrong credentials
  20005: "configuration", // the account is not active
  21212: "configuration", // the sender is no number
  21408: "configuration", // country not enabled in the account
  21603: "configuration", // no sender
  21606: "configuration", // the sender is not ours or cannot send
  21608: "configuration", // a trial account and a number it has not verified
  21612: "configuration", // no route from this sender to that country
  21659: "configuration", // the sender is not in the account
  21703: "configuration", // the Messaging Service has no number
  30002: "configuration", // account suspended
  30007: "configuration", // filtered as spam
  30032: "configuration", // toll-free number not verified
  30034: "configuration", // number not registered (A2P 10DLC)
  63007: "configuration", // no such WhatsApp sender
  63051: "configuration", // WhatsApp business account locked
  20429: "throttled", // refused before processing
  14107: "throttled", // too many messages at once
  30001: "carrier-transient", // queue overflow
  21611: "carrier-transient", // queue full
  30003: "carrier-transient", // unreachable handset
  30008: "carrier-transient", // unknown carrier error
  30017: "carrier-transient", // the carrier is congested
  30022: "carrier-transient", // the carrier's rate for this campaign
  30500: "carrier-transient", // something failed inside Twilio after it was taken
  63017: "carrier-transient", // WhatsApp rate
  63018: "carrier-transient", // WhatsApp rate limit
};

/** The class of a Twilio error code. */
export function classOfCode(code: string): SendErrorClass {
  return CLASS_OF_CODE[code] ?? "message";
}

/** A wrong configuration that concerns one country or one person: the sender works for everybody else. */
export function isAboutDestination(code: string): boolean {
  return code === "21408" || code === "21608" || code === "21612";
}

/**
 * What a failed create call means. An answer with a code was not accepted; no answer, or a failure on Twilio's side
 * (5xx), may have been accepted all the same: the Messages API has no idempotency key.
 */
export function toSendError(error: unknown): SendError {
  if (error instanceof SendError) return error;
  if (error instanceof twilio.RestException && error.status < 500) {
    const code = String(error.code ?? error.status);
    return new SendError(error.status === 401 ? "configuration" : classOfCode(code), code);
  }
  return new SendError("ambiguous", error instanceof twilio.RestException ? String(error.status) : "no-answer");
}
