import type { Clock, Counter, InboundMessage, Logger } from "../../core/ports.ts";
import type { Inbox } from "../../core/stores.ts";
import type { TwilioClient } from "./client.ts";
import { channelOf, senderOf } from "./sender.ts";

/** Older messages are left: nobody waits for the answer any more. */
const LOOK_BACK_MS = 24 * 60 * 60_000;
/** Later looks go back this far beyond the one before: Twilio may list a message late. */
const OVERLAP_MS = 60 * 60_000;
/** A webhook is on its way this long. */
const WEBHOOK_MS = 60_000;
const PAGE = 1000;

export interface MissedOptions {
  readonly client: Pick<TwilioClient, "messages" | "services">;
  readonly smsFrom?: string;
  readonly messagingServiceSid?: string;
  readonly whatsappFrom?: string;
  readonly inbox: Pick<Inbox, "unseen">;
  readonly accept: (message: InboundMessage) => Promise<unknown>;
  /** Hears of every message whose words still lie at Twilio, those that were accepted long ago among them. */
  readonly stillThere: (message: InboundMessage) => void;
  readonly clock: Clock;
  readonly counter: Counter;
  readonly logger: Logger;
}

type Listed = Awaited<ReturnType<TwilioClient["messages"]["list"]>>[number];

/**
 * Finds the messages whose webhook never came, for Twilio does not repeat one that failed
 * (twilio.com/docs/usage/webhooks/webhooks-connection-overrides), and accepts them like any other. Each is accepted
 * once: those that were seen are left out, and the inbox refuses the rest. A message older than its sender's erasure is
 * refused there too. The first look goes back 24 hours. Resolves to how many were found.
 */
export function createMissedSweep(options: MissedOptions): () => Promise<number> {
  const { client, inbox, accept, clock, counter, logger } = options;
  let since: number | undefined;

  async function addresses(): Promise<string[]> {
    const { smsFrom, messagingServiceSid, whatsappFrom } = options;
    const pool =
      messagingServiceSid === undefined
        ? []
        : (await client.services(messagingServiceSid).phoneNumbers.list()).map(({ phoneNumber }) => phoneNumber);
    const all = [...pool, smsFrom, whatsappFrom && `whatsapp:${whatsappFrom}`];
    return [...new Set(all.filter((address) => address !== undefined))];
  }

  return async () => {
    const now = clock.now();
    const from = Math.max(now - LOOK_BACK_MS, since === undefined ? 0 : since - OVERLAP_MS);
    let found = 0;
    for (const to of await addresses()) {
      const listed = await client.messages.list({ to, dateSentAfter: new Date(from), pageSize: PAGE });
      const candidates = listed
        .map((message) => ({ message, at: (message.dateSent ?? message.dateCreated).getTime() }))
        .filter(({ message, at }) => at >= from && at <= now - WEBHOOK_MS && hasSomethingToAnswer(message));
      const ids = candidates.map(({ message }) => message.sid);
      const unseen = new Set(await inbox.unseen(channelOf(to), ids));
      // In the order they were written.
      for (const { message, at } of candidates.toReversed()) {
        const inbound = toInbound(message, at);
        if (unseen.has(message.sid) && (await accept(inbound)) === "accepted") found += 1;
        options.stillThere(inbound);
      }
    }
    since = now;
    if (found > 0) {
      counter.count("message_missed", {}, found);
      logger.warn("messages.missed", { found });
    }
    return found;
  };
}

/** One whose text is empty and that has no media was redacted: it was answered long ago. */
function hasSomethingToAnswer({ direction, body, numMedia }: Listed): boolean {
  return direction === "inbound" && (body !== "" || Number(numMedia) > 0);
}

function toInbound(message: Listed, receivedAt: number): InboundMessage {
  return {
    channel: channelOf(message.from),
    externalId: message.sid,
    from: senderOf(message.from),
    // The list does not say what kind of media it was.
    utterance: { text: message.body, ...(Number(message.numMedia) > 0 && { media: "other" }) },
    receivedAt,
  };
}
