import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type LocalizationMap,
  type RESTPostAPIApplicationCommandsJSONBody,
  type RESTPutAPIApplicationCommandsJSONBody,
} from "discord.js";
import type { Locale } from "../../core/words.ts";
import type { Translate } from "../../locale/translate.ts";

/** Discord's names for the Spanish of Latin America and of Spain (docs.discord.com/developers/reference, Locales). */
const SPANISH = ["es-419", "es-ES"] as const;
/** A question that is longer is a story; Discord would take 6,000 characters. */
const LONGEST_QUESTION = 500;

/** The commands by which somebody asks: each in its language, whatever language they use Discord in. */
export const ASK: Readonly<Record<string, { readonly locale: Locale; readonly option: string }>> = {
  asylum: { locale: "en", option: "question" },
  asilo: { locale: "es", option: "pregunta" },
};
/** The commands by which somebody browses. */
export const BROWSE: Readonly<Record<string, Locale>> = { topics: "en", temas: "es" };
/** Whoever uses a command reads its language, whatever the rest of Discord speaks to them. */
export const localeOfCommand = (name: string): Locale | undefined => ASK[name]?.locale ?? BROWSE[name];
/** The entry in a message's menu. */
const ASK_ABOUT_MESSAGE = "Ask Puente";

/**
 * The commands as Discord is to know them. They work where Puente was added, and in its direct messages: nobody can bring
 * them to a place whose people have not chosen it.
 */
export function wantedCommands(translate: Translate): RESTPutAPIApplicationCommandsJSONBody {
  const everywhere = {
    integration_types: [ApplicationIntegrationType.GuildInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
  };
  const described = (key: string, locale: Locale) => {
    const other = locale === "es" ? "en" : "es";
    return {
      description: translate(locale, key),
      description_localizations: other === "es" ? inSpanish(translate("es", key)) : { "en-US": translate("en", key) },
    };
  };
  const ask = Object.entries(ASK).map(
    ([name, { locale, option }]): RESTPostAPIApplicationCommandsJSONBody => ({
      ...everywhere,
      type: ApplicationCommandType.ChatInput,
      name,
      ...described("discord.command.ask", locale),
      options: [
        {
          type: ApplicationCommandOptionType.String,
          name: option,
          ...described("discord.command.question", locale),
          name_localizations: locale === "es" ? { "en-US": "question" } : inSpanish("pregunta"),
          required: true,
          autocomplete: true,
          max_length: LONGEST_QUESTION,
        },
      ],
    }),
  );
  const browse = Object.entries(BROWSE).map(
    ([name, locale]): RESTPostAPIApplicationCommandsJSONBody => ({
      ...everywhere,
      type: ApplicationCommandType.ChatInput,
      name,
      ...described("discord.command.browse", locale),
    }),
  );
  const about: RESTPostAPIApplicationCommandsJSONBody = {
    ...everywhere,
    type: ApplicationCommandType.Message,
    name: ASK_ABOUT_MESSAGE,
    name_localizations: inSpanish(translate("es", "discord.command.message")),
  };
  return [...ask, ...browse, about];
}

function inSpanish(text: string): LocalizationMap {
  return Object.fromEntries(SPANISH.map((locale) => [locale, text]));
}

/** What two lists of commands differ in, by name; empty where what is registered is what is wanted. */
export function differingCommands(wanted: readonly object[], registered: readonly object[]): readonly string[] {
  const [one, other] = [byName(wanted), byName(registered)];
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names].filter((name) => one.get(name) !== other.get(name));
}

function byName(commands: readonly object[]): Map<string, string> {
  return new Map(
    commands.map((command) => [
      "name" in command ? String(command.name) : "",
      JSON.stringify(significant(command, COMPARED)),
    ]),
  );
}

/** What we set. Discord adds ids, versions and defaults of its own. */
const COMPARED = new Set([
  ...["type", "name", "name_localizations", "description", "description_localizations", "options"],
  ...["required", "autocomplete", "max_length", "integration_types", "contexts"],
]);

/** A value in one spelling: keys in order, and nothing for what Discord leaves out, says as null or fills in as empty. */
function significant(value: unknown, only?: ReadonlySet<string>): unknown {
  if (Array.isArray(value))
    return value.every((item) => typeof item === "number")
      ? value.toSorted((a, b) => a - b)
      : value.map((item) => significant(item, only));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key, item]) => (only?.has(key) ?? true) && item !== null && item !== undefined && item !== false)
    .filter(([, item]) => item !== "" && !(Array.isArray(item) && item.length === 0))
    .map(([key, item]) => [key, significant(item, key === "options" ? only : undefined)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}
