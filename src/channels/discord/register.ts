import { type APIApplicationCommand, type REST, Routes } from "discord.js";
import { OperatorError } from "../../core/errors.ts";
import type { Logger } from "../../core/ports.ts";
import type { Translate } from "../../locale/translate.ts";
import { differingCommands, wantedCommands } from "./commands.ts";
import { discordCode } from "./errors.ts";
import { createRest } from "./rest.ts";

/** What is registered of Puente's commands at Discord, with all their languages. */
export async function registeredCommands(rest: REST, applicationId: string): Promise<APIApplicationCommand[]> {
  const query = new URLSearchParams({ with_localizations: "true" });
  return (await rest.get(Routes.applicationCommands(applicationId), { query })) as APIApplicationCommand[];
}

/**
 * Makes Discord know exactly our commands. Writes only where something differs, for Discord limits how often an
 * application may.
 *
 * @returns the names of what differed.
 * @throws OperatorError when Discord refuses or cannot be reached.
 */
export async function registerCommands(
  settings: { readonly token: string; readonly applicationId: string; readonly apiUrl?: string },
  translate: Translate,
  logger: Logger,
): Promise<readonly string[]> {
  const { token, applicationId, apiUrl } = settings;
  const rest = createRest({ token, apiUrl, patience: "patient", logger });
  try {
    const wanted = wantedCommands(translate);
    const differing = differingCommands(wanted, await registeredCommands(rest, applicationId));
    if (differing.length > 0) await rest.put(Routes.applicationCommands(applicationId), { body: wanted });
    return differing;
  } catch (error) {
    throw new OperatorError(
      `Discord does not take the commands (${discordCode(error)}). Look whether DISCORD_TOKEN and DISCORD_APPLICATION_ID are right and this machine reaches discord.com; \`npx puente doctor\` says more.`,
    );
  }
}
