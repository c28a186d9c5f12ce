import { setImmediate } from "node:timers/promises";
import { SendError } from "../core/errors.ts";
import type { Channel, Checkpoint, Clock, Counter, Logger } from "../core/ports.ts";
import type { ClaimedDelivery, OpenAttempt, SkipReason, Stores } from "../core/stores.ts";
import type { ChannelName } from "../core/words.ts";
import type { Translate } from "../locale/translate.ts";
import { createCalls } from "./calls.ts";
import { hasExpired, stillToSay } from "./late.ts";
import { isWindowOpen, partOf } from "./outbound.ts";
import { tryAgainAt } from "./retry.ts";
import { stopBroadcast } from "./stop-broadcast.ts";

/** How long a worker may hold a delivery. A channel's call times out in under half of it. */
const LEASE_MS = 30_000;
/** Calls under way at a time. */
const BATCH = 50;
/** No more calls while so many wait for their end to be recorded. */
const OPEN_AT_MOST = 100;
/** With nothing to do the worker looks again after this long, in case a wake-up was lost. */
const POLL_MS = 2_000;
/** While there is something to send, attempts of unknown fate are looked for this often. */
const LOOK_EVERY_MS = 5_000;
/** Before this long after the call, a message that a look-up does not show may still appear there. */
const SURELY_ABSENT_AFTER_MS = 60_000;
const LOOKS_BEFORE_ABSENT = 2;

export interface DeliveryOptions {
  readonly stores: Stores;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly counter: Counter;
  readonly translate: Translate;
  /** IANA name, for "you asked at 14:05". */
  readonly timeZone: string;
  readonly checkpoint: Checkpoint;
  /** In [0, 1). */
  readonly random?: () => number;
}

/** The one door out. */
export interface Delivery {
  /** Says that something was queued. */
  wake(): void;
  start(): void;
  /** Finishes what is under way and takes nothing new. */
  stop(): Promise<void>;
  /** Sends everything that is due and looks after attempts of unknown fate. Returns how many deliveries it handled. */
  run(): Promise<number>;
}

/**
 * Sends what is queued: opt-out check, attempt committed as `sending`, call, record. A crash at any point leaves rows
 * that say what is known, and `run` settles the rest.
 */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { stores, channels, clock, logger, counter, translate, timeZone, checkpoint } = options;
  const random = options.random ?? Math.random;

  /** Why a delivery is not sent, as far as its channel and the clock say. */
  function unfit(delivery: ClaimedDelivery): SkipReason | undefined {
    if (!channels.has(delivery.channel)) return "channel-off";
    // A reply is what the person has just asked for; everything else ends with STOP.
    if (delivery.optedOut && delivery.kind !== "reply") return "opted-out";
    if (!isWindowOpen(delivery, clock.now())) return "unreachable";
    const text = stillToSay(delivery, clock.now(), translate, timeZone);
    return text === undefined || hasExpired(delivery, clock.now()) ? "expired" : undefined;
  }

  /** Deliveries to send, each with its attempt on record, and how many were looked at for them. */
  async function claim(limit: number): Promise<{ begun: readonly ClaimedDelivery[]; seen: number }> {
    const skipped = new Map<number, Record<string, string>>();
    const begun = await stores.deliveries.claim(limit, LEASE_MS, (delivery) => {
      const { deliveryId, channel, kind } = delivery;
      const reason = unfit(delivery);
      if (reason !== undefined) skipped.set(deliveryId, { channel, kind, reason });
      return reason;
    });
    for (const labels of skipped.values()) counter.count("delivery_skipped", labels);
    return { begun, seen: begun.length + skipped.size };
  }

  async function sendOne(delivery: ClaimedDelivery, begunAt: number, answered: () => void): Promise<void> {
    const { deliveryId, attempt } = delivery;
    await checkpoint("attempt.begun");
    const channel = channels.get(delivery.channel);
    const text = stillToSay(delivery, begunAt, translate, timeZone);
    // This process was paused: by now another may be looking after the attempt, and sees that nothing was sent.
    if (channel === undefined || text === undefined || clock.now() - begunAt > LEASE_MS / 2) {
      logger.warn("delivery.paused", { deliveryId, attempt });
      return;
    }
    const part = partOf(delivery, text, clock.now());
    try {
      const { externalId } = await channel.send(part);
      answered();
      await checkpoint("part.sent");
      await stores.deliveries.settle(deliveryId, attempt, { status: "sent", externalId });
      const { channel: name, kind, notBefore } = delivery;
      counter.count("delivery_sent", { channel: name, kind });
      counter.count("delivery_waited_seconds", { channel: name, kind }, Math.max(0, begunAt - notBefore) / 1_000);
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      await afterFailure(delivery, error);
    }
  }

  /** The class of the error alone decides; see `core/errors.ts`. */
  async function afterFailure(delivery: ClaimedDelivery, error: SendError): Promise<void> {
    const { deliveryId, attempt } = delivery;
    counter.count("send_failed", { channel: delivery.channel, class: error.class });
    if (error.class === "opted-out") counter.count("opted_out_by_vendor");
    logger.warn("delivery.failed", { deliveryId, attempt, class: error.class, code: error.code });
    if (error.class === "ambiguous") return stores.deliveries.settle(deliveryId, attempt, { status: "unknown" });
    await stores.transaction(async (tx) => {
      await tx.deliveries.settle(deliveryId, attempt, { status: "failed", code: error.code, class: error.class });
      const again = tryAgainAt(error, attempt, clock.now(), random);
      if (again !== undefined) await tx.deliveries.requeue(deliveryId, again);
      if (error.class === "opted-out") await tx.contacts.optOut(delivery.contactId, "vendor");
      if (error.class === "configuration") await stopBroadcast(tx, delivery.broadcastId, error.code);
    });
  }

  /**
   * Settles an attempt nobody heard of. Found at the vendor: sent. Surely absent: a reply is sent again, for an answer
   * twice is better than none; a broadcast is only declared unknown.
   */
  async function reconcile(open: OpenAttempt): Promise<void> {
    const { delivery, sendingAt, looks } = open;
    const { deliveryId, attempt } = delivery;
    const surelyOver = clock.now() - sendingAt >= SURELY_ABSENT_AFTER_MS;
    // One look at once, the deciding one when nothing can be under way any more.
    if (looks > 0 && !surelyOver) return;
    const channel = channels.get(delivery.channel);
    const text = stillToSay(delivery, sendingAt, translate, timeZone);
    if (channel?.find !== undefined && text !== undefined) {
      const part = partOf(delivery, text, clock.now());
      const taken = await stores.deliveries.taken(delivery.contactId, sendingAt - SURELY_ABSENT_AFTER_MS);
      const found = await channel.find(part, sendingAt, taken);
      if (found !== undefined) {
        counter.count("delivery_found", { channel: delivery.channel });
        logger.info("delivery.found", { deliveryId, attempt });
        return stores.deliveries.settle(deliveryId, attempt, {
          status: "sent",
          externalId: found.externalId,
          vendorStatus: found.status,
        });
      }
      await stores.deliveries.looked(deliveryId, attempt);
      if (looks + 1 < LOOKS_BEFORE_ABSENT) return;
    }
    if (!surelyOver) return;
    if (delivery.kind !== "reply") return stores.deliveries.settle(deliveryId, attempt, { status: "unknown" });
    counter.count("delivery_resent", { channel: delivery.channel });
    logger.warn("delivery.resent", { deliveryId, attempt });
    await stores.deliveries.requeue(deliveryId, clock.now());
  }

  async function run(): Promise<number> {
    let handled = 0;
    for (const open of await stores.deliveries.open(BATCH, LEASE_MS))
      await guard(reconcile(open), open.delivery.deliveryId);
    let lookedAt = clock.now();
    const calls = createCalls(BATCH, OPEN_AT_MOST);
    const beside = (work: (answered: () => void) => Promise<void>, deliveryId: number) =>
      calls.begin((answered) => guard(work(answered), deliveryId));
    for (;;) {
      const bell = nextWake();
      const room = calls.room();
      // A broadcast keeps this going for hours: what a killed process left behind does not wait for its end.
      if (!ending && clock.now() - lookedAt >= LOOK_EVERY_MS) {
        lookedAt = clock.now();
        for (const one of await stores.deliveries.open(room, LEASE_MS))
          beside(() => reconcile(one), one.delivery.deliveryId);
      }
      const begunAt = clock.now();
      const { begun, seen } = ending ? { begun: [], seen: 0 } : await claim(room);
      handled += seen;
      for (const delivery of begun) beside((answered) => sendOne(delivery, begunAt, answered), delivery.deliveryId);
      if (seen === 0 && !calls.busy()) return handled;
      // A call that hangs holds up nobody else: what is queued meanwhile is claimed beside it.
      await calls.next(begun.length === room, bell);
      // A long queue must not keep webhooks and timers waiting: SQLite itself never lets the event loop go on.
      await setImmediate();
    }
  }

  /** One delivery that cannot be handled must not stop the others; its lease brings it back. */
  async function guard(work: Promise<void>, deliveryId: number): Promise<void> {
    try {
      await work;
    } catch (error) {
      counter.count("delivery_error");
      logger.error("delivery.broke", { deliveryId, error: error instanceof Error ? error.name : "unknown" });
    }
  }

  let stopped = true;
  let ending = false;
  let loop = Promise.resolve();
  let ring = () => {};
  let woken = false;

  /** Resolves at the next wake-up. */
  function nextWake(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    wakeRun = resolve;
    return promise;
  }
  let wakeRun = () => {};

  /** Sleeps until something is due, somebody wakes it, or the poll is up. */
  async function sleep(): Promise<void> {
    const dueAt = await stores.deliveries.nextDueAt();
    const pause = Math.max(0, Math.min(POLL_MS, (dueAt ?? Number.POSITIVE_INFINITY) - clock.now()));
    if (woken || stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pause);
      ring = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    run,
    wake() {
      woken = true;
      ring();
      wakeRun();
    },
    start() {
      stopped = false;
      ending = false;
      loop = (async () => {
        while (!stopped) {
          woken = false;
          try {
            await run();
            await sleep();
          } catch (error) {
            logger.error("delivery.loop-broke", { error: error instanceof Error ? error.name : "unknown" });
            await new Promise((resolve) => setTimeout(resolve, POLL_MS));
          }
        }
      })();
    },
    async stop() {
      stopped = true;
      ending = true;
      ring();
      await loop;
    },
  };
}
