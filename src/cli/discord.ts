import { loadConfig } from "../config.ts";
import { OperatorError } from "../core/errors.ts";
import { loadLocales } from "../locale/translate.ts";
import { createLogger } from "../logger.ts";
import { LOCALES } from "./doctor.ts";

/**
 * Makes Discord know Puente's commands. May be run any number of times.
 *
 * @throws OperatorError when Discord is not set up here, or does not take them.
 */
export async function discordRegister(): Promise<void> {
  const { discord, logLevel } = loadConfig();
  if (discord === undefined)
    throw new OperatorError("Set DISCORD_TOKEN and DISCORD_APPLICATION_ID in .env first: docs/discord.md says where.");
  const { registerCommands } = await import("../channels/discord/register.ts");
  const { translate } = await loadLocales(LOCALES);
  const changed = await registerCommands(discord, translate, createLogger(logLevel));
  console.log(
    changed.length === 0
      ? "Discord has the commands as they are."
      : `Registered: ${changed.join(", ")}. People see them when they reload Discord.`,
  );
}
