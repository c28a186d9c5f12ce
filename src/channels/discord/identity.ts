import { type APIApplication, type REST, Routes } from "discord.js";
import { OperatorError } from "../../core/errors.ts";
import type { Logger } from "../../core/ports.ts";
import { discordCode, isTokenRefused } from "./errors.ts";

/**
 * Asks Discord whose token this is. A Discord that cannot be reached is only logged: the rest of the service does not
 * wait for it.
 *
 * @throws OperatorError when Discord refuses the token, or when it is another application's.
 */
export async function checkIdentity(rest: REST, applicationId: string, logger: Logger): Promise<void> {
  try {
    const { id } = (await rest.get(Routes.currentApplication())) as APIApplication;
    if (id !== applicationId)
      throw new OperatorError(
        "DISCORD_TOKEN and DISCORD_APPLICATION_ID belong to two applications. Copy both from the same one at discord.com/developers/applications.",
      );
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    if (isTokenRefused(error))
      throw new OperatorError(
        "Discord refused DISCORD_TOKEN. Reset the token under Bot of your application at discord.com/developers/applications, and copy it here.",
      );
    logger.warn("discord.unreachable", { code: discordCode(error) });
  }
}
