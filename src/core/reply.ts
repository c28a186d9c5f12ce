import type { Command, Locale, TopicId } from "./words.ts";

/** Text with the few marks that every channel can show in its own way. */
export interface Inline {
  readonly text: string;
  readonly bold?: true;
  /** An https address, from `content/` only. */
  readonly href?: string;
}

/** The small Markdown subset of the content tree, parsed once at load. */
export type Block =
  | { readonly kind: "paragraph"; readonly inlines: readonly Inline[] }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] };

/** Where a numbered choice leads. */
export type Target =
  | { readonly kind: "topic"; readonly topic: TopicId }
  | { readonly kind: "section"; readonly section: string; readonly page?: number }
  | { readonly kind: "command"; readonly command: Command; readonly place?: string };

/** One numbered line of a menu or a question back. Its number is its place in the list, from 1. */
export interface Choice {
  readonly label: string;
  readonly target: Target;
}

/** One message of a reply, before a channel shapes it: the text, then the numbered choices, then a closing line. */
export interface ReplyMessage {
  readonly text: string;
  readonly choices: readonly Choice[];
  readonly closing?: string;
}

/** How far an answer may be trusted: see `content/state.ts`. */
export type AnswerStatus = "draft" | "checked" | "signed" | "expired" | "held" | "withdrawn";

export interface CitedSource {
  readonly id: string;
  readonly title: string;
  readonly url?: string;
  /** YYYY, YYYY-MM or YYYY-MM-DD. */
  readonly date?: string;
}

/** The whole answer, for channels with room for it: Slack, Discord, the web. Phones page through `blocks` with MORE. */
export interface Card {
  readonly topic: TopicId;
  readonly title: string;
  readonly status: AnswerStatus;
  /** False where the answer is not given as it stands: `blocks` then hold only what is safe to say in any state. */
  readonly current: boolean;
  /** How far the sources reach (ISO date). The only date people on phones are shown. */
  readonly factsTo: string;
  readonly checkedOn: string;
  /** The last day the answer is shown as current (ISO date). */
  readonly validUntil: string;
  readonly blocks: readonly Block[];
  /** What an officer must hear, in English. */
  readonly wordsToSay: readonly string[];
  readonly steps: readonly string[];
  readonly sources: readonly CitedSource[];
  readonly related: readonly Choice[];
  /** Who signed the text as it stands: name and role. Absent when nobody has. */
  readonly signedBy?: string;
  /** Dated lines to show before the answer. */
  readonly notices: readonly string[];
  /** For volunteers alone, where the answer is not current: what it said. Shown only after the warning is opened. */
  readonly old?: OldAnswer;
}

/** An answer that is no longer given. A channel shows `warning` first and the rest only when the volunteer asks for it. */
export interface OldAnswer {
  readonly warning: string;
  readonly short: string;
  readonly blocks: readonly Block[];
  readonly wordsToSay: readonly string[];
  readonly steps: readonly string[];
}

/** Why this reply: shown to volunteers and in the simulator, never sent to a phone, never stored. */
export interface Evidence {
  /** The rule or method that decided: "danger rule pushed-back", "match", "command stop". */
  readonly decidedBy: string;
  readonly confidence?: number;
  readonly candidates: readonly { readonly topic: TopicId; readonly score: number }[];
}

/** `danger` is an answer reached by a danger rule; `none` is an honest "I do not know". */
export type ReplyKind = "danger" | "answer" | "clarify" | "none" | "command";

/** What Puente says, in no channel's syntax. Composed by `content/answer.ts` and `conversation/`, shaped by `delivery/`. */
export interface Reply {
  readonly kind: ReplyKind;
  readonly locale: Locale;
  /** The topic answered, or those offered. */
  readonly topics: readonly TopicId[];
  readonly messages: readonly ReplyMessage[];
  readonly card?: Card;
  readonly evidence?: Evidence;
}
