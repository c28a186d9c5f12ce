import { componentsOf, type Json } from "./discord-components.ts";
import { FLAG_EPHEMERAL } from "./discord-rules.ts";

export const APPLICATION_ID = "1100000000000000001";
export const BOT_TOKEN = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.fake.token";
export const GUILD = "1200000000000000001";
/** Everyone in the room may ask. */
export const FRONT_DESK = "1300000000000000001";
export const CONTENT_ROOM = "1300000000000000002";
const EVERYONE_MAY = 1024n | 2048n | 65_536n | 2_147_483_648n; // VIEW_CHANNEL, SEND_MESSAGES, READ_MESSAGE_HISTORY, USE_APPLICATION_COMMANDS
const VIEW = 1024n;
const SEND = 2048n;
const EPOCH = 1_420_070_400_000n;

/** Whether the app sees a room and may write there. */
export type RoomState = "writable" | "read-only" | "hidden";

export interface FakeDiscordUser {
  readonly name?: string;
  /** What the person's own Discord speaks. */
  readonly locale?: string;
  /** Takes no direct messages from the app (50007). */
  readonly blocksMessages?: boolean;
  readonly roles?: readonly string[];
}

export interface FakeDiscordMessage {
  readonly id: string;
  readonly channelId: string;
  readonly author: string;
  /** The only one who sees it. */
  readonly onlyFor: string | undefined;
  readonly nonce: string | undefined;
  content: string;
  embeds: Json[];
  components: Json[];
  flags: number;
  files: string[];
  /** "Thinking ...": a deferred answer that has not come yet. */
  loading: boolean;
  deleted: boolean;
}

let counter = 0n;

/** A new snowflake that says `at` (Reference, Snowflakes). */
export function snowflake(at: number): string {
  counter += 1n;
  return (((BigInt(at) - EPOCH) << 22n) | (counter & 0x3fffffn)).toString();
}

/** When a snowflake was made. */
export const madeAt = (id: string): number => Number((BigInt(id) >> 22n) + EPOCH);

/** The channel of somebody's direct messages with the app. */
export const directChannelOf = (user: string): string => `14${user.slice(2)}`;

export function userObject(id: string, { name = "volunteer" }: FakeDiscordUser = {}): Json {
  const bot = id === APPLICATION_ID;
  return {
    id,
    username: bot ? "puente" : name,
    discriminator: bot ? "0001" : "0",
    global_name: bot ? null : name,
    avatar: null,
    public_flags: 0,
    ...(bot && { bot }),
  };
}

export function memberObject(user: string, known: FakeDiscordUser = {}): Json {
  return {
    user: userObject(user, known),
    roles: known.roles ?? [],
    joined_at: "2026-01-02T03:04:05.000000+00:00",
    premium_since: null,
    nick: null,
    avatar: null,
    deaf: false,
    mute: false,
    pending: false,
    communication_disabled_until: null,
    flags: 0,
    permissions: EVERYONE_MAY.toString(),
  };
}

export function channelObject(id: string, dmWith: string | undefined, state: RoomState): Json {
  if (dmWith !== undefined) return { id, type: 1, flags: 0, last_message_id: null, recipients: [userObject(dmWith)] };
  const deny = state === "hidden" ? VIEW | SEND : state === "read-only" ? SEND : 0n;
  return {
    id,
    type: 0,
    guild_id: GUILD,
    name: id === CONTENT_ROOM ? "content" : "front-desk",
    position: 0,
    flags: 0,
    nsfw: false,
    topic: null,
    parent_id: null,
    last_message_id: null,
    rate_limit_per_user: 0,
    permission_overwrites: deny === 0n ? [] : [{ id: APPLICATION_ID, type: 1, allow: "0", deny: deny.toString() }],
    permissions: EVERYONE_MAY.toString(),
  };
}

export function guildObject(rooms: ReadonlyMap<string, RoomState>): Json {
  return {
    id: GUILD,
    name: "Community",
    icon: null,
    splash: null,
    discovery_splash: null,
    owner_id: "1500000000000000001",
    region: "deprecated",
    afk_channel_id: null,
    afk_timeout: 300,
    verification_level: 1,
    default_message_notifications: 1,
    explicit_content_filter: 0,
    roles: [
      {
        id: GUILD,
        name: "@everyone",
        color: 0,
        hoist: false,
        icon: null,
        position: 0,
        permissions: EVERYONE_MAY.toString(),
        managed: false,
        mentionable: false,
        flags: 0,
      },
    ],
    emojis: [],
    stickers: [],
    features: [],
    mfa_level: 0,
    application_id: null,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    vanity_url_code: null,
    description: null,
    banner: null,
    premium_tier: 0,
    preferred_locale: "en-US",
    public_updates_channel_id: null,
    nsfw_level: 0,
    premium_progress_bar_enabled: false,
    safety_alerts_channel_id: null,
    joined_at: "2026-01-02T03:04:05.000000+00:00",
    large: false,
    unavailable: false,
    member_count: 3,
    voice_states: [],
    members: [memberObject(APPLICATION_ID)],
    channels: [...rooms].flatMap(([id, state]) => (state === "hidden" ? [] : [channelObject(id, undefined, state)])),
    threads: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

/** A message as the API and the gateway show it. Whoever may not read it sees it without its content. */
export function messageObject(message: FakeDiscordMessage, known: FakeDiscordUser = {}, readable = true): Json {
  return {
    id: message.id,
    type: message.loading ? 20 : 0,
    channel_id: message.channelId,
    author: userObject(message.author, known),
    content: readable ? message.content : "",
    timestamp: new Date(madeAt(message.id)).toISOString(),
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: message.files.map((filename, index) => ({
      id: `16${index}`,
      filename,
      size: 1,
      url: "http://127.0.0.1/file",
      proxy_url: "http://127.0.0.1/file",
    })),
    embeds: readable ? message.embeds : [],
    components: readable ? message.components : [],
    pinned: false,
    flags: message.flags | (message.onlyFor === undefined ? 0 : FLAG_EPHEMERAL),
    ...(message.nonce !== undefined && { nonce: message.nonce }),
  };
}

/** Gives every component the id that Discord gives it. */
export function numbered(components: Json[]): Json[] {
  const copy = structuredClone(components);
  componentsOf(copy).forEach((one, index) => {
    one["id"] ??= index + 1;
  });
  return copy;
}
