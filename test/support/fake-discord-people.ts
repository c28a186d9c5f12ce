import { randomBytes } from "node:crypto";
import { componentsOf, isJson, type Json, list, num, str } from "./discord-components.ts";
import {
  APPLICATION_ID,
  channelObject,
  directChannelOf,
  type FakeDiscordMessage,
  FRONT_DESK,
  GUILD,
  memberObject,
  messageObject,
  snowflake,
  userObject,
} from "./discord-objects.ts";
import type { FakeGateway } from "./fake-discord-gateway.ts";
import type { FakeInteraction, State } from "./fake-discord-state.ts";
import { ownTime } from "./own-time.ts";

export const VOLUNTEER = "1500000000000000002";
export const STRANGER = "1500000000000000003";
const WAIT_MS = 60_000;

/** Who acts, and where: by default a volunteer in the front desk's room, with Discord in English. */
export interface From {
  readonly user?: string;
  /** A room of the server; "direct" is the person's direct messages with the app. */
  readonly channel?: string;
  readonly locale?: string;
  /** False: goes on at once instead of when the bot has answered. */
  readonly wait?: boolean;
}

/** What people do in Discord. */
export interface People {
  /** Sends a slash command. */
  slash(name: string, options: Readonly<Record<string, string | boolean>>, from?: From): Promise<FakeInteraction>;
  /** Types into an option of a slash command; the offer is in `choices`. */
  autocomplete(name: string, option: string, typed: string, from?: From): Promise<FakeInteraction>;
  /** Uses a command of a message's menu on somebody's text. */
  contextMenu(name: string, text: string, from?: From): Promise<FakeInteraction>;
  /** Clicks the button with this label or custom id. */
  button(message: FakeDiscordMessage, labelOrId: string, from?: From): Promise<FakeInteraction>;
  /** Picks values in the list that offers the first of them. */
  select(message: FakeDiscordMessage, values: string | readonly string[], from?: From): Promise<FakeInteraction>;
  /** Sends the dialogue that an interaction has opened, with these values by custom id. */
  modalSubmit(
    opened: FakeInteraction,
    values: Readonly<Record<string, string | boolean | readonly string[]>>,
  ): Promise<FakeInteraction>;
  /** Writes a direct message to the app. */
  directMessage(user: string, text: string): FakeDiscordMessage;
  /** Writes in a room; without a mention of the app nobody but people reads it. */
  roomMessage(user: string, text: string, channel?: string): FakeDiscordMessage;
  /** What the app has said to somebody in direct messages. */
  said(user: string): FakeDiscordMessage[];
}

/** Waits until it finds something. */
export async function until<T>(find: () => T | undefined | false, what = "what was waited for"): Promise<T> {
  const until = performance.now() + WAIT_MS;
  for (;;) {
    const found = find();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > until) throw new Error(`${what}: it did not come`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** People at work in the stand-in: what they do goes through the gateway, and most of it waits for the bot's answer. */
export function createPeople(state: State, gateway: FakeGateway): People {
  /** Sends an interaction with all that Discord sends along. */
  async function interact(type: number, data: Json, from: From, source?: FakeDiscordMessage): Promise<FakeInteraction> {
    const user = from.user ?? VOLUNTEER;
    const profile = state.users.get(user);
    if (profile === undefined) throw new Error("there is no such user");
    const channelId =
      source?.channelId ?? (from.channel === "direct" ? directChannelOf(user) : (from.channel ?? FRONT_DESK));
    if (source?.onlyFor !== undefined && source.onlyFor !== user)
      throw new Error("only the person it is for sees this message");
    const isDirect = !state.rooms.has(channelId);
    const sentAt = state.now();
    const begun = ownTime();
    const interaction: FakeInteraction = {
      id: snowflake(sentAt),
      token: randomBytes(32).toString("base64url"),
      type,
      user,
      channelId,
      sentAt,
      takenMs: () => ownTime() - begun,
      source,
      answered: false,
      callback: undefined,
      original: undefined,
      followUps: [],
      modal: undefined,
      choices: undefined,
    };
    state.interactions.push(interaction);
    const member = memberObject(user, profile);
    gateway.dispatch("INTERACTION_CREATE", {
      id: interaction.id,
      application_id: APPLICATION_ID,
      type,
      data,
      token: interaction.token,
      version: 1,
      channel_id: channelId,
      channel: channelObject(channelId, isDirect ? user : undefined, "writable"),
      locale: from.locale ?? profile.locale ?? "en-US",
      app_permissions: "2147601408",
      entitlements: [],
      authorizing_integration_owners: { 0: isDirect ? "0" : GUILD },
      context: isDirect ? 1 : 0,
      attachment_size_limit: 10_485_760,
      ...(isDirect
        ? { user: userObject(user, profile) }
        : { member, guild_id: GUILD, guild: { id: GUILD, locale: "en-US", features: [] }, guild_locale: "en-US" }),
      ...(source !== undefined && { message: messageObject(source) }),
    });
    if (from.wait === false) return interaction;
    await until(() => interaction.answered, `answer to the interaction (type ${type})`);
    return interaction;
  }

  const messageOf = (user: string, text: string, channelId: string): FakeDiscordMessage => ({
    id: snowflake(state.now()),
    channelId,
    author: user,
    onlyFor: undefined,
    nonce: undefined,
    content: text,
    embeds: [],
    components: [],
    flags: 0,
    files: [],
    loading: false,
    deleted: false,
  });

  function write(user: string, text: string, channelId: string): FakeDiscordMessage {
    const message = messageOf(user, text, channelId);
    state.messages.push(message);
    state.announce(message);
    return message;
  }

  const commandId = (name: string) =>
    str(state.commands.find((one) => one["name"] === name)?.["id"]) || snowflake(state.now());
  const typed = (values: Readonly<Record<string, string | boolean>>) =>
    Object.entries(values).map(([name, value]) => ({ name, type: typeof value === "boolean" ? 5 : 3, value }));

  return {
    slash: (name: string, values: Readonly<Record<string, string | boolean>>, from: From = {}) =>
      interact(2, { id: commandId(name), name, type: 1, options: typed(values) }, from),

    autocomplete: (name: string, option: string, text: string, from: From = {}) =>
      interact(
        4,
        { id: commandId(name), name, type: 1, options: [{ name: option, type: 3, value: text, focused: true }] },
        from,
      ),

    contextMenu(name: string, text: string, from: From = {}) {
      const message = messageOf(STRANGER, text, from.channel ?? FRONT_DESK);
      return interact(
        2,
        {
          id: commandId(name),
          name,
          type: 3,
          target_id: message.id,
          resolved: { messages: { [message.id]: messageObject(message) } },
        },
        from,
      );
    },

    async button(message: FakeDiscordMessage, labelOrId: string, from: From = {}) {
      const found = componentsOf(message.components).find(
        ({ type, label, custom_id }) => type === 2 && (label === labelOrId || custom_id === labelOrId),
      );
      if (message.deleted || found === undefined || found["disabled"] === true)
        throw new Error(`there is no button "${labelOrId}"`);
      return interact(3, { component_type: 2, id: found["id"], custom_id: found["custom_id"] }, from, message);
    },

    async select(message: FakeDiscordMessage, picked: string | readonly string[], from: From = {}) {
      const values = typeof picked === "string" ? [picked] : picked;
      const offers = (one: Json) => list(one["options"]).map(({ value }) => value);
      const found = componentsOf(message.components).find(
        (one) => one["type"] === 3 && values.every((value) => offers(one).includes(value)),
      );
      if (message.deleted || found === undefined) throw new Error("there is no such list");
      return interact(3, { component_type: 3, id: found["id"], custom_id: found["custom_id"], values }, from, message);
    },

    async modalSubmit(opened: FakeInteraction, values: Readonly<Record<string, string | boolean | readonly string[]>>) {
      const { modal, user, channelId, source } = opened;
      if (modal === undefined) throw new Error("no dialogue is open");
      const components = list(modal["components"]).map((one) => filled(one, values));
      const channel = state.rooms.has(channelId) ? channelId : "direct";
      return interact(5, { custom_id: modal["custom_id"], components }, { user, channel }, source);
    },

    directMessage: (user: string, text: string) => write(user, text, directChannelOf(user)),
    roomMessage: (user: string, text: string, channel = FRONT_DESK) => write(user, text, channel),
    said: (user: string) =>
      state.messages.filter(
        (one) => one.channelId === directChannelOf(user) && one.author === APPLICATION_ID && !one.deleted,
      ),
  };
}

/** The message that somebody was answered with: `@original`, or what followed where a change of the source was announced. */
export function answerOf({ original, source, followUps }: FakeInteraction): FakeDiscordMessage {
  const answer = original === source ? (followUps[0] ?? original) : original;
  if (answer === undefined) throw new Error("no answer");
  return answer;
}

/** A component of a dialogue as it is sent, with what the person entered. */
function filled(one: Json, values: Readonly<Record<string, string | boolean | readonly string[]>>): Json {
  if (isJson(one["component"]))
    return { type: one["type"], id: one["id"], component: filled(one["component"], values) };
  if (Array.isArray(one["components"]))
    return {
      type: one["type"],
      id: one["id"],
      components: list(one["components"]).map((child) => filled(child, values)),
    };
  const { type, id, custom_id } = one;
  if (custom_id === undefined) return { type, id };
  const value = values[str(custom_id)];
  if (type === 3 || type === 22) return { type, id, custom_id, values: value === undefined ? [] : [value].flat() };
  if (type === 23) return { type, id, custom_id, value: value === true };
  const text = str(value ?? one["value"]);
  if (text === "" && one["required"] !== false) throw new Error(`${str(custom_id)} has to be filled in`);
  if (text.length > num(one["max_length"] ?? 4000))
    throw new Error(`${str(custom_id)} takes no more than ${num(one["max_length"])}`);
  return { type, id, custom_id, value: text };
}
