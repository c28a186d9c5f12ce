import type { SendErrorClass } from "./errors.ts";
import type { Card, ReplyKind, ReplyMessage } from "./reply.ts";
import type { AttemptStatus } from "./status.ts";
import type { ChannelName, Locale, Utterance } from "./words.ts";

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
  count(name: string, labels?: Record<string, string>, by?: number): void;
}

/** Named moments between two writes, where a crash must lose nothing. */
export type CheckpointName =
  | "message.accepted"
  | "turn.responded"
  | "attempt.begun"
  | "part.sent"
  | "receipt.arrived"
  | "broadcast.started"
  | "broadcast.frozen"
  | "broadcast.released"
  | "broadcast.stopped";

/** Passed at each of those moments. It does nothing in service; fault drills stop the process there. */
export type Checkpoint = (name: CheckpointName) => Promise<void>;

/** Who wrote, as the channel knows them. `id` is opaque: WhatsApp may give no phone number. */
export interface Sender {
  readonly id: string;
  /** E.164, when the channel knows it. Contacts that share it are one person. */
  readonly phone?: string;
  /** ISO 3166-1 alpha-2 of the number, when there is one. */
  readonly country?: string;
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

/** What a room can show and a phone cannot: the reply itself, and where in the room it belongs. Sealed with the text. */
export interface RoomPart {
  /** As the channel named it when the message came in. */
  readonly thread: string;
  /** A line before everything else: when it was asked, for an answer that is late. */
  readonly lead?: string;
  readonly kind: ReplyKind;
  readonly message: ReplyMessage;
  readonly card?: Card;
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
  readonly locale: Locale;
  /** Labels of the numbered choices in `text`, for a channel that can show them as buttons or as a list too. */
  readonly choices?: readonly string[];
  /** The text is that of a template which the vendor has approved: it goes out as such, in `locale`. */
  readonly template?: true;
  /** For rooms, where the text is the answer to the question. `text` says the same for who cannot see it. */
  readonly room?: RoomPart;
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

/** Where messages or receipts wait, sealed, while the database cannot be reached. */
export interface Spool<T = InboundMessage> {
  put(item: T): Promise<void>;
  /** Hands each to `accept`, oldest first, and forgets it once accepted. Ends at the first that is not. Returns how many. */
  replay(accept: (item: T) => Promise<unknown>): Promise<number>;
}

/** What one process at a time has, of all that share a database. */
export interface Lease {
  /**
   * Asks for it until it is had, and again whenever it was lost. Another process has it within 30 s of the holder's end.
   * Resolves what it returns once it is given back.
   */
  keep(name: string, holder: { taken(): void; lost(): Promise<void> }): () => Promise<void>;
}

/** A limit with a name: so many points per key and window. `first` is true the first time a key is over: say it once. */
export interface Limiter {
  take(
    key: string,
    points?: number,
  ): Promise<{ readonly ok: boolean; readonly first: boolean; readonly retryAt: number; readonly used: number }>;
}

/** A route a room hands to the server that mounts it. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly listener: "public" | "local";
  /** Bytes; over it the server answers 413. */
  readonly bodyLimit?: number;
  /** The body is handed over as the text that came, whatever its type: what a signature is computed over. */
  readonly rawBody?: true;
  handle(request: RouteRequest): Promise<RouteResponse>;
}

export interface RouteRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The parsed form or JSON, or the text of a `rawBody` route. Repeated form fields are an array. Any other content type is refused before. */
  readonly body: unknown;
}

export interface RouteResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}
