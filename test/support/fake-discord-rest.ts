import { isJson, type Json, list, num, str } from "./discord-components.ts";
import {
  APPLICATION_ID,
  type FakeDiscordMessage,
  GUILD,
  guildObject,
  memberObject,
  numbered,
  snowflake,
  userObject,
} from "./discord-objects.ts";
import { FLAG_EPHEMERAL, problemsOfChoices, problemsOfCommands, problemsOfModal } from "./discord-rules.ts";
import { createMessages, RefusedError } from "./fake-discord-messages.ts";
import type { FakeInteraction, State } from "./fake-discord-state.ts";

/** "You must send an initial response within 3 seconds"; "tokens are valid for 15 minutes" (Receiving and Responding). */
const FIRST_RESPONSE_MS = 3_000;
const TOKEN_LASTS_MS = 15 * 60_000;
const MODAL_SUBMIT = 5;
const AUTOCOMPLETE = 4;
const COMPONENT = 3;
/** Answers that announce another (Interaction Callback Type). */
const DEFERRED_ANSWER = 5;
const DEFERRED_CHANGE = 6;

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

interface Call {
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Json;
  readonly files: readonly string[];
}

/** Each operation by method and path under /api/v10; `*` stands for one part. Those with `open` carry their own token. */
type Operation = readonly [method: string, path: string, run: (call: Call) => Answer, open?: "open"];

/** Discord's REST API on loopback, with state. */
export function createFakeRest(state: State) {
  const { check, edit, known, make, messageIn, messagesIn, openDirect, post, room, shownMessage } =
    createMessages(state);
  const operations: readonly Operation[] = [
    ["GET", "gateway/bot", () => ok(gatewayBot())],
    ["GET", "users/@me", () => ok({ ...userObject(APPLICATION_ID), verified: true, mfa_enabled: false })],
    ["GET", "users/@me/guilds", () => ok(state.installed ? [{ id: GUILD, name: "Community" }] : [])],
    ["GET", "users/*", ({ parts }) => ok(userObject(known(parts[1]), state.users.get(str(parts[1]))))],
    ["POST", "users/@me/channels", ({ body }) => ok(openDirect(str(body["recipient_id"])))],
    ["GET", "applications/@me", () => ok(state.application)],
    ["GET", "applications/*/commands", ({ query }) => ok(state.commands.map((one) => shown(one, query)))],
    ["PUT", "applications/*/commands", ({ body }) => ok(register(list(body["list"])))],
    ["GET", "guilds/*", () => ok(guildObject(state.rooms))],
    ["GET", "guilds/*/members/*", ({ parts }) => ok(memberObject(known(parts[3]), state.users.get(str(parts[3]))))],
    ["GET", "channels/*", ({ parts }) => ok(room(str(parts[1])))],
    ["POST", "channels/*/typing", () => ({ status: 204 })],
    ["GET", "channels/*/messages", ({ parts, query }) => ok(messagesIn(str(parts[1]), query))],
    ["POST", "channels/*/messages", ({ parts, body, files }) => ok(post(str(parts[1]), body, files))],
    ["GET", "channels/*/messages/*", ({ parts }) => ok(shownMessage(messageIn(parts)))],
    [
      "PATCH",
      "channels/*/messages/*",
      ({ parts, body, files }) => ok(shownMessage(edit(messageIn(parts), body, files))),
    ],
    ["DELETE", "channels/*/messages/*", ({ parts }) => remove(messageIn(parts))],
    ["POST", "interactions/*/*/callback", (call) => respond(call), "open"],
    [
      "POST",
      "webhooks/*/*",
      ({ parts, body, files }) => ok(shownMessage(seen(parts, followUp(answered(parts[2]), body, files)))),
      "open",
    ],
    ["GET", "webhooks/*/*/messages/*", ({ parts }) => ok(shownMessage(ofInteraction(parts))), "open"],
    [
      "PATCH",
      "webhooks/*/*/messages/*",
      ({ parts, body, files }) => ok(shownMessage(seen(parts, edit(ofInteraction(parts), body, files)))),
      "open",
    ],
    ["DELETE", "webhooks/*/*/messages/*", ({ parts }) => remove(seen(parts, ofInteraction(parts))), "open"],
  ];

  function gatewayBot(): Json {
    const { total, remaining } = state.sessions;
    return {
      url: state.gatewayUrl(),
      shards: 1,
      session_start_limit: { total, remaining, reset_after: 3_600_000, max_concurrency: 1 },
    };
  }

  function register(commands: readonly Json[]): Json[] {
    check(problemsOfCommands(commands));
    const version = snowflake(state.now());
    const made = commands.map((one) => ({
      id: snowflake(state.now()),
      application_id: APPLICATION_ID,
      version,
      default_member_permissions: null,
      nsfw: false,
      contexts: null,
      integration_types: [0],
      type: 1,
      description: "",
      name_localizations: null,
      description_localizations: null,
      ...one,
    }));
    state.commands.splice(0, state.commands.length, ...made);
    return made;
  }

  /** Localisations are left out unless asked for (`with_localizations`), and what is false or empty is not said. */
  function shown(command: Json, query: URLSearchParams): Json {
    const full = query.get("with_localizations") === "true";
    const entries = Object.entries(command)
      .filter(([name, value]) => full || !name.endsWith("_localizations") || value === undefined)
      .filter(([name, value]) => !((name === "required" || name === "autocomplete") && value === false));
    return Object.fromEntries(
      entries.map(([name, value]) => [name, name === "options" ? list(value).map((one) => shown(one, query)) : value]),
    );
  }

  function remove(message: FakeDiscordMessage): Answer {
    message.deleted = true;
    return { status: 204 };
  }

  /** The interaction of a webhook's token, once it has been answered for the first time. */
  function answered(token: string | undefined): FakeInteraction {
    const found = state.interactions.find((one) => one.token === token);
    if (found === undefined || found.callback === undefined) throw new RefusedError(404, 10015, "Unknown Webhook");
    if (state.now() - found.sentAt > TOKEN_LASTS_MS) throw new RefusedError(401, 50027, "Invalid Webhook Token");
    return found;
  }

  function ofInteraction(parts: readonly string[]): FakeDiscordMessage {
    const interaction = answered(parts[2]);
    const found =
      parts[4] === "@original" ? interaction.original : interaction.followUps.find(({ id }) => id === parts[4]);
    if (found === undefined || found.deleted) throw new RefusedError(404, 10008, "Unknown Message");
    return found;
  }

  /** What was only announced is there. */
  function seen(parts: readonly string[], message: FakeDiscordMessage): FakeDiscordMessage {
    answered(parts[2]).answered = true;
    return message;
  }

  function followUp(interaction: FakeInteraction, body: Json, files: readonly string[]): FakeDiscordMessage {
    // "This endpoint will function as Edit Original Interaction Response for backwards compatibility."
    if (interaction.original?.loading === true)
      return edit(interaction.original, { ...body, flags: num(body["flags"]) & ~FLAG_EPHEMERAL }, files);
    const made = make(body, files, "follow-up", placeOf(interaction, body));
    interaction.followUps.push(made);
    return made;
  }

  const placeOf = ({ channelId, user }: FakeInteraction, data: Json) => ({
    channelId,
    onlyFor: (num(data["flags"]) & FLAG_EPHEMERAL) === 0 ? undefined : user,
  });

  function respond({ parts, query, body, files }: Call): Answer {
    const interaction = state.interactions.find((one) => one.id === parts[1] && one.token === parts[2]);
    const isLate = interaction !== undefined && interaction.takenMs() > FIRST_RESPONSE_MS;
    if (interaction === undefined || (isLate && interaction.callback === undefined))
      throw new RefusedError(404, 10062, "Unknown interaction");
    if (interaction.callback !== undefined)
      throw new RefusedError(400, 40060, "Interaction has already been acknowledged.");
    const type = num(body["type"]);
    const data = isJson(body["data"]) ? body["data"] : {};
    act(interaction, type, data, files);
    interaction.callback = { type, data, ms: interaction.takenMs() };
    interaction.answered = type !== DEFERRED_ANSWER && type !== DEFERRED_CHANGE;
    if (query.get("with_response") !== "true") return { status: 204 };
    const { original } = interaction;
    const message = original === undefined ? {} : { message: shownMessage(original) };
    return ok({
      interaction: { id: interaction.id, type: interaction.type, response_message_id: original?.id },
      resource: { type, ...message },
    });
  }

  function act(interaction: FakeInteraction, type: number, data: Json, files: readonly string[]): void {
    const { source } = interaction;
    const only = (holds: boolean, rule: string) => check(holds ? [] : [`callback ${type}: ${rule}`]);
    only(
      (type === 8) === (interaction.type === AUTOCOMPLETE),
      "only autocomplete is answered with choices, and with nothing else",
    );
    switch (type) {
      case 4:
        interaction.original = make(data, files, "answer", placeOf(interaction, data));
        return;
      case DEFERRED_ANSWER:
        only((num(data["flags"]) & ~FLAG_EPHEMERAL) === 0, "the only valid message flag you may use is EPHEMERAL");
        interaction.original = make(
          { content: "...", allowed_mentions: { parse: [] } },
          [],
          "deferred",
          placeOf(interaction, data),
        );
        Object.assign(interaction.original, { content: "", loading: true });
        return;
      case DEFERRED_CHANGE:
      case 7:
        only(
          source !== undefined && (interaction.type === COMPONENT || interaction.type === MODAL_SUBMIT),
          "only valid for component-based interactions",
        );
        interaction.original = source;
        if (type === 7 && source !== undefined) edit(source, data, files);
        return;
      case 8:
        check(problemsOfChoices(data));
        interaction.choices = list(data["choices"]);
        return;
      case 9:
        only(interaction.type !== MODAL_SUBMIT, "not available for MODAL_SUBMIT");
        check(problemsOfModal(data));
        interaction.modal = { ...data, components: numbered(list(data["components"])) };
        return;
      default:
        only(false, "not a type of callback");
    }
  }

  /** Does what a request asks for; `isOurs`: it carries the bot's token. */
  return function perform(method: string, path: string, isOurs: boolean, call: Omit<Call, "parts">): Answer {
    const parts = path.split("/");
    const operation = operations.find(
      ([name, pattern]) =>
        name === method &&
        pattern.split("/").length === parts.length &&
        pattern.split("/").every((part, index) => part === "*" || part === parts[index]),
    );
    if (operation === undefined) {
      state.violations.push(`no such operation here: ${method} ${path.replaceAll(/\d{6,}/g, "ID")}`);
      return refusal(404, 0, "404: Not Found");
    }
    if (!isOurs && operation[3] !== "open") return refusal(401, 0, "401: Unauthorized");
    try {
      return operation[2]({ ...call, parts });
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      return refusal(error.status, error.code, error.message);
    }
  };
}

const ok = (body: unknown): Answer => ({ status: 200, body });
const refusal = (status: number, code: number, message: string): Answer => ({ status, body: { message, code } });
