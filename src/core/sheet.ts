import type { BroadcastAction } from "./broadcast-desk.ts";
import type { CardExtras, Judgement, Shown } from "./front-desk.ts";
import type { Organisation } from "./organisation.ts";
import type { Block, Card, ReplyKind, ReplyMessage, Target } from "./reply.ts";
import type { Locale, TopicId } from "./words.ts";

/** What every sheet needs to know. */
export interface Look {
  translate(locale: Locale, key: string, values?: Readonly<Record<string, string | number>>): string;
  readonly locales: readonly Locale[];
  readonly organisation: Organisation;
  /** The words on the button that shows an answer to the whole room. */
  readonly shareKey: string;
}

/** What is to be shown: one message of a reply, and its card if it has one. */
export interface Showing {
  readonly kind: ReplyKind;
  readonly locale: Locale;
  readonly message: ReplyMessage;
  readonly card?: Card;
  readonly extras?: CardExtras;
  /** Lines before everything else: a late answer's time, the wish that a message be deleted. */
  readonly leads?: readonly string[];
}

/** Where a sheet stands: shown to one person, in a conversation, in a dialogue, or posted to a room by somebody. */
export type Surface = "private" | "thread" | "modal" | "post";

/** An answer and the language it is read in. */
export interface TopicPress {
  readonly topic: TopicId;
  readonly locale: Locale;
}

/** What a button does. */
export type Press =
  /** Leads to the target of a choice. */
  | { readonly kind: "go"; readonly target: Target; readonly locale: Locale }
  /** `language` shows the same in another language; `post` to the whole room; the others open what they are named after. */
  | ({ readonly kind: "language" | "post" | "flag" | "old" | "phone" | "send" } & TopicPress)
  | { readonly kind: "gap"; readonly locale: Locale }
  | { readonly kind: "send-status"; readonly sendId: number; readonly locale: Locale }
  | ({ readonly kind: "judge"; readonly judgement: Judgement } & TopicPress)
  | BroadcastPress;

/** What a button of a broadcast does: opens the list or one of it, or acts on what is shown under `seal`. */
export type BroadcastPress =
  | { readonly kind: "broadcasts" | "new-broadcast"; readonly locale: Locale }
  | { readonly kind: "open-broadcast"; readonly broadcastId: number; readonly locale: Locale }
  | {
      readonly kind: "broadcast";
      readonly action: BroadcastAction;
      readonly broadcastId: number;
      readonly seal: string;
      readonly locale: Locale;
    };

export interface SheetButton {
  readonly text: string;
  readonly press: Press;
  readonly style?: "danger";
  /** Asked once more before it is done, where the platform can. */
  readonly confirm?: { readonly text: string; readonly yes: string; readonly no: string };
}

/** A piece of what a room shows, in no platform's syntax. */
export type SheetPart =
  | { readonly kind: "heading"; readonly text: string }
  /** `person` is a platform's user id, named after the text. */
  | { readonly kind: "paragraph"; readonly text: string; readonly bold?: true; readonly person?: string }
  /** Small grey lines: dates, the footer. */
  | { readonly kind: "small"; readonly lines: readonly string[] }
  | { readonly kind: "body"; readonly blocks: readonly Block[] }
  /** Words to say aloud, each apart from everything else. */
  | { readonly kind: "quotes"; readonly words: readonly string[] }
  | { readonly kind: "links"; readonly items: readonly { readonly text: string; readonly url?: string }[] }
  /** A text with a picture beside it, or a large picture alone. */
  | { readonly kind: "picture"; readonly url: string; readonly alt: string; readonly text?: string }
  | { readonly kind: "divider" }
  | { readonly kind: "buttons"; readonly row: string; readonly buttons: readonly SheetButton[] };

/** A reply of the desk as one thing to show. Notices before an answer stand on its card. */
export function showing({ reply, extras }: Shown, leads: readonly string[] = []): Showing {
  const { kind, locale, card, messages } = reply;
  const message = messages[card === undefined || card.notices.length === 0 ? 0 : 1] ?? { text: "", choices: [] };
  return { kind, locale, message, leads, ...(card && { card }), ...(extras && { extras }) };
}

/** The row, or nothing where there is no button to stand in it. */
export function buttonRow(row: string, buttons: readonly SheetButton[]): SheetPart[] {
  return buttons.length === 0 ? [] : [{ kind: "buttons", row, buttons }];
}
