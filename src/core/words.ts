/**
 * The words of Puente, one meaning each, in code, tables, logs and docs.
 *
 * - **utterance**: what the person wrote; **message**: its envelope on a channel.
 * - **topic**: a node `section/topic` of the content tree with one vetted answer.
 * - **intent**: what was decided about an utterance: a topic, a command, something urgent, or none of them.
 * - **command**: STOP, HELP, MENU ...: named in English here; the words people type live in `locales/`.
 * - **channel**: a way to write to Puente. The vendor (`twilio`) names a folder only. A Slack channel is a *room*.
 * - **contact**: who wrote on one channel, found by an opaque key; **person**: the contacts that share a phone number.
 * - **conversation**: the state of one contact in one thread; **turn**: one utterance and its reply.
 * - **effect**: what a turn asks for besides a reply.
 * - **delivery**: one outbound message to one contact; **attempt**: one try at it; **segment**: one billed SMS part.
 */

/** BCP 47 tag of a language Puente answers in ("es", "en"). The files in `locales/` decide which there are. */
export type Locale = string;

/** `section/topic`, as in `content/`: "port-of-entry/turned-back". */
export type TopicId = string;

export const CHANNEL_NAMES = ["sms", "whatsapp", "slack", "discord", "simulator", "console"] as const;
export type ChannelName = (typeof CHANNEL_NAMES)[number];

export const COMMANDS = [
  "stop",
  "start",
  "help",
  "menu",
  "more",
  "sources",
  "danger",
  "delete",
  "lawyer",
  "updates",
  "full",
  "short",
  "read",
  "notify",
  "person",
  "language",
  "yes",
  "no",
] as const;
/** What a person can order in a word. `yes` and `no` mean something only after a question from Puente. `language` is said
 * in the language it asks for: ESPANOL, ENGLISH. */
export type Command = (typeof COMMANDS)[number];

/** What came with a message besides text. Puente cannot hear or see these; a location finds the nearest help. */
export type MediaKind = "voice" | "image" | "video" | "sticker" | "document" | "location" | "contact" | "other";

/** What the person wrote. It lives only until it is answered. */
export interface Utterance {
  readonly text: string;
  /** The words of a button that was tapped; `text` is then its number, which may mean something else by now. */
  readonly pressed?: string;
  readonly media?: MediaKind;
  /** Degrees. Used to find the nearest help; stored sealed with the message until it is answered, and never after. */
  readonly location?: { readonly lat: number; readonly lon: number };
}
