import { Locale } from "discord.js";
import {
  component,
  componentsOf,
  createProblems,
  customId,
  isJson,
  type Json,
  LABEL,
  list,
  num,
  ROW,
  size,
  str,
  TEXT,
} from "./discord-components.ts";

/**
 * What Discord refuses, as its developer documentation says (github.com/discord/discord-api-docs, read in its stored copy):
 * Component Reference (components/reference, commit 72d020b), Interactions: Receiving and Responding (0ab2dc5), Application
 * Commands (0329c53) and Message Resource (02da118). The 4,000 characters of all text displays of one message together
 * stand on none of the pages read; the API enforces them, and client libraries say so (JDA, `TextDisplay`).
 */
export const FLAG_EPHEMERAL = 1 << 6;
export const FLAG_COMPONENTS_V2 = 1 << 15;
const FLAGS_ALLOWED = (1 << 2) | FLAG_EPHEMERAL | (1 << 12) | FLAG_COMPONENTS_V2;

type Problems = ReturnType<typeof createProblems>;

/** What is wrong with a message; `already` is the message that it changes. */
export function problemsOfMessage(message: Json, at: string, files: readonly string[], already?: Json): string[] {
  const problems = createProblems(at);
  const flags = num(message["flags"]) | num(already?.["flags"]);
  const components = list(message["components"]);
  problems.unless((num(message["flags"]) & ~FLAGS_ALLOWED) === 0, "flags: these cannot be set");
  if ((flags & FLAG_COMPONENTS_V2) !== 0) {
    for (const name of ["content", "embeds", "sticker_ids", "poll"]) {
      const value = message[name];
      problems.unless(
        value === undefined || value === null || (Array.isArray(value) && value.length === 0),
        `${name}: when the flag IS_COMPONENTS_V2 is set, the message can only contain components`,
      );
    }
    const all = componentsOf(components);
    problems.unless(all.length <= 40, `messages allow up to 40 total components (${all.length})`);
    problems.unless(
      components.length > 0 || message["components"] === undefined,
      "components: at least one is required",
    );
    const characters = all.reduce((sum, one) => sum + (one["type"] === TEXT ? size(one["content"]) : 0), 0);
    problems.unless(characters <= 4000, `text displays: 4,000 characters in total (${characters})`);
  } else {
    problems.longest(message["content"], 2000, "content");
    problems.unless(components.length <= 5, "legacy messages allow up to 5 action rows");
    problems.unless(
      components.every(({ type }) => type === ROW),
      "components: only action rows without the flag IS_COMPONENTS_V2",
    );
    const isEmpty = ["content", "embeds", "components"].every(
      (name) => message[name] === undefined || size(message[name]) + list(message[name]).length === 0,
    );
    problems.unless(
      !isEmpty || files.length > 0 || already !== undefined,
      "at least one of content, embeds, components, files[n] is required (50006)",
    );
    embeds(problems, list(message["embeds"]));
  }
  const interactive = componentsOf(components).flatMap((one) =>
    one["custom_id"] === undefined ? [] : [one["custom_id"]],
  );
  problems.unless(
    new Set(interactive).size === interactive.length,
    "multiple components on the same message must not share the same custom_id",
  );
  const ids = componentsOf(components).flatMap(({ id }) => (num(id) === 0 ? [] : [id]));
  problems.unless(new Set(ids).size === ids.length, "the id must be unique within the message");
  for (const one of components) component(problems, one, "message", files);
  problems.longest(message["nonce"], 25, "nonce");
  const mentions = message["allowed_mentions"];
  // Not Discord's rule but ours: without it a text that contains a mention could ring a whole server.
  problems.unless(
    isJson(mentions) &&
      Array.isArray(mentions["parse"]) &&
      mentions["parse"].length === 0 &&
      list(mentions["users"]).length + list(mentions["roles"]).length === 0 &&
      mentions["replied_user"] !== true,
    "allowed_mentions: must be there and empty",
  );
  return problems.found;
}

function embeds(problems: Problems, all: readonly Json[]): void {
  problems.unless(all.length <= 10, "embeds: supports up to 10 embeds");
  let total = 0;
  const text = (value: unknown, most: number, name: string) => {
    problems.longest(value, most, `embed ${name}`);
    total += size(value);
  };
  for (const embed of all) {
    text(embed["title"], 256, "title");
    text(embed["description"], 4096, "description");
    problems.unless(list(embed["fields"]).length <= 25, "embed fields: up to 25");
    for (const { name, value } of list(embed["fields"])) {
      text(name, 256, "field.name");
      text(value, 1024, "field.value");
    }
    if (isJson(embed["footer"])) text(embed["footer"]["text"], 2048, "footer.text");
    if (isJson(embed["author"])) text(embed["author"]["name"], 256, "author.name");
  }
  problems.unless(total <= 6000, "embeds: the combined sum of characters must not exceed 6000");
}

/** What is wrong with a dialogue. */
export function problemsOfModal(modal: Json): string[] {
  const problems = createProblems("modal");
  const components = list(modal["components"]);
  customId(problems, modal);
  problems.longest(modal["title"], 45, "title", 1);
  problems.unless(components.length >= 1 && components.length <= 5, "modal: between 1 and 5 (inclusive) components");
  problems.unless(
    components.every(({ type }) => [ROW, TEXT, LABEL].includes(num(type))),
    "modal: only labels and text displays",
  );
  for (const one of components) component(problems, one, "modal", []);
  const ids = componentsOf(components).flatMap((one) => (one["custom_id"] === undefined ? [] : [one["custom_id"]]));
  problems.unless(new Set(ids).size === ids.length, "custom_id must be unique per component");
  return problems.found;
}

/** What is wrong with the choices offered while somebody types. */
export function problemsOfChoices(data: Json): string[] {
  const problems = createProblems("autocomplete");
  problems.unless(Array.isArray(data["choices"]), "choices is required");
  problems.unless(list(data["choices"]).length <= 25, "autocomplete choices (max of 25 choices)");
  for (const choice of list(data["choices"])) {
    problems.longest(choice["name"], 100, "choice name", 1);
    if (typeof choice["value"] === "string") problems.longest(choice["value"], 100, "choice value", 1);
  }
  return problems.found;
}

/** The locales that Discord knows (Reference, Locales), as its types list them. */
const LOCALES = new Set<string>(Object.values(Locale));
const COMMAND_NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const CHAT_INPUT = 1;
const MOST_COMMANDS: Readonly<Record<number, number>> = { 1: 100, 2: 15, 3: 15 };

/** What is wrong with the whole list of global commands. */
export function problemsOfCommands(commands: readonly Json[]): string[] {
  const found = commands.flatMap((command) => {
    const problems = createProblems(`command ${str(command["name"])}`);
    const type = num(command["type"] ?? CHAT_INPUT);
    named(problems, command, type === CHAT_INPUT);
    if (type === CHAT_INPUT) {
      described(problems, command);
      optionsOf(problems, command);
    } else {
      problems.unless(str(command["description"]) === "", "description: empty string for USER and MESSAGE commands");
      problems.unless(list(command["options"]).length === 0, "options can only be set for CHAT_INPUT");
    }
    const contexts = command["contexts"];
    problems.unless(
      contexts === undefined ||
        contexts === null ||
        (Array.isArray(contexts) && contexts.every((one) => [0, 1, 2].includes(one))),
      "contexts: GUILD, BOT_DM, PRIVATE_CHANNEL",
    );
    return problems.found;
  });
  const keys = commands.map(({ type, name }) => `${num(type ?? CHAT_INPUT)} ${str(name)}`);
  if (new Set(keys).size < keys.length) found.push("commands: names must be unique per type");
  for (const [type, most] of Object.entries(MOST_COMMANDS))
    if (keys.filter((key) => key.startsWith(`${type} `)).length > most)
      found.push(`commands: ${most} global of type ${type}`);
  return found;
}

function named(problems: Problems, one: Json, strict: boolean): void {
  const names = [one["name"], ...localised(problems, one["name_localizations"])].map(str);
  for (const name of names) {
    problems.longest(name, 32, "name", 1);
    if (strict)
      problems.unless(
        COMMAND_NAME.test(name) && name === name.toLowerCase(),
        `name ${name}: not as named in Application Command Naming`,
      );
  }
}

function described(problems: Problems, one: Json): void {
  for (const text of [one["description"], ...localised(problems, one["description_localizations"])])
    problems.longest(text, 100, "description", 1);
}

function localised(problems: Problems, value: unknown): unknown[] {
  if (!isJson(value)) return [];
  for (const locale of Object.keys(value)) problems.unless(LOCALES.has(locale), `${locale} is not an available locale`);
  return Object.values(value);
}

function optionsOf(problems: Problems, parent: Json): void {
  const all = list(parent["options"]);
  problems.unless(all.length <= 25, "options: max of 25");
  problems.unless(new Set(all.map(({ name }) => name)).size === all.length, "option names must be unique");
  const firstOptional = all.findIndex(({ required }) => required !== true);
  problems.unless(
    firstOptional === -1 || all.slice(firstOptional).every(({ required }) => required !== true),
    "required options must be listed before optional options",
  );
  for (const option of all) {
    named(problems, option, true);
    described(problems, option);
    const choices = list(option["choices"]);
    problems.unless(choices.length <= 25, "choices: max 25");
    problems.unless(
      option["autocomplete"] !== true || choices.length === 0,
      "autocomplete may not be set to true if choices are present",
    );
    for (const choice of choices) {
      problems.longest(choice["name"], 100, "choice name", 1);
      for (const name of localised(problems, choice["name_localizations"]))
        problems.longest(name, 100, "choice name", 1);
    }
    problems.unless(
      num(option["max_length"] ?? 1) >= 1 && num(option["max_length"] ?? 1) <= 6000,
      "max_length: 1 to 6000",
    );
    optionsOf(problems, option);
  }
}
