import type { Json } from "./discord-components.ts";
import type { FakeDiscordMessage, FakeDiscordUser, RoomState } from "./discord-objects.ts";

/** Something that a person did, and what the bot answered. It goes on changing while the bot answers. */
export interface FakeInteraction {
  readonly id: string;
  readonly token: string;
  /** 2 command, 3 component, 4 autocomplete, 5 dialogue sent. */
  readonly type: number;
  readonly user: string;
  readonly channelId: string;
  readonly sentAt: number;
  /** How long the bot has had it by now, as `ownTime` counts. */
  takenMs(): number;
  /** The message whose button or list was used. */
  readonly source: FakeDiscordMessage | undefined;
  /** The first response, and how long it took, as `ownTime` counts. */
  callback: { readonly type: number; readonly data: Json; readonly ms: number } | undefined;
  /** The person sees what came of it. False while an answer is only announced. */
  answered: boolean;
  /** What `@original` is: the answer, or the message that was changed. */
  original: FakeDiscordMessage | undefined;
  readonly followUps: FakeDiscordMessage[];
  /** The dialogue that was opened. */
  modal: Json | undefined;
  /** What was offered while the person typed. */
  choices: Json[] | undefined;
}

/** What the stand-in knows: what tests look at and change. */
export interface State {
  /** Whoever exists. */
  readonly users: Map<string, FakeDiscordUser>;
  /** Rooms of the server, and what the app may do there. */
  readonly rooms: Map<string, RoomState>;
  /** In order, deleted ones, those for one person and those of people included. */
  readonly messages: FakeDiscordMessage[];
  readonly interactions: FakeInteraction[];
  /** The global commands that are registered. */
  readonly commands: Json[];
  /** What Discord would have refused, or breaks our own rule on mentions; a test that expects none looks here. */
  readonly violations: string[];
  /** Whether the app is in the server. */
  installed: boolean;
  /** GET /applications/@me. */
  readonly application: Json;
  /** How often the bot may still identify today. */
  readonly sessions: { total: number; remaining: number };
  now(): number;
  gatewayUrl(): string;
  /** Tells the gateway of a message. */
  announce(message: FakeDiscordMessage): void;
}
