import type { Tree } from "../content/tree.ts";
import { OvertakenError } from "../core/errors.ts";
import type { Checkpoint, Clock, Counter, InboundMessage, Limiter, Logger, Spool } from "../core/ports.ts";
import type { Reply, ReplyKind } from "../core/reply.ts";
import { countSegments } from "../core/segments.ts";
import type { InboxEntry, NewDelivery, Stores } from "../core/stores.ts";
import type { Effect, TurnResult } from "../core/turn.ts";
import type { Locale } from "../core/words.ts";
import { TOO_LATE_AFTER_MS } from "../delivery/late.ts";
import { partsOf, phonePartsOf, roomPartsOf } from "../delivery/parts.ts";
import type { Translate } from "../locale/translate.ts";
import { createGate } from "./gate.ts";
import type { Respond } from "./respond.ts";

/** Runs of one message before it is given up as poison: it gets a fixed reply, and its text is erased. */
const RUNS_BEFORE_POISON = 3;
/** Contacts answered at a time: more would only wait for the database, with their leases running. */
const AT_ONCE = 16;
/** From this share of the daily ceiling on, the operator is told. */
const ALARM_AT = 0.8;

/** Carries out an effect inside the turn's transaction. Returns the contact that the reply still reaches. */
export type EffectHandlers = {
  readonly [K in Effect["kind"]]: (
    effect: Extract<Effect, { kind: K }>,
    entry: InboxEntry,
    stores: Stores,
  ) => Promise<void>;
};

export interface ReceiveOptions {
  readonly stores: Stores;
  readonly respond: Respond;
  readonly tree: () => Tree;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly counter: Counter;
  readonly translate: Translate;
  readonly limits: {
    /** Messages of one contact. */
    readonly contact: Limiter;
    /** The line for a country that gets no answers: no points, so that it is said once in its window. */
    readonly country: Limiter;
    /** Billed parts of all answers in a day. */
    readonly segments: Limiter;
    /** The line for somebody who is not answered because of it: no points, once in its window. */
    readonly ceiling: Limiter;
  };
  /** The points of `limits.segments`. */
  readonly dailySegmentLimit: number;
  /** ISO codes of the countries that get answers. */
  readonly allowedCountries: readonly string[];
  readonly effects: EffectHandlers;
  /** A moment as people read it on a clock. */
  readonly clockTime: (at: number) => string;
  readonly checkpoint: Checkpoint;
  /** Says that a delivery was queued. */
  readonly wake: () => void;
  /** Where messages wait while the database cannot be reached. Without it they are refused, and the vendor tries again. */
  readonly spool?: Spool;
  /** Given where other processes answer: tells them of a message. */
  readonly handOver?: (contactId: number) => void;
}

/** What to say to someone over a limit: one line the first time, nothing after it. */
interface Verdict {
  readonly say: "limit.country" | "limit.reached" | undefined;
  readonly values: Readonly<Record<string, string>>;
}

/** The one door in. */
export interface Receive {
  /**
   * Accepts a message exactly once and resolves as soon as it is safe to forget: the vendor may be answered. The reply
   * is worked out afterwards, so slow matching never makes the vendor try again.
   */
  accept(message: InboundMessage): Promise<"accepted" | "repeated">;
  /** Answers what waits of this contact, if nobody else is at it. */
  answer(contactId: number): void;
  /** Takes in what was spooled, and answers what an earlier process accepted and did not answer. */
  resume(): Promise<void>;
  /** Resolves when nothing is being worked on. */
  settled(): Promise<void>;
  /** Finishes the answers under way. What waits stays in the inbox: the next start, or another process, answers it. */
  stop(): Promise<void>;
}

/** Replies that the daily ceiling never holds back: danger, and what a person orders in a word (STOP, HELP, DELETE). */
const PAST_THE_CEILING: readonly ReplyKind[] = ["danger", "command"];

export function createReceive(options: ReceiveOptions): Receive {
  const { stores, respond, clock, logger, counter, translate, checkpoint, limits } = options;
  /** One at a time per contact: the tail of each contact's queue. */
  const tails = new Map<number, Promise<void>>();
  const gate = createGate(AT_ONCE);
  let ending = false;

  function schedule(contactId: number, taken?: InboxEntry): void {
    const tail = (tails.get(contactId) ?? Promise.resolve()).then(() => gate.run(() => answerAll(contactId, taken)));
    tails.set(contactId, tail);
    void tail.finally(() => {
      if (tails.get(contactId) === tail) tails.delete(contactId);
    });
  }

  /** Each run of an entry is counted before it begins, so one that breaks the program is given up, not repeated for ever. */
  async function answerAll(contactId: number, taken?: InboxEntry): Promise<void> {
    let first = taken;
    for (let failures = 0; failures <= RUNS_BEFORE_POISON && !ending; ) {
      try {
        const entry = first ?? (await stores.inbox.take(contactId));
        first = undefined;
        if (entry === undefined) return;
        await answerOne(entry);
      } catch (error) {
        failures += 1;
        // Another process answers it: nothing is lost.
        if (error instanceof OvertakenError) continue;
        counter.count("inbox_failed");
        logger.error("inbox.failed", { contactId, error: error instanceof Error ? error.name : "unknown" });
      }
    }
    // The store itself fails. The rows stay: `resume` takes them up again.
  }

  /** Counts a message against the limits, once: a run again after a crash is answered. */
  async function judge({ contactId, country, attempts }: InboxEntry): Promise<Verdict | undefined> {
    if (attempts > 0) return undefined;
    if (country !== undefined && !options.allowedCountries.includes(country)) {
      const { first } = await limits.country.take(String(contactId));
      return { say: first ? "limit.country" : undefined, values: {} };
    }
    const { ok, first, retryAt } = await limits.contact.take(String(contactId));
    if (ok) return undefined;
    return { say: first ? "limit.reached" : undefined, values: { time: options.clockTime(retryAt) } };
  }

  /** Counts a reply against the daily ceiling, and tells the operator before it stops anything. */
  async function weigh(entry: InboxEntry, reply: Reply): Promise<Verdict | undefined> {
    const segments = billedParts(entry, reply);
    if (segments === 0) return undefined;
    const { ok, first, retryAt, used } = await limits.segments.take("all", segments);
    const alarmAt = options.dailySegmentLimit * ALARM_AT;
    if (used >= alarmAt && used - segments < alarmAt) {
      counter.count("segments_alarm");
      logger.error("segments.near-limit", { used, limit: options.dailySegmentLimit });
    }
    if (first) {
      counter.count("segments_over");
      logger.error("segments.over-limit", { used, limit: options.dailySegmentLimit });
    }
    if (ok || PAST_THE_CEILING.includes(reply.kind)) return undefined;
    const line = await limits.ceiling.take(String(entry.contactId));
    return { say: line.first ? "limit.reached" : undefined, values: { time: options.clockTime(retryAt) } };
  }

  async function answerOne(entry: InboxEntry): Promise<void> {
    const state = await stores.conversations.load(entry.contactId, entry.thread);
    const locale = state.locale ?? fallbackLocale(options.tree());
    if (entry.attempts >= RUNS_BEFORE_POISON) {
      counter.count("inbox_unreadable", { channel: entry.channel });
      logger.error("inbox.unreadable", { inboxId: entry.inboxId });
      return write(entry, state, oneLine(translate(locale, "reply.unreadable"), locale, state, "unreadable"));
    }
    let verdict = await judge(entry);
    const isTooLate = clock.now() - entry.receivedAt > TOO_LATE_AFTER_MS;
    const result = respond({
      state,
      utterance: entry.utterance,
      now: clock.now(),
      tree: options.tree(),
      contact: await stores.contacts.view(entry.contactId),
      channel: entry.channel,
      ...(entry.answeredByVendor && { answeredByVendor: entry.answeredByVendor }),
    });
    await checkpoint("turn.responded");
    // What holds back an answer never holds back a STOP or a DELETE.
    const kept = result.effects.filter(({ kind }) => kind !== "count");
    const instead = (text: string | undefined, outcome: "late" | "limited") => {
      const line = oneLine(text, locale, state, outcome);
      return write(entry, state, { ...line, effects: [...line.effects, ...kept] });
    };
    if (verdict === undefined && isTooLate) return instead(result.reply && translate(locale, "late.tooLate"), "late");
    if (verdict === undefined && result.reply !== undefined) verdict = await weigh(entry, result.reply);
    if (verdict === undefined) return write(entry, state, result);
    counter.count("message_limited", { channel: entry.channel });
    const { say, values } = verdict;
    return instead(say && translate(locale, say, values), "limited");
  }

  /** Everything a turn leaves behind, or nothing of it. */
  async function write(entry: InboxEntry, before: TurnResult["state"], { state, reply, effects }: TurnResult) {
    // A fixed line is already about the delay, so it carries no time of the question itself.
    const asked = state === before ? { ...entry, receivedAt: clock.now() } : entry;
    await stores.transaction(async (tx) => {
      await tx.inbox.finish(entry.inboxId, entry.attempts);
      if (state !== before) await tx.conversations.save(entry.contactId, entry.thread, state);
      if (reply !== undefined) await tx.deliveries.enqueue(repliesTo(asked, reply));
      for (const effect of effects) await carryOut(effect, entry, tx);
    });
    options.wake();
  }

  async function carryOut<K extends Effect["kind"]>(
    effect: Extract<Effect, { kind: K }>,
    entry: InboxEntry,
    tx: Stores,
  ) {
    const handle = options.effects[effect.kind as K];
    await handle(effect, entry, tx);
  }

  async function settled(): Promise<void> {
    while (tails.size > 0) await Promise.all(tails.values());
  }

  return {
    async accept(message) {
      let accepted: Awaited<ReturnType<Stores["inbox"]["accept"]>>;
      try {
        // Taken at once where its run can begin at once: else its lease would run while it waits.
        accepted = await stores.inbox.accept(message, { take: options.handOver === undefined && gate.isOpen() });
      } catch (error) {
        if (options.spool === undefined) throw error;
        // Accepted all the same: should the database have kept it after all, the replay is a repeat.
        await options.spool.put(message);
        counter.count("message_spooled", { channel: message.channel });
        logger.error("message.spooled", { channel: message.channel });
        return "accepted";
      }
      if (accepted === undefined) {
        counter.count("message_repeated", { channel: message.channel });
        return "repeated";
      }
      counter.count("message_accepted", { channel: message.channel });
      await checkpoint("message.accepted");
      if (options.handOver === undefined) schedule(accepted.contactId, accepted.taken);
      else options.handOver(accepted.contactId);
      return "accepted";
    },
    answer: (contactId) => schedule(contactId),
    async resume() {
      const replayed = await options.spool?.replay((message) => stores.inbox.accept(message));
      if (replayed !== undefined && replayed > 0) logger.info("spool.replayed", { messages: replayed });
      if (options.handOver !== undefined) return;
      for (const contactId of await stores.inbox.waiting()) schedule(contactId);
    },
    settled,
    stop() {
      ending = true;
      return settled();
    },
  };
}

/** A turn that ends with one fixed line, or with nothing, and changes no conversation. */
function oneLine(
  text: string | undefined,
  locale: Locale,
  state: TurnResult["state"],
  outcome: "late" | "unreadable" | "limited",
): TurnResult {
  const reply =
    text === undefined ? undefined : ({ kind: "none", locale, topics: [], messages: [{ text, choices: [] }] } as const);
  return { state, reply, effects: [{ kind: "count", outcome, locale }] };
}

/** What a reply costs: segments on SMS, messages on WhatsApp, nothing elsewhere. */
function billedParts({ channel }: InboxEntry, reply: Reply): number {
  if (channel === "whatsapp") return partsOf(reply, channel).length;
  if (channel !== "sms") return 0;
  return partsOf(reply, channel).reduce((sum, text) => sum + countSegments(text).segments, 0);
}

function fallbackLocale(tree: Tree): Locale {
  return tree.locales.includes("es") ? "es" : (tree.locales[0] ?? "en");
}

function repliesTo(entry: InboxEntry, reply: Reply): NewDelivery[] {
  const parts = roomPartsOf(reply, entry.channel, entry.thread) ?? phonePartsOf(reply, entry.channel);
  const [topic] = reply.topics;
  return parts.map((part, index) => ({
    ...part,
    kind: "reply",
    contactId: entry.contactId,
    groupId: String(entry.inboxId),
    part: index + 1,
    parts: parts.length,
    locale: reply.locale,
    ...(reply.kind === "danger" && { urgent: true }),
    ...(topic !== undefined && { topic }),
    notBefore: entry.receivedAt,
    askedAt: entry.receivedAt,
  }));
}
