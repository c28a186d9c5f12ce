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
  readonly asked?: "delete" | "stop" | "updates";
}

export const CONTEXT_LASTS_MS = 30 * 60_000;
export const NEW_CONVERSATION: ConversationState = { welcomed: false, minor: false };

/** What is known of the person besides the conversation. */
export interface ContactView {
  readonly optedOut: boolean;
  readonly subscriptions: readonly { readonly place: string; readonly locale: Locale }[];
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
  | { readonly kind: "count"; readonly outcome: Outcome; readonly topic?: TopicId; readonly locale: Locale };

export interface TurnResult {
  readonly state: ConversationState;
  /** Undefined when the vendor has already answered. */
  readonly reply: Reply | undefined;
  readonly effects: readonly Effect[];
}
