import type { SendErrorClass } from "./errors.ts";
import type { AttemptStatus, DeliveryStatus } from "./status.ts";
import type { ContactView, ConversationState, Outcome } from "./turn.ts";
import type { ChannelName, Locale, TopicId, Utterance } from "./words.ts";

/** Milliseconds since the epoch. Handed in everywhere, so that no behaviour depends on the day a test runs. */
export interface Clock {
  now(): number;
}

/** Structured lines with ids only. No number, name, utterance or reply may be passed to it. */
export interface Logger {
  debug(event: string, ids?: Record<string, string | number | boolean | undefined>): void;
  info(event: string, ids?: Record<string, string | number | boolean | undefined>): void;
  warn(event: string, ids?: Record<string, string | number | boolean | undefined>): void;
  error(event: string, ids?: Record<string, string | number | boolean | undefined>): void;
}

/** Numbers an operator watches. Names are `noun_verb_past`; labels never hold anything about a person. */
export interface Counter {
  count(name: string, labels?: Record<string, string>): void;
}

/** Who wrote, as the channel knows them. `id` is opaque: WhatsApp may give no phone number. */
export interface Sender {
  readonly id: string;
  /** E.164, when the channel knows it. Contacts that share it are one person. */
  readonly phone?: string;
  /** What the channel needs to write back: stored sealed. */
  readonly address: string;
}

/** A message as it came in through a channel. */
export interface InboundMessage {
  readonly channel: ChannelName;
  /** The vendor's id of this message: the key of accept-once. */
  readonly externalId: string;
  readonly from: Sender;
  /** A room's thread or a group; absent in a plain two-way chat. */
  readonly thread?: string;
  readonly utterance: Utterance;
  readonly receivedAt: number;
  readonly answeredByVendor?: "stop" | "start" | "help";
}

/** One part on its way to one address. */
export interface OutboundPart {
  readonly deliveryId: number;
  /** From 1. With `deliveryId` it names the attempt in the callback URL. */
  readonly attempt: number;
  readonly to: string;
  readonly text: string;
  /** After this the vendor must not deliver it any more. */
  readonly validForMs: number;
}

/** A way out. Throws `SendError` and nothing else. */
export interface Channel {
  readonly name: ChannelName;
  /** Hands one part to the vendor and returns the vendor's id for it. The call's own timeout is under half a lease. */
  send(part: OutboundPart): Promise<{ readonly externalId: string }>;
  /**
   * Looks for a part whose fate is unknown. `taken` are vendor ids that belong to other attempts.
   * Absent where the vendor offers no look-up.
   */
  find?(
    part: OutboundPart,
    sendingAt: number,
    taken: ReadonlySet<string>,
  ): Promise<{ readonly externalId: string; readonly status: AttemptStatus; readonly code?: string } | undefined>;
}

/** What the vendor says became of an attempt. */
export interface Receipt {
  readonly deliveryId: number;
  readonly attempt: number;
  readonly externalId?: string;
  readonly status: AttemptStatus;
  readonly error?: { readonly class: SendErrorClass; readonly code: string };
}

// Stores. Implemented by `storage/`; every method is one statement or one short transaction.

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
  readonly answeredByVendor?: "stop" | "start" | "help";
}

export interface Inbox {
  /**
   * Accepts a message exactly once by (channel, externalId), also after an erasure. Seals the utterance before the
   * first write. Resolves to undefined for a repeat.
   */
  accept(message: InboundMessage): Promise<{ readonly inboxId: number; readonly contactId: number } | undefined>;
  /** Raises `attempts` and returns the oldest waiting entry of this contact, or undefined. */
  take(contactId: number): Promise<InboxEntry | undefined>;
  /** Contacts with entries waiting, oldest first: what a start has to finish. */
  waiting(): Promise<readonly number[]>;
  /** Erases the utterance and closes the entry. */
  finish(inboxId: number): Promise<void>;
}

export interface Conversations {
  load(contactId: number, thread: string): Promise<ConversationState>;
  save(contactId: number, thread: string, state: ConversationState): Promise<void>;
}

export interface Contacts {
  view(contactId: number): Promise<ContactView>;
  optOut(contactId: number, source: "person" | "vendor"): Promise<void>;
  optIn(contactId: number, source: "person" | "vendor"): Promise<void>;
  /** Erases every row linked to the person; an opt-out made before stays as a keyed mark, with the time of the erasure. */
  erase(contactId: number): Promise<void>;
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
  readonly topic?: TopicId;
  readonly notBefore: number;
  /** After this it is not worth sending any more. */
  readonly expiresAt: number;
}

/** A delivery a worker holds until `leaseUntil`, unless it is `sending` already. */
export interface ClaimedDelivery extends NewDelivery {
  readonly deliveryId: number;
  readonly channel: ChannelName;
  readonly to: string;
  readonly optedOut: boolean;
  readonly leaseToken: string;
  /** Attempts made before. */
  readonly attempts: number;
  readonly createdAt: number;
}

/** An attempt that was begun and of which nothing was heard: the process died or the vendor did not answer. */
export interface OpenAttempt {
  readonly delivery: ClaimedDelivery;
  readonly attempt: number;
  readonly sendingAt: number;
  /** Look-ups made so far that found nothing. */
  readonly looks: number;
}

export type Settlement =
  | { readonly status: "sent"; readonly externalId: string; readonly vendorStatus?: AttemptStatus }
  | { readonly status: "failed"; readonly code: string; readonly class: SendErrorClass }
  | { readonly status: "unknown" };

export interface Deliveries {
  enqueue(deliveries: readonly NewDelivery[]): Promise<readonly number[]>;
  /** Leases up to `limit` deliveries that are due, replies first, earlier parts first. */
  claim(limit: number, leaseMs: number): Promise<readonly ClaimedDelivery[]>;
  /** Commits `sending` and a numbered attempt before the call is made. Undefined when the lease is no longer ours. */
  begin(deliveryId: number, leaseToken: string): Promise<number | undefined>;
  /** Records what became of an attempt. A status only rises (`core/status.ts`). */
  settle(deliveryId: number, attempt: number, settlement: Settlement): Promise<void>;
  /** Puts a delivery back to `queued`: only after an attempt that was throttled, surely absent or failed carrier-transient. */
  requeue(deliveryId: number, notBefore: number): Promise<void>;
  /** Ends a queued delivery that will not be sent. */
  skip(deliveryId: number, reason: "opted-out" | "expired" | "unreachable" | "channel-off"): Promise<void>;
  /** Attempts in `sending` or `unknown` whose lease has run out. */
  open(): Promise<readonly OpenAttempt[]>;
  /** Notes a look-up that found nothing. */
  looked(deliveryId: number, attempt: number): Promise<void>;
  /** Vendor ids of other attempts to the same contact since a time. */
  taken(contactId: number, since: number): Promise<ReadonlySet<string>>;
  /** Applies a receipt, early, repeated, shuffled or late. Returns the contact when the delivery is known. */
  receipt(receipt: Receipt): Promise<{ readonly contactId: number; readonly settled: DeliveryStatus } | undefined>;
  /** When the next queued delivery is due, for the worker's sleep. */
  nextDueAt(): Promise<number | undefined>;
}

export interface Counts {
  /** Adds one to the day's count. Holds no person. */
  add(count: {
    readonly outcome: Outcome;
    readonly topic?: TopicId;
    readonly locale: Locale;
    readonly channel: ChannelName;
  }): Promise<void>;
}

/** All stores over one connection. Inside `transaction`, everything or nothing is written. */
export interface Stores {
  readonly inbox: Inbox;
  readonly conversations: Conversations;
  readonly contacts: Contacts;
  readonly deliveries: Deliveries;
  readonly counts: Counts;
  transaction<T>(work: (stores: Stores) => Promise<T>): Promise<T>;
}

/** A limit with a name: so many points per key and window. `first` is true the first time a key is over: say it once. */
export interface Limiter {
  take(
    key: string,
    points?: number,
  ): Promise<{ readonly ok: boolean; readonly first: boolean; readonly retryAt: number }>;
}

/** A route a room hands to the server that mounts it. `raw` bodies keep their bytes for a signature. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly listener: "public" | "local";
  /** Bytes; over it the server answers 413. */
  readonly bodyLimit?: number;
  handle(request: RouteRequest): Promise<RouteResponse>;
}

export interface RouteRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly rawBody: string;
  /** The parsed form or JSON, when the content type says so. */
  readonly body: unknown;
}

export interface RouteResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}
