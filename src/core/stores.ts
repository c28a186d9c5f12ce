// The ports of `storage/`: every method is one statement or one short transaction.

import type { BroadcastStores } from "./broadcast.ts";
import type { DeskStores } from "./desk.ts";
import type { SendErrorClass } from "./errors.ts";
import type { InboundMessage, Receipt, RoomPart } from "./ports.ts";
import type { AttemptStatus, DeliveryStatus } from "./status.ts";
import type { SubscriptionStores } from "./subscription.ts";
import type { ContactView, ConversationState, Outcome } from "./turn.ts";
import type { ChannelName, Locale, TopicId, Utterance } from "./words.ts";

/** An accepted message that is waiting for its answer. */
export interface InboxEntry {
  readonly inboxId: number;
  readonly contactId: number;
  readonly channel: ChannelName;
  readonly thread: string;
  readonly utterance: Utterance;
  readonly receivedAt: number;
  /** Runs begun before this one. */
  readonly attempts: number;
  /** ISO 3166-1 alpha-2 of the sender's number, when there is one. */
  readonly country?: string;
  readonly answeredByVendor?: "stop" | "start" | "help";
}

export interface Inbox {
  /**
   * Accepts a message exactly once by (channel, externalId), also after an erasure. Seals the utterance before the
   * first write. Resolves to undefined for a repeat, and for a message older than its sender's erasure.
   *
   * With `take` the entry is taken in the same commit, as `take` would, unless another one of its contact waits.
   */
  accept(
    message: InboundMessage,
    options?: { readonly take?: boolean },
  ): Promise<{ readonly inboxId: number; readonly contactId: number; readonly taken?: InboxEntry } | undefined>;
  /**
   * Raises `attempts`, leases the oldest waiting entry of this contact and returns it. Undefined when there is none, or
   * when another process is at work on it: so no two entries of a contact are answered at the same time.
   */
  take(contactId: number): Promise<InboxEntry | undefined>;
  /** Contacts with entries that wait and that nobody works on, oldest first. */
  waiting(): Promise<readonly number[]>;
  /**
   * Erases the utterance and closes the entry. With `run`, the `attempts` of the entry as `take` gave it.
   *
   * @throws OvertakenError when another process has taken that run's place: whatever it wrote must not be kept.
   */
  finish(inboxId: number, run?: number): Promise<void>;
  /** Those of these vendor ids that were never accepted. */
  unseen(channel: ChannelName, externalIds: readonly string[]): Promise<readonly string[]>;
}

export interface Conversations {
  load(contactId: number, thread: string): Promise<ConversationState>;
  save(contactId: number, thread: string, state: ConversationState): Promise<void>;
}

export interface Contacts {
  view(contactId: number): Promise<ContactView>;
  optOut(contactId: number, source: "person" | "vendor"): Promise<void>;
  optIn(contactId: number, source: "person" | "vendor"): Promise<void>;
  /**
   * Erases every row linked to the person; an opt-out made before stays as a keyed mark, with the time of the erasure.
   * What is enqueued in the same transaction still goes out, to say that it is done; then the contact is gone too.
   */
  erase(contactId: number): Promise<void>;
  /** The same by a phone number (E.164), for an operator. Leaves a mark also where nothing was found. Returns how many contacts there were. */
  eraseByPhone(phone: string): Promise<number>;
}

/** Who a delivery is for and why it exists. */
export type DeliveryKind = "reply" | "broadcast" | "notice" | "sent-by-volunteer";

export interface NewDelivery {
  readonly kind: DeliveryKind;
  readonly contactId: number;
  /** Parts of one reply share it; a part goes only when no earlier part is open, or after 30 s. */
  readonly groupId: string;
  /** From 1. */
  readonly part: number;
  readonly parts: number;
  readonly text: string;
  readonly locale: Locale;
  readonly topic?: TopicId;
  readonly notBefore: number;
  /** When the person asked, for a reply: one that goes out late says so. */
  readonly askedAt?: number;
  /** An answer to danger: it waits for no other reply. */
  readonly urgent?: boolean;
  /** After it nobody wants it any more, or it would wake people. */
  readonly expiresAt?: number;
  /** Labels of the numbered choices in `text`. Sealed with it. */
  readonly choices?: readonly string[];
  readonly room?: RoomPart;
}

/** A delivery of which a worker has begun an attempt. */
export interface ClaimedDelivery extends NewDelivery {
  readonly deliveryId: number;
  readonly channel: ChannelName;
  readonly to: string;
  readonly optedOut: boolean;
  /** Of a broadcast. */
  readonly broadcastId?: number;
  /** The UTC day of the contact's last message (YYYY-MM-DD). No closer time is kept. */
  readonly lastWroteOn: string;
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  readonly createdAt: number;
}

/** An attempt that was begun and of which nothing was heard: the process died or the vendor did not answer. */
export interface OpenAttempt {
  readonly delivery: ClaimedDelivery;
  readonly sendingAt: number;
  /** Look-ups made so far that found nothing. */
  readonly looks: number;
}

/** Why a delivery was not sent: STOP, too late, no open window, or a channel that is off. */
export type SkipReason = "opted-out" | "expired" | "unreachable" | "channel-off";

export type Settlement =
  | { readonly status: "sent"; readonly externalId: string; readonly vendorStatus?: AttemptStatus }
  | { readonly status: "failed"; readonly code: string; readonly class: SendErrorClass }
  | { readonly status: "unknown" };

export interface Deliveries {
  enqueue(deliveries: readonly NewDelivery[]): Promise<readonly number[]>;
  /**
   * Commits `sending` and a numbered attempt for up to `limit` deliveries that are due, danger first, then replies, then
   * the rest, so that each call is recorded before it is made. A reply waits for an earlier one to the same contact, an
   * answer to danger and everything else only for earlier parts of the same message.
   *
   * What is not to be sent is skipped instead: everything but a reply after a STOP, and what `unfit` gives a reason for.
   * A broadcast that is paused stands still.
   */
  claim(
    limit: number,
    leaseMs: number,
    unfit?: (delivery: ClaimedDelivery) => SkipReason | undefined,
  ): Promise<readonly ClaimedDelivery[]>;
  /**
   * Records what became of an attempt. A status only rises (`core/status.ts`). `unknown` makes it due for a look-up;
   * a second `unknown` says that there is nothing more to find out, and `open` shows it no longer.
   */
  settle(deliveryId: number, attempt: number, settlement: Settlement): Promise<void>;
  /**
   * Puts a delivery back to `queued`: only after an attempt that was throttled, surely absent or failed
   * carrier-transient, or that a wrong configuration stopped. Anything else is left as it is.
   */
  requeue(deliveryId: number, notBefore: number): Promise<void>;
  /** Attempts in `sending` or `unknown` whose lease has run out, as `unknown`. Leases them anew, up to `limit`. */
  open(limit: number, leaseMs: number): Promise<readonly OpenAttempt[]>;
  /** Notes a look-up that found nothing. */
  looked(deliveryId: number, attempt: number): Promise<void>;
  /** Vendor ids of other attempts to the same contact since a time. */
  taken(contactId: number, since: number): Promise<ReadonlySet<string>>;
  /** Applies a receipt, early, repeated, shuffled or late. Returns the contact when the delivery is known. */
  receipt(
    receipt: Receipt,
  ): Promise<
    { readonly contactId: number; readonly broadcastId?: number; readonly settled: DeliveryStatus } | undefined
  >;
  /** When the next queued delivery is due, for the worker's sleep. */
  nextDueAt(): Promise<number | undefined>;
  /** What is due and not sent yet, by kind: how many, and since when the oldest waits. Kinds without any are left out. */
  waiting(): Promise<readonly { readonly kind: DeliveryKind; readonly n: number; readonly since: number }[]>;
}

export interface Counts {
  /** Adds to the day's count. Holds no person. */
  add(count: {
    /** Default: 1. */
    readonly n?: number;
    readonly outcome: Outcome;
    readonly topic?: TopicId;
    readonly locale: Locale;
    readonly channel: ChannelName;
    /** A port or city that was asked for by name. */
    readonly place?: string;
  }): Promise<void>;
  /** The counts of the days from `since` (YYYY-MM-DD, UTC) on. */
  since(day: string): Promise<readonly Count[]>;
}

/** How often a day ended how. `topic` and `place` may be empty. */
export interface Count {
  readonly day: string;
  readonly topic: TopicId | "";
  readonly locale: Locale;
  readonly channel: ChannelName;
  readonly place: string;
  readonly outcome: Outcome;
  readonly n: number;
}

/** A message whose words still lie at the vendor. It is linked to nobody here. */
export interface VendorMessage {
  readonly externalId: string;
  readonly channel: ChannelName;
  readonly direction: "in" | "out";
  /** True when pictures or recordings came with it. */
  readonly media: boolean;
  /** Tries made before. */
  readonly tries: number;
}

/** What is still to be erased at the vendor: it outlives the person's own erasure here, and a crash. */
export interface VendorErasures {
  /** Adds messages. One that was added before keeps its time; one that was erased stays so. */
  add(messages: readonly (Omit<VendorMessage, "tries"> & { readonly dueAt: number })[]): Promise<void>;
  /** Adds what was handed to the vendor before a time and was never added: no final word of it came, or a crash did. */
  addForgotten(before: number): Promise<void>;
  /** Leases messages that are due: until then nobody else gets them. */
  claim(channels: readonly ChannelName[], limit: number, leaseMs: number): Promise<readonly VendorMessage[]>;
  done(externalIds: readonly string[]): Promise<void>;
  /** Notes a try that failed. */
  later(externalId: string, dueAt: number): Promise<void>;
}

/** What messages cost, by day. Holds no person. */
export interface Costs {
  add(cost: {
    readonly channel: ChannelName;
    readonly direction: "in" | "out";
    readonly messages: number;
    readonly segments: number;
    /** Millionths of the currency's unit. */
    readonly micros: number;
    /** ISO 4217. */
    readonly currency: string;
  }): Promise<void>;
  /** Sums of the days from `since` (YYYY-MM-DD, UTC) on. */
  since(day: string): Promise<readonly CostSum[]>;
}

export interface CostSum {
  readonly channel: ChannelName;
  readonly direction: "in" | "out";
  readonly currency: string;
  readonly messages: number;
  readonly segments: number;
  readonly micros: number;
}

/** What the sweep takes away. Ages and reasons: `privacy/retention.ts`. */
export type PurgeRule =
  | "context"
  | "reply-text"
  | "reply-topic"
  | "deliveries"
  | "inbox"
  | "seen-messages"
  | "erase-marks"
  | "erased-contacts"
  | "vendor-erasures"
  | "costs"
  | "contacts"
  | "counts"
  | "limits"
  | "shared-texts"
  | "closed-flags"
  | "phone-send-links"
  | "phone-sends"
  | "ended-subscriptions"
  | "kept-answers"
  | "recipients"
  | "retired-keys";

export interface Retention {
  /** Applies a rule to what is older than `before`, some rows at a time. Returns how many; 0 when nothing is left. */
  purge(rule: PurgeRule, before: number): Promise<number>;
}

/**
 * All stores over one connection. Inside `transaction`, everything or nothing is written. Use only the stores handed to
 * `work`, and await nothing else there: the outer ones throw, for they would wait for the transaction for ever.
 */
export interface Stores extends DeskStores, SubscriptionStores, BroadcastStores {
  readonly inbox: Inbox;
  readonly conversations: Conversations;
  readonly contacts: Contacts;
  readonly deliveries: Deliveries;
  readonly counts: Counts;
  readonly vendorErasures: VendorErasures;
  readonly costs: Costs;
  readonly retention: Retention;
  transaction<T>(work: (stores: Stores) => Promise<T>): Promise<T>;
}
