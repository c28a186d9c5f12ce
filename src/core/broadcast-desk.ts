import type { BroadcastChannel, BroadcastState } from "./broadcast.ts";
import type { Platform, Visitor } from "./front-desk.ts";
import type { Locale, TopicId } from "./words.ts";

/** What can be done with a broadcast where it is shown. */
export const BROADCAST_ACTIONS = ["edit", "test", "submit", "approve", "pause", "resume", "cancel"] as const;
export type BroadcastAction = (typeof BROADCAST_ACTIONS)[number];

/** A broadcast as a dialogue or a command line holds it: as typed, by the clock of its first place. */
export interface TypedBroadcast {
  readonly texts: Readonly<Record<Locale, string>>;
  /** Ids of places.yaml, or "all" among them. */
  readonly places: readonly string[];
  /** None: every language. */
  readonly locales: readonly Locale[];
  /** None: every channel. */
  readonly channels: readonly BroadcastChannel[];
  readonly topic?: TopicId;
  readonly source?: string;
  /** 2026-12-31 */
  readonly until?: string;
  /** 2026-12-01T09:30 */
  readonly at?: string;
  readonly emergency: boolean;
}

/** What a dialogue offers to choose from. */
export interface BroadcastChoices {
  readonly locales: readonly Locale[];
  readonly places: readonly { readonly id: string; readonly name: string; readonly country: string }[];
  readonly sections: readonly {
    readonly title: string;
    readonly topics: readonly { readonly topic: TopicId; readonly title: string }[];
  }[];
}

/** A broadcast in one language of the team, in words. Holds no recipient. */
export interface BroadcastView {
  readonly broadcastId: number;
  /** The beginning of the hash of what is shown: an approval is given to exactly that. */
  readonly seal: string;
  readonly state: BroadcastState;
  readonly locale: Locale;
  readonly title: string;
  /** Before everything else: what was just done, or is about to happen. */
  readonly lead?: string;
  /** Who wrote and approved it, for whom, when it goes out, what it leads to. */
  readonly facts: readonly string[];
  /** Every text that can go out, under a line that says to how many. */
  readonly texts: readonly { readonly label: string; readonly text: string }[];
  /** How many, who is left out and why, price, duration, hours. */
  readonly figures: readonly string[];
  /** What is in its way, or to be thought about. */
  readonly concerns: readonly string[];
  /** Once it has begun: a bar, counts, what failed; at the end the report. */
  readonly progress: readonly string[];
  readonly actions: readonly BroadcastAction[];
}

/** A platform's way to show broadcasts to the team. */
export interface BroadcastRoom {
  readonly platform: Platform;
  readonly hasContentRoom: boolean;
  /**
   * Shows a card in the content room: anew at `place`, else as a new message. Resolves to where it stands, or to
   * undefined where there is no room or it cannot be reached.
   */
  show(view: BroadcastView, place: string | undefined): Promise<string | undefined>;
  /** Tells the content room, or one person in their own language. False where it could not. */
  tell(to: { readonly room: true } | { readonly person: string }, words: BroadcastWords): Promise<boolean>;
}

/** A view in whatever language its reader has. */
type BroadcastWords = (locale: Locale) => BroadcastView;

/**
 * Broadcasts as Slack and Discord see them. Who acts is who the platform has authenticated, as a person of the people
 * file. What somebody may not or cannot do throws a `RefusedError` that says why and who can.
 */
export interface BroadcastDesk {
  /** Whether somebody sees broadcasts at all: for a button on their page. */
  mayRead(visitor: Visitor): boolean;
  /** The newest broadcasts, a line for each. */
  list(
    visitor: Visitor,
    locale: Locale,
  ): Promise<readonly { readonly broadcastId: number; readonly line: string; readonly text: string }[]>;
  /** What to choose from, for those who may write one. */
  choices(visitor: Visitor, locale: Locale): BroadcastChoices;
  /** One as it was typed, to be changed. */
  typed(visitor: Visitor, broadcastId: number): Promise<TypedBroadcast>;
  /** Writes a new one, or another content into one that has not begun. Resolves to its number. */
  write(visitor: Visitor, typed: TypedBroadcast, broadcastId?: number): Promise<number>;
  view(visitor: Visitor, broadcastId: number, locale: Locale): Promise<BroadcastView>;
  /** Sends every form of it to the writer's own phone, which has written to Puente today. Resolves to how many. */
  test(visitor: Visitor, broadcastId: number, phone: string): Promise<number>;
  /** `seal` as it was shown: what was changed since is not approved. */
  act(
    visitor: Visitor,
    action: Exclude<BroadcastAction, "edit" | "test">,
    shown: { readonly broadcastId: number; readonly seal: string },
    locale: Locale,
  ): Promise<BroadcastView>;
  /** From now on cards and news of broadcasts go there too. */
  join(room: BroadcastRoom): void;
}
