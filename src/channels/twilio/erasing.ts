import twilio from "twilio";
import type { Clock, Counter, Logger } from "../../core/ports.ts";
import type { Costs, VendorErasures, VendorMessage } from "../../core/stores.ts";
import type { TwilioClient } from "./client.ts";
import { toSendError } from "./errors.ts";

/** Messages erased side by side: replies need the API more. */
const AT_ONCE = 5;
const BATCH = 50;
/** Long enough for one batch; a process that dies in it leaves the messages to the next. */
const LEASE_MS = 5 * 60_000;
/** Twilio refuses while a message is not complete (20009), and that may take hours. */
const WAIT_MS = 60_000;
const WAIT_AT_MOST_MS = 6 * 60 * 60_000;
/** From this try on somebody should look. */
const ALARM_AFTER_TRIES = 8;
/** A message holds at most 10 media. */
const MEDIA_AT_MOST = 20;

export interface ErasingOptions {
  readonly client: Pick<TwilioClient, "messages">;
  readonly erasures: VendorErasures;
  readonly costs: Costs;
  /** `redact` empties the text and leaves the row that says that a message was sent; `delete` takes the row too. */
  readonly mode: "redact" | "delete";
  readonly clock: Clock;
  readonly counter: Counter;
  readonly logger: Logger;
}

/**
 * Takes the words and the media of finished messages away from Twilio (twilio.com/docs/messaging/api/message-resource,
 * redact and delete), as far as the queue of them is due. What fails is tried again, ever further apart. On the way it
 * notes what each message cost, for the price is known only then. Resolves to how many were erased.
 */
export function createErasing(options: ErasingOptions): () => Promise<number> {
  const { client, erasures, costs, mode, clock, counter, logger } = options;

  async function erase({ externalId, channel, direction, media }: VendorMessage): Promise<Cost> {
    const message = client.messages(externalId);
    if (media)
      for (const { sid } of await message.media.list({ limit: MEDIA_AT_MOST })) await message.media(sid).remove();
    const left = mode === "redact" ? await message.update({ body: "" }) : await message.fetch();
    if (mode === "delete") await message.remove();
    return {
      channel,
      direction,
      messages: 1,
      segments: Number(left.numSegments) || 0,
      // Twilio writes what it takes as a negative number.
      micros: Math.round(Math.abs(Number(left.price ?? 0)) * 1_000_000),
      currency: left.priceUnit ?? "USD",
    };
  }

  /** Notes a failure for later; undefined: not erased. */
  async function eraseOne(message: VendorMessage): Promise<{ readonly cost: Cost | undefined } | undefined> {
    const { externalId, tries } = message;
    try {
      return { cost: await erase(message) };
    } catch (error) {
      if (isGone(error)) return { cost: undefined };
      const { code } = toSendError(error);
      counter.count("vendor_erasure_failed", { code });
      if (tries >= ALARM_AFTER_TRIES) logger.warn("vendor-erasure.waits", { externalId, code, tries });
      await erasures.later(externalId, clock.now() + Math.min(WAIT_MS * 2 ** tries, WAIT_AT_MOST_MS));
      return undefined;
    }
  }

  return async () => {
    let erased = 0;
    for (;;) {
      const batch = await erasures.claim(["sms", "whatsapp"], BATCH, LEASE_MS);
      if (batch.length === 0) return erased;
      const rest = [...batch];
      const done: string[] = [];
      const spent = new Map<string, Cost>();
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
            const result = await eraseOne(next);
            if (result === undefined) continue;
            done.push(next.externalId);
            if (result.cost !== undefined) addTo(spent, result.cost);
          }
        }),
      );
      await erasures.done(done);
      for (const cost of spent.values()) await costs.add(cost);
      erased += done.length;
      counter.count("vendor_erased", {}, done.length);
    }
  };
}

type Cost = Parameters<Costs["add"]>[0];

/** One row a day, channel, direction and currency is written, so the batch is summed first. */
function addTo(spent: Map<string, Cost>, cost: Cost): void {
  const key = [cost.channel, cost.direction, cost.currency].join();
  const before = spent.get(key);
  const { messages = 0, segments = 0, micros = 0 } = before ?? {};
  spent.set(key, {
    ...cost,
    messages: messages + cost.messages,
    segments: segments + cost.segments,
    micros: micros + cost.micros,
  });
}

/** Deleted before, by us or by hand. */
function isGone(error: unknown): boolean {
  return error instanceof twilio.RestException && error.status === 404;
}
