import type { Choice, Reply } from "./reply.ts";
import type { ChannelName, Locale, TopicId, Utterance } from "./words.ts";

/** What is remembered between turns. `context` is void 30 minutes after `context.at`. */
export interface ConversationState {
  /** Chosen by the person or read from a clear utterance. Undefined until either happens. */
  readonly locale?: Locale;
  /** True once the welcome has gone out. */
  readonly welcomed: boolean;
  /** True once the person has said to be under 18: no UPDATES, nothing sent by a volunteer. */
  readonly minor: boolean;
  readonly context?: Context;
}

/** What a follow-up may lean on: the last topic, the numbers on the screen, the page MORE has reached. */
export interface Context {
  readonly at: number;
  readonly topic?: TopicId;
  readonly choices: readonly Choice[];
  /** Pages of the full answer already sent. */
  readonly pagesSent: number;
  /** A question from Puente that "1" or "yes" answers. */
  readonly asked?: "delete" | "stop" | "updates" | "notify";
  /** The place that the question is about. */
  readonly place?: string;
}

export const CONTEXT_LASTS_MS = 30 * 60_000;
export const NEW_CONVERSATION: ConversationState = { welcomed: false, minor: false };

/** What is known of the person besides the conversation. */
export interface ContactView {
  readonly optedOut: boolean;
  /** What a volunteer has saved for the person, until it is read. */
  readonly waiting?: { readonly topic: TopicId; readonly locale: Locale };
  readonly subscriptions: readonly { readonly place: string; readonly locale: Locale }[];
  /** The announcements' own text may show on the screen. */
  readonly full?: true;
  /** The newest announcement that was sent and not read. */
  readonly announcement?: {
    readonly broadcastId: number;
    readonly texts: Readonly<Record<Locale, string>>;
    readonly topic?: TopicId;
    readonly takenBack: boolean;
  };
  /** Answers whose changes the person asked to be told about. */
  readonly kept?: readonly TopicId[];
  /** The newest of them that has changed and was not read again. */
  readonly changed?: TopicId;
}

/** One utterance and all that `respond` may know. `Tree` is the content snapshot (`content/tree.ts`). */
export interface Turn<Tree> {
  readonly state: ConversationState;
  readonly utterance: Utterance;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly tree: Tree;
  readonly contact: ContactView;
  readonly channel: ChannelName;
  /** True when the vendor has already answered a STOP, START or HELP itself: nothing may be sent. */
  readonly answeredByVendor?: "stop" | "start" | "help";
}

/** How a turn ended, for aggregate counts. */
export type Outcome = Reply["kind"] | "late" | "unreadable" | "limited";

/** What a turn asks for besides a reply. A closed union: `receive` hands each to its handler in one transaction. */
export type Effect =
  | { readonly kind: "opt-out"; readonly source: "person" | "vendor" }
  | { readonly kind: "opt-in"; readonly source: "person" | "vendor" }
  | { readonly kind: "erase" }
  | { readonly kind: "read-waiting" }
  | {
      readonly kind: "ask-opt-in";
      readonly to: "updates" | "corrections";
      readonly place?: string;
      readonly locale: Locale;
    }
  | { readonly kind: "subscribe"; readonly place: string; readonly locale: Locale }
  | { readonly kind: "unsubscribe" }
  | { readonly kind: "set-full"; readonly full: boolean; readonly locale: Locale }
  | { readonly kind: "set-locale"; readonly locale: Locale }
  /** Keeps which version of an answer was given. `asked`: by NOTIFY, of this one answer. */
  | {
      readonly kind: "keep-answer";
      readonly topic: TopicId;
      readonly locale: Locale;
      readonly textHash: string;
      readonly asked: boolean;
    }
  | { readonly kind: "forget-answer"; readonly topic: TopicId }
  | { readonly kind: "read-announcement"; readonly broadcastId: number }
  | {
      readonly kind: "count";
      readonly outcome: Outcome;
      readonly topic?: TopicId;
      readonly locale: Locale;
      /** The port or city it was about, where the person has named one. */
      readonly place?: string;
    };

export interface TurnResult {
  readonly state: ConversationState;
  /** Undefined when the vendor has already answered. */
  readonly reply: Reply | undefined;
  readonly effects: readonly Effect[];
}
