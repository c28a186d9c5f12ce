import type { ColumnType, Generated } from "kysely";
import type { BroadcastChannel, BroadcastEventName, BroadcastState, PauseReason } from "../core/broadcast.ts";
import type { FlagOutcome } from "../core/desk.ts";
import type { SendErrorClass } from "../core/errors.ts";
import type { Platform } from "../core/front-desk.ts";
import type { AttemptStatus, DeliveryStatus } from "../core/status.ts";
import type { DeliveryKind } from "../core/stores.ts";
import type { ConsentEvent } from "../core/subscription.ts";
import type { Outcome } from "../core/turn.ts";
import type { ChannelName, Locale, TopicId } from "../core/words.ts";

/**
 * The tables as queries see them. Every table and column is made in `migrations/`; what is kept, why and for how long
 * is said in `privacy/retention.ts`. `Sealed` columns hold `v1.keyId.nonce.ciphertext`, never plain text; columns
 * named `...Key` hold keyed hashes.
 */
export interface Tables {
  migrations: { name: string; at: number };
  keys: { keyId: number; wrapped: string; createdAt: number; retiredAt: number | null };
  contacts: ContactsTable;
  opt_outs: { personKey: string; source: "person" | "vendor"; at: number };
  erase_marks: { personKey: string; at: number };
  seen_messages: { messageKey: string; channel: ChannelName; day: string };
  inbox: InboxTable;
  conversations: ConversationsTable;
  deliveries: DeliveriesTable;
  attempts: AttemptsTable;
  shared_texts: SharedTextsTable;
  /** rate-limiter-flexible's own. `key` is a keyed hash. */
  limits: { key: string; points: Generated<number>; expire: number | null };
  counts: CountsTable;
  vendor_erasures: VendorErasuresTable;
  costs: CostsTable;
  holds: HoldsTable;
  flags: FlagsTable;
  notices: NoticesTable;
  phone_sends: PhoneSendsTable;
  subscriptions: SubscriptionsTable;
  consents: ConsentsTable;
  kept_answers: KeptAnswersTable;
  broadcasts: BroadcastsTable;
  broadcast_approvals: BroadcastApprovalsTable;
  broadcast_events: BroadcastEventsTable;
  broadcast_lanes: BroadcastLanesTable;
  broadcast_recipients: BroadcastRecipientsTable;
  broadcast_cards: BroadcastCardsTable;
  /** When each channel's sender is free again, at its own rate. */
  senders: { channel: BroadcastChannel; freeAt: number };
  /** How many WhatsApp templates were released in an hour since the epoch. */
  template_hours: { hour: number; n: number };
  /** Counters that rise when another process has changed something: `desk`. */
  versions: { name: string; n: number };
}

type Sealed = string;
/** Given by the database and never used twice, so that a late receipt cannot reach another row. */
type RowId = ColumnType<number, never, never>;

interface ContactsTable {
  contactId: RowId;
  contactKey: string;
  personKey: string;
  channel: ChannelName;
  address: Sealed;
  /** The day of the last message (UTC), no closer. */
  seenOn: string;
  /** Set while the last word after an erasure is on its way: then the row goes too. */
  erasedAt: number | null;
}

interface InboxTable {
  inboxId: RowId;
  contactId: number;
  /** Random: ties the sealed utterance to this row. */
  rowKey: string;
  message: Sealed;
  receivedAt: number;
  /** Runs begun. Also tells a run that goes on from one that was overtaken. */
  attempts: Generated<number>;
  /** Until then the process that began the newest run has this message to itself. */
  leaseUntil: number | null;
}

interface ConversationsTable {
  contactId: number;
  threadKey: string;
  state: Sealed;
  context: Sealed | null;
  contextAt: number | null;
}

interface DeliveriesTable {
  deliveryId: RowId;
  contactId: number;
  kind: DeliveryKind;
  /** -1 for danger, 0 for what else a person is waiting for, 1 for bulk. */
  rank: number;
  groupId: string;
  part: number;
  parts: number;
  /** Empty where the text is in `shared_texts`; null once it is no longer needed. */
  text: Sealed | "" | null;
  locale: Locale;
  topic: TopicId | null;
  status: Generated<DeliveryStatus>;
  /** Why it was skipped. */
  reason: string | null;
  notBefore: number;
  askedAt: number | null;
  createdAt: number;
  /** Attempts begun; the newest one's number. */
  attempts: Generated<number>;
  sendingAt: number | null;
  /** Of an attempt, or of one that stands still. */
  leaseUntil: number | null;
  broadcastId: number | null;
  /** After it a broadcast's delivery is not handed to the vendor, and the vendor does not deliver it. */
  expiresAt: number | null;
  /** When the person read the announcement it stands for. */
  readAt: number | null;
}

/** A text that many deliveries of one group share, one for each part and locale. */
interface SharedTextsTable {
  sharedTextId: RowId;
  kind: DeliveryKind;
  groupId: string;
  part: number;
  locale: Locale;
  text: Sealed;
  createdAt: number;
  broadcastId: number | null;
}

interface CountsTable {
  day: string;
  topic: TopicId | "";
  locale: Locale;
  channel: ChannelName;
  place: string;
  outcome: Outcome;
  n: number;
}

interface AttemptsTable {
  deliveryId: number;
  number: number;
  externalId: string | null;
  status: AttemptStatus;
  sendingAt: number;
  looks: Generated<number>;
  code: string | null;
  errorClass: SendErrorClass | null;
}

interface VendorErasuresTable {
  externalId: string;
  channel: ChannelName;
  direction: "in" | "out";
  /** 1 or 0. */
  media: number;
  dueAt: number;
  tries: Generated<number>;
  addedAt: number;
  doneAt: number | null;
}

interface CostsTable {
  day: string;
  channel: ChannelName;
  direction: "in" | "out";
  currency: string;
  messages: number;
  segments: number;
  micros: number;
}

interface HoldsTable {
  holdId: RowId;
  topic: TopicId;
  status: "held" | "withdrawn";
  cause: "editor" | "flags";
  by: string;
  why: string;
  at: number;
  liftedBy: string | null;
  liftedWhy: string | null;
  liftedAt: number | null;
}

interface FlagsTable {
  flagId: RowId;
  /** Random: ties the sealed words to this row. */
  rowKey: string;
  topic: TopicId;
  locale: Locale | null;
  by: string;
  at: number;
  reason: Sealed;
  outcome: FlagOutcome | null;
  closedBy: string | null;
  closedAt: number | null;
}

interface PhoneSendsTable {
  sendId: RowId;
  /** Gone when the person is erased, and after a day. */
  contactId: number | null;
  deliveryId: number | null;
  /** Gone when it is read, and after a day. */
  topic: TopicId | null;
  locale: Locale;
  by: string;
  at: number;
}

interface NoticesTable {
  noticeId: RowId;
  /** JSON, as are `topics` and `places`. */
  texts: string;
  topics: string;
  places: string;
  until: number;
  source: string | null;
  draftedBy: string;
  draftedAt: number;
  approvedBy: string | null;
  approvedAt: number | null;
  endedBy: string | null;
  endedAt: number | null;
}

interface SubscriptionsTable {
  contactId: number;
  place: string;
  locale: Locale;
  /** 1: the text itself may show on the screen. */
  full: number;
}

interface ConsentsTable {
  consentId: RowId;
  contactId: number;
  event: ConsentEvent;
  channel: ChannelName;
  wording: string;
  place: string | null;
  at: number;
}

interface KeptAnswersTable {
  contactId: number;
  topic: TopicId;
  locale: Locale;
  textHash: string;
  at: number;
  toldAt: number | null;
}

interface BroadcastsTable {
  broadcastId: RowId;
  /** JSON: what an approval is given to. */
  content: string;
  hash: string;
  state: BroadcastState;
  author: string;
  until: number | null;
  createdAt: number;
  readyAt: number | null;
  startedAt: number | null;
  /** The last contact that was looked at for the list of recipients. */
  frozenTo: number | null;
  frozenAt: number | null;
  recipients: number | null;
  finishedAt: number | null;
  pauseReason: PauseReason | null;
  pauseCode: string | null;
  pausedAt: number | null;
  canaryPassed: Generated<number>;
  /** When a process last began to tell the team, and when the team was told. */
  announcedAt: number | null;
  toldAt: number | null;
  /** JSON: the numbers of the end. */
  report: string | null;
}

interface BroadcastApprovalsTable {
  broadcastId: number;
  hash: string;
  by: string;
  via: "slack" | "discord" | "machine";
  at: number;
}

interface BroadcastEventsTable {
  eventId: RowId;
  broadcastId: number;
  event: BroadcastEventName;
  by: string | null;
  at: number;
  hash: string;
  /** JSON. */
  detail: string | null;
}

interface BroadcastLanesTable {
  broadcastId: number;
  lane: number;
  channel: BroadcastChannel;
  place: string;
  /** The last contact handed to the worker. */
  releasedTo: number;
  /** Of the frozen list; null where there is nobody. */
  lastContact: number | null;
}

interface BroadcastCardsTable {
  broadcastId: number;
  platform: Platform;
  /** The platform's own words for a message; null until it was posted. */
  place: string | null;
  locale: Locale;
  shownAt: number;
  closed: Generated<number>;
}

interface BroadcastRecipientsTable {
  broadcastId: number;
  lane: number;
  contactId: number;
  locale: Locale;
  full: number;
}
