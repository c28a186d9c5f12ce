import type { PersonId } from "./desk.ts";
import type { Platform } from "./front-desk.ts";
import type { ChannelName, Locale, TopicId } from "./words.ts";

export type BroadcastState =
  | "draft"
  | "awaiting-approval"
  | "scheduled"
  | "running"
  | "paused"
  | "finished"
  | "cancelled"
  | "expired";

/** Where people can ask for updates. */
export const BROADCAST_CHANNELS = ["sms", "whatsapp"] as const satisfies readonly ChannelName[];
export type BroadcastChannel = (typeof BROADCAST_CHANNELS)[number];

/** Who may get it: subscribers of these places, in these languages, on these channels. */
export interface Audience {
  /** By id, at least one. */
  readonly places: readonly string[];
  readonly locales: readonly Locale[];
  readonly channels: readonly BroadcastChannel[];
}

/** All that an approval is given to. */
export interface BroadcastContent {
  /** The announcement in every language of the audience, without the organisation's name before it. */
  readonly texts: Readonly<Record<Locale, string>>;
  /** The answer it leads to. */
  readonly topic?: TopicId;
  /** An https address: where it can be read. */
  readonly source?: string;
  /** After this it is wrong: it goes to nobody and nobody can read it any more. */
  readonly until?: number;
  readonly audience: Audience;
  /** Undefined: as soon as it is approved. */
  readonly sendAt?: number;
  /** Two approvers; no canary. */
  readonly emergency: boolean;
}

/** Why a broadcast stands still. */
export type PauseReason = "person" | "canary" | "configuration" | "failures" | "rules";

export interface BroadcastRecord extends BroadcastContent {
  readonly broadcastId: number;
  readonly state: BroadcastState;
  /** Of the content: an approval counts only while it is the one that was approved. */
  readonly hash: string;
  readonly author: PersonId;
  readonly createdAt: number;
  /** When everything needed was approved: the grace of a missed schedule counts from the later of this and `sendAt`. */
  readonly readyAt?: number;
  readonly startedAt?: number;
  /** When the list of recipients was complete, and how long it was. */
  readonly frozenAt?: number;
  readonly recipients?: number;
  readonly finishedAt?: number;
  readonly pause?: { readonly reason: PauseReason; readonly code?: string; readonly at: number };
  /** False until the first few were sent and somebody said to go on. */
  readonly canaryPassed: boolean;
  /** True once the team was told that it is about to go out. */
  readonly announced: boolean;
}

/** Where a platform's content room shows a broadcast. */
export interface BroadcastCard {
  readonly broadcastId: number;
  /** The platform's own words for a message. Absent until it was posted. */
  readonly place?: string;
  readonly locale: Locale;
}

export interface Approval {
  readonly by: PersonId;
  readonly hash: string;
  readonly at: number;
  /** Where the approver was authenticated. */
  readonly via: "slack" | "discord" | "machine";
}

/** What happened to a broadcast. Holds no recipient. */
export type BroadcastEventName =
  | "drafted"
  | "edited"
  | "submitted"
  | "approved"
  | "ready"
  | "started"
  | "frozen"
  | "paused"
  | "resumed"
  | "cancelled"
  | "expired"
  | "finished";

export interface BroadcastEvent {
  readonly broadcastId: number;
  readonly event: BroadcastEventName;
  /** Undefined: Puente itself. */
  readonly by?: PersonId;
  readonly at: number;
  readonly hash: string;
  /** The texts as they stood, with what was drafted, edited and approved; else a short word of why. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** One kind of people in an audience, and how many. */
export interface AudienceCount {
  readonly channel: BroadcastChannel;
  readonly locale: Locale;
  readonly full: boolean;
  readonly n: number;
  /** Gets it as a template. */
  readonly template?: true;
  /** Absent: gets it. */
  readonly leftOut?: LeftOut;
}

/**
 * Why a subscriber gets nothing: said STOP; has it on another channel already; reads a language or uses a channel that
 * was not chosen; wrote too long ago on WhatsApp, where no template is set, or none reaches their number.
 */
export type LeftOut = "opted-out" | "other-channel" | "language" | "channel" | "window" | "marketing-us";

/**
 * WhatsApp templates that Meta has approved: what may be sent to those who wrote more than 24 hours ago. They tell that
 * there is something new, and nothing else.
 */
export interface Templates {
  /** Languages that have one. */
  readonly locales: readonly Locale[];
  /** Meta counts it as marketing: numbers under +1 do not get it. */
  readonly marketing: boolean;
  /** People who may be written to first in any 24 hours: the account's tier. */
  readonly dailyLimit: number;
}

/** Ends the name of a group of deliveries that go out as a template. */
export const TEMPLATE_GROUP = ".template";

/** Where a broadcast's recipients stand. */
export interface BroadcastProgress {
  readonly recipients: number;
  /** Not handed to the worker yet. */
  readonly waiting: number;
  readonly rows: readonly {
    readonly channel: BroadcastChannel;
    readonly locale: Locale;
    /** Of the delivery. */
    readonly status: string;
    /** Why it was skipped, or the vendor's code. */
    readonly reason?: string;
    readonly n: number;
  }[];
  /** Recipients who said STOP after it had been sent to them. */
  readonly optOuts: number;
}

/** A group of recipients that one sender reaches at one clock: a channel and a place. */
export interface BroadcastLane {
  readonly lane: number;
  readonly channel: BroadcastChannel;
  readonly place: string;
  /** Not handed to the worker yet. */
  readonly waiting: boolean;
}

/** One form of a broadcast's text: what is sent to those of a lane, by language and by what they chose to see. */
export interface BroadcastForm {
  readonly locale: Locale;
  readonly full: boolean;
  readonly text: string;
  readonly segments: number;
  /** For those who wrote on WhatsApp before today. */
  readonly template?: true;
}

export interface Release {
  readonly broadcastId: number;
  readonly lane: number;
  readonly channel: BroadcastChannel;
  readonly forms: readonly BroadcastForm[];
  /** After it nothing of this release may be delivered. */
  readonly expiresAt: number;
  /** What the channel's sender takes in a second, in segments. All broadcasts share it. */
  readonly perSecond: number;
  readonly limit: number;
  readonly templates?: Templates;
  /** So many recipients of the whole broadcast at most, until somebody has looked at how they fared. */
  readonly canary?: number;
}

export interface BroadcastStore {
  create(content: BroadcastContent & { readonly hash: string; readonly author: PersonId }): Promise<number>;
  /** Replaces the content of one that has not begun, which becomes a draft again. False when it has begun. */
  edit(broadcastId: number, content: BroadcastContent & { readonly hash: string }, by: PersonId): Promise<boolean>;
  find(broadcastId: number): Promise<BroadcastRecord | undefined>;
  /** Newest first. */
  list(limit: number): Promise<readonly BroadcastRecord[]>;
  /** Those that a worker has something to do with. */
  active(): Promise<readonly BroadcastRecord[]>;
  /**
   * Moves it to a state, with a line in the log. False, and nothing is changed, when it is in none of `from` or its
   * content is no longer `hash`.
   */
  move(
    broadcastId: number,
    move: {
      readonly from: readonly BroadcastState[];
      readonly to: BroadcastState;
      readonly event: BroadcastEventName;
      readonly by?: PersonId;
      readonly hash?: string;
      readonly pause?: { readonly reason: PauseReason; readonly code?: string };
      readonly passCanary?: boolean;
    },
  ): Promise<boolean>;
  /** Adds an approval of this very content. False when it has changed, is not awaiting one, or the person gave one. */
  approve(broadcastId: number, approval: Omit<Approval, "at">): Promise<boolean>;
  /** Approvals of the content as it stands. */
  approvals(broadcastId: number): Promise<readonly Approval[]>;
  /** Oldest first; of one broadcast or of all. */
  log(broadcastId?: number): Promise<readonly BroadcastEvent[]>;
  /** True for the one process that is to tell the team now: another may try when `retryMs` have passed in vain. */
  takeAnnouncement(broadcastId: number, retryMs: number): Promise<boolean>;
  /** The team was told, or cannot be. */
  noteAnnounced(broadcastId: number): Promise<void>;

  /** Who would get it now and who not, by kind. Changes nothing. */
  count(audience: Audience, templates?: Templates): Promise<readonly AudienceCount[]>;
  /** Templates that were released in the last 24 hours, counted by whole hours: rather too many than too few. */
  templatesUsed(): Promise<number>;
  /**
   * Adds the next recipients to the frozen list, in order of contacts, and at the end says so in the log. True when the
   * list is complete.
   */
  freeze(broadcastId: number, limit: number): Promise<boolean>;
  lanes(broadcastId: number): Promise<readonly BroadcastLane[]>;
  /**
   * Hands the next recipients of a lane to the worker as deliveries: so many as the sender takes now, none while the
   * broadcast is not running. Those who said STOP since are skipped. Returns how many rows it wrote.
   */
  release(release: Release): Promise<number>;
  /** Deliveries of a broadcast that the worker has not begun, at most 1,000. */
  backlog(broadcastId: number, channel: BroadcastChannel): Promise<number>;
  /** Puts back what of a lane was not sent in its hours: it goes out in these. Returns how many. */
  revive(broadcastId: number, lane: number, expiresAt: number): Promise<number>;
  /** Recipients handed to the worker so far, counted up to `atMost`. */
  handed(broadcastId: number, atMost: number): Promise<number>;
  /** Of the newest deliveries that came to an end, how many failed. */
  recent(broadcastId: number): Promise<{ readonly ended: number; readonly failed: number }>;
  /** Deliveries that are queued, under way or still to be looked up. */
  hasOpen(broadcastId: number): Promise<boolean>;
  progress(broadcastId: number): Promise<BroadcastProgress>;
  /** Keeps the numbers as they are: the recipients' rows go after some days. */
  keepReport(broadcastId: number): Promise<void>;
  /** The contact of a phone that has written to Puente today by text message: whoever has it in hand. */
  phoneInHand(phone: string): Promise<number | undefined>;
  /** Marks the newest announcement that was sent to a contact as read. */
  markRead(contactId: number, broadcastId: number): Promise<void>;
}

/** The cards of broadcasts in the content rooms of Slack and Discord. They name messages of the team and nobody who asks. */
export interface BroadcastCards {
  /**
   * Cards of a platform that are to be looked at, each for one caller in `everyMs`: of broadcasts that wait for an
   * approval or have got one, and of others until `close`. New ones are in `locale`.
   */
  take(platform: Platform, everyMs: number, locale: Locale): Promise<readonly BroadcastCard[]>;
  /** Sets the language of a card that is not posted yet. */
  open(broadcastId: number, platform: Platform, locale: Locale): Promise<void>;
  find(broadcastId: number, platform: Platform): Promise<BroadcastCard | undefined>;
  /** It was posted there. */
  keep(broadcastId: number, platform: Platform, place: string): Promise<void>;
  /** Nothing about it will change any more. */
  close(broadcastId: number, platform: Platform): Promise<void>;
}

export interface BroadcastStores {
  readonly broadcasts: BroadcastStore;
  readonly broadcastCards: BroadcastCards;
}
