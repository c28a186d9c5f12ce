import { SendError } from "../../core/errors.ts";
import type { Channel, Clock, Counter, OutboundPart } from "../../core/ports.ts";
import { countSegments } from "../../core/segments.ts";
import type { AttemptStatus } from "../../core/status.ts";
import type { Locale } from "../../core/words.ts";
import { createBreaker } from "./breaker.ts";
import type { TwilioClient } from "./client.ts";
import { type Contents, createContents } from "./contents.ts";
import { toSendError } from "./errors.ts";

/** How far two clocks may be apart when messages of a contact are looked through. */
const CLOCK_SLACK_MS = 60_000;
/** Twilio's page size for lists; a contact with more messages since an attempt is not looked through further. */
const LOOK_AT_MOST = 200;

export interface TwilioChannelOptions {
  readonly client: TwilioClient;
  /** Where Twilio reaches us: receipts come to `/twilio/status` there. */
  readonly publicUrl: string;
  readonly smsFrom?: string;
  readonly messagingServiceSid?: string;
  readonly whatsappFrom?: string;
  /** Asks Twilio not to keep the text at all, where the account has that feature. */
  readonly discardContent?: boolean;
  readonly clock: Clock;
  readonly counter: Counter;
  /** ContentSids of the approved templates, by language; their one variable is the organisation's name. */
  readonly templates?: { readonly sids: Readonly<Record<Locale, string>>; readonly name: string };
  /** What opens a list of choices on WhatsApp, in at most 20 characters. */
  readonly listButton: (locale: Locale) => string;
}

export interface TwilioChannels {
  readonly channels: readonly Channel[];
  /** Hears that a message with buttons failed after it was accepted: none are tried for a while. */
  buttonsRefused(): void;
}

/** The channels this account can send on: SMS with a number or a Messaging Service, WhatsApp with a sender. */
export function createTwilioChannels(options: TwilioChannelOptions): TwilioChannels {
  const { smsFrom, messagingServiceSid, whatsappFrom } = options;
  const contents = createContents(options);
  const channels: Channel[] = [];
  // A Messaging Service chooses the number itself and wins over a plain one.
  const sms = messagingServiceSid !== undefined ? { messagingServiceSid } : smsFrom !== undefined && { from: smsFrom };
  if (sms) channels.push(createTwilioChannel("sms", sms, options));
  if (whatsappFrom)
    channels.push(createTwilioChannel("whatsapp", { from: `whatsapp:${whatsappFrom}` }, options, contents));
  return { channels, buttonsRefused: contents.refused };
}

type FromParameters = { readonly from: string } | { readonly messagingServiceSid: string };

function createTwilioChannel(
  name: "sms" | "whatsapp",
  from: FromParameters,
  options: TwilioChannelOptions,
  contents?: Contents,
): Channel {
  const { client, publicUrl, counter, discardContent = false } = options;
  const breaker = createBreaker({ ...options, sender: name });

  /** A first try may have buttons; a further one says the same in numbers, which no rule of WhatsApp can refuse. */
  function buttonsFor(part: OutboundPart) {
    if (contents === undefined || part.choices === undefined || part.attempt > 1) return undefined;
    return contents.fill(part.text, part.choices, options.listButton(part.locale));
  }

  function templateFor({ template, locale }: OutboundPart) {
    if (template === undefined) return undefined;
    const contentSid = options.templates?.sids[locale];
    // It was taken out of the settings since: free text would be refused, and counts against the account.
    if (contentSid === undefined) throw new SendError("message", "63016");
    return { contentSid, contentVariables: JSON.stringify({ "1": options.templates?.name ?? "" }) };
  }

  async function create(part: OutboundPart, content: ReturnType<Contents["fill"]>) {
    try {
      return await client.messages.create({
        ...from,
        to: part.to,
        ...(content ?? { body: part.text }),
        statusCallback: callbackUrl(publicUrl, part, content !== undefined && part.template === undefined),
        validityPeriod: Math.ceil(part.validForMs / 1000),
        ...(discardContent && { contentRetention: "discard" as const }),
      });
    } catch (error) {
      throw toSendError(error);
    }
  }

  return {
    name,
    async send(part) {
      const template = templateFor(part);
      const content = template ?? buttonsFor(part);
      const message = await breaker.call(async () => {
        try {
          return await create(part, content);
        } catch (error) {
          if (
            content === undefined ||
            template !== undefined ||
            !(error instanceof SendError) ||
            error.class !== "message"
          )
            throw error;
          // Refused for its form, so nothing was sent.
          contents?.refused();
          return create(part, undefined);
        }
      });
      // A Messaging Service has not chosen its number yet, and says 0.
      const segments = Number(message.numSegments) || (name === "sms" ? countSegments(part.text).segments : 1);
      counter.count("segments_sent", { channel: name }, segments);
      return { externalId: message.sid };
    },
    async find(part, sendingAt, taken) {
      // No DateSent filter: it is null until a message is sent. Newest first, until before the attempt.
      const messages = await client.messages.list({ to: part.to, limit: LOOK_AT_MOST });
      // What was not kept, and a message with buttons that is not rendered yet, has no body to go by.
      const mayBeEmpty = discardContent || part.choices !== undefined || part.template === true;
      const found = messages.find(
        (message) =>
          message.dateCreated.getTime() >= sendingAt - CLOCK_SLACK_MS &&
          message.direction !== "inbound" &&
          (sameWords(message.body, part.text) || (mayBeEmpty && message.body === "")) &&
          sentFrom(message, from) &&
          !taken.has(message.sid),
      );
      if (found === undefined) return undefined;
      return {
        externalId: found.sid,
        status: statusOf(found.status) ?? "sent",
        ...(found.errorCode && { code: String(found.errorCode) }),
      };
    },
  };
}

/** Runs of white space aside: buttons are sent line by line. */
function sameWords(a: string, b: string): boolean {
  return a === b || a.replace(/\s+/g, " ").trim() === b.replace(/\s+/g, " ").trim();
}

function sentFrom(
  message: { readonly from: string; readonly messagingServiceSid: string | null },
  from: FromParameters,
): boolean {
  return "from" in from ? message.from === from.from : message.messagingServiceSid === from.messagingServiceSid;
}

/** The receipt's address names the attempt, so that it resolves even before the answer to the call is recorded. */
function callbackUrl(publicUrl: string, { deliveryId, attempt }: OutboundPart, hasButtons: boolean): string {
  return `${publicUrl}/twilio/status?delivery=${deliveryId}&attempt=${attempt}${hasButtons ? "&buttons=1" : ""}`;
}

const STATUS: Readonly<Record<string, AttemptStatus>> = {
  accepted: "sent",
  scheduled: "sent",
  queued: "sent",
  sending: "sent",
  sent: "sent",
  partially_delivered: "sent",
  undelivered: "failed",
  failed: "failed",
  canceled: "failed",
  delivered: "delivered",
  read: "read",
};

/** Twilio's message status as ours. `sent` means that Twilio has it. Undefined for one we do not know. */
export function statusOf(status: string): AttemptStatus | undefined {
  return STATUS[status];
}
