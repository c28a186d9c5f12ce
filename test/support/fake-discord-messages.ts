import { type Json, list, num, str } from "./discord-components.ts";
import {
  APPLICATION_ID,
  channelObject,
  directChannelOf,
  type FakeDiscordMessage,
  madeAt,
  messageObject,
  numbered,
  snowflake,
} from "./discord-objects.ts";
import { FLAG_COMPONENTS_V2, FLAG_EPHEMERAL, problemsOfMessage } from "./discord-rules.ts";
import type { State } from "./fake-discord-state.ts";

/** "Checked for uniqueness in the past few minutes" (Message Resource, enforce_nonce). */
const NONCE_LASTS_MS = 5 * 60_000;

/** What the API refuses, with its code (Opcodes and Status Codes, JSON). */
export class RefusedError extends Error {
  readonly status: number;
  readonly code: number;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The messages that the API makes, changes and shows, and where they lie. */
export function createMessages(state: State) {
  const shownMessage = (message: FakeDiscordMessage) => messageObject(message, state.users.get(message.author));
  const check = (problems: readonly string[]) => {
    state.violations.push(...problems);
    if (problems.length > 0) throw new RefusedError(400, 50035, `Invalid Form Body: ${problems.join("; ")}`);
  };

  function known(user: string | undefined): string {
    if (user !== APPLICATION_ID && !state.users.has(str(user))) throw new RefusedError(404, 10013, "Unknown User");
    return str(user);
  }

  function openDirect(user: string): Json {
    return channelObject(directChannelOf(known(user)), user, "writable");
  }

  const directWith = (channel: string) => [...state.users.keys()].find((user) => directChannelOf(user) === channel);

  function room(id: string): Json {
    const user = directWith(id);
    const roomState = state.rooms.get(id);
    if (user === undefined && roomState === undefined) throw new RefusedError(404, 10003, "Unknown Channel");
    if (roomState === "hidden") throw new RefusedError(403, 50001, "Missing Access");
    return channelObject(id, user, roomState ?? "writable");
  }

  function messagesIn(channel: string, query: URLSearchParams): Json[] {
    room(channel);
    const after = BigInt(query.get("after") ?? 0);
    const found = state.messages.filter(
      (one) => one.channelId === channel && one.onlyFor === undefined && !one.deleted && BigInt(one.id) > after,
    );
    return found
      .slice(-num(Number(query.get("limit") ?? 50)))
      .reverse()
      .map(shownMessage);
  }

  function messageIn(parts: readonly string[]): FakeDiscordMessage {
    const [, channel, , id] = parts;
    const found = state.messages.find((one) => one.channelId === channel && one.id === id && !one.deleted);
    if (found === undefined) throw new RefusedError(404, 10008, "Unknown Message");
    return found;
  }

  function post(channel: string, body: Json, files: readonly string[]): Json {
    room(channel);
    const user = directWith(channel);
    if (user !== undefined && state.users.get(user)?.blocksMessages)
      throw new RefusedError(403, 50007, "Cannot send messages to this user");
    if (state.rooms.get(channel) === "read-only") throw new RefusedError(403, 50013, "Missing Permissions");
    const nonce = body["nonce"] === undefined ? undefined : String(body["nonce"]);
    const already = state.messages.find(
      (one) => one.nonce === nonce && one.channelId === channel && state.now() - madeAt(one.id) < NONCE_LASTS_MS,
    );
    if (nonce !== undefined && body["enforce_nonce"] === true && already !== undefined) return shownMessage(already);
    if ((num(body["flags"]) & FLAG_EPHEMERAL) !== 0)
      check(["channel message: flags: EPHEMERAL only in answers to interactions"]);
    const made = make(body, files, "channel message", { channelId: channel, onlyFor: undefined, nonce });
    state.announce(made);
    return shownMessage(made);
  }

  function make(
    body: Json,
    files: readonly string[],
    at: string,
    where: { readonly channelId: string; readonly onlyFor: string | undefined; readonly nonce?: string | undefined },
  ): FakeDiscordMessage {
    check(problemsOfMessage(body, at, files));
    const made: FakeDiscordMessage = {
      id: snowflake(state.now()),
      author: APPLICATION_ID,
      nonce: undefined,
      ...where,
      content: str(body["content"]),
      embeds: list(body["embeds"]),
      components: numbered(list(body["components"])),
      flags: num(body["flags"]) & ~FLAG_EPHEMERAL,
      files: [...files],
      loading: false,
      deleted: false,
    };
    state.messages.push(made);
    return made;
  }

  function edit(message: FakeDiscordMessage, body: Json, files: readonly string[]): FakeDiscordMessage {
    check(problemsOfMessage(body, "message edit", [...message.files, ...files], { flags: message.flags }));
    if ((num(body["flags"]) & FLAG_COMPONENTS_V2) !== 0) message.content = "";
    if (body["content"] !== undefined) message.content = str(body["content"]);
    if (body["embeds"] !== undefined) message.embeds = list(body["embeds"]);
    if (body["components"] !== undefined) message.components = numbered(list(body["components"]));
    if (body["attachments"] !== undefined || files.length > 0) message.files = [...files];
    message.flags |= num(body["flags"]) & FLAG_COMPONENTS_V2;
    message.loading = false;
    return message;
  }

  return { check, edit, known, make, messageIn, messagesIn, openDirect, post, room, shownMessage };
}
