import type { ChannelName, Locale, TopicId } from "./words.ts";

/** What a person can agree to, and take back. */
export type ConsentEvent =
  | "updates.asked"
  | "updates.given"
  | "correction.asked"
  | "correction.given"
  | "full-text.given"
  | "full-text.ended"
  | "stopped"
  | "started";

/** One line of the ledger: proof of a consent, in which words it was asked for, without the number. */
interface Consent {
  readonly event: ConsentEvent;
  readonly channel: ChannelName;
  /** What the words of the question hash to. Empty where nothing was asked. */
  readonly wording: string;
  readonly place?: string;
  readonly at: number;
}

/** The ledger of consents. Lines are added and never changed; they go with the person. */
export interface Consents {
  add(contactId: number, consent: Omit<Consent, "at" | "channel">): Promise<void>;
  /** Oldest first. */
  of(contactId: number): Promise<readonly Consent[]>;
}

/** Who gets updates: a place and a language, and whether the text itself may show on the phone's screen. */
export interface Subscriptions {
  /** Adds a place; another language than before is the new one for all of a contact's places. */
  add(contactId: number, subscription: { readonly place: string; readonly locale: Locale }): Promise<void>;
  setLocale(contactId: number, locale: Locale): Promise<void>;
  setFull(contactId: number, full: boolean): Promise<void>;
  /** Ends the updates of all contacts of the person, with what was kept to correct answers. */
  end(contactId: number): Promise<void>;
}

/** An answer that somebody asked to be told about if it changes, in the words they were sent. */
export interface KeptAnswer {
  readonly contactId: number;
  readonly topic: TopicId;
  readonly locale: Locale;
  readonly textHash: string;
}

/** Kept for those alone who asked for corrections, for 30 days. */
export interface KeptAnswers {
  /** Keeps an answer, or its newer version in the place of the older one. */
  keep(answer: KeptAnswer): Promise<void>;
  /** The versions that are kept and that nobody was told about yet. */
  versions(): Promise<readonly Omit<KeptAnswer, "contactId">[]>;
  /**
   * Marks up to `limit` keepers of a version as told and returns them. In a transaction with the message to them, so
   * that each is told once.
   */
  takeToTell(version: Omit<KeptAnswer, "contactId">, limit: number): Promise<readonly number[]>;
  /** Forgets an answer that the person has read anew. */
  forget(contactId: number, topic: TopicId): Promise<void>;
}

export interface SubscriptionStores {
  readonly consents: Consents;
  readonly subscriptions: Subscriptions;
  readonly keptAnswers: KeptAnswers;
}
