import { type APIDMChannel, type APIMessage, REST, RESTEvents, Routes } from "discord.js";
import type { Logger } from "../../core/ports.ts";
import type { Message } from "./message.ts";

/** A call that takes longer counts as unanswered. Under half of a delivery's lease (30 s). */
const CALL_TIMEOUT_MS = 10_000;
/** Discord locks out whoever makes 10,000 invalid requests in 10 minutes. Long before that somebody has to look. */
const INVALID_REQUESTS = 100;

/** Options of discord.js' REST client, here and under its gateway. */
export function restOptions(apiUrl: string | undefined) {
  return {
    ...(apiUrl !== undefined && { api: `${apiUrl}/api` }),
    version: "10",
    timeout: CALL_TIMEOUT_MS,
    invalidRequestWarningInterval: INVALID_REQUESTS,
  };
}

/**
 * Discord's REST API. `impatient` for deliveries, which have their own retries: a rate limit is an error there. Otherwise
 * it is waited for, and what failed on Discord's side is tried again a few times.
 */
export function createRest(options: {
  readonly token: string;
  readonly apiUrl: string | undefined;
  readonly patience: "impatient" | "patient";
  readonly logger: Logger;
}): REST {
  const { token, apiUrl, patience, logger } = options;
  const rest = new REST({
    ...restOptions(apiUrl),
    ...(patience === "impatient" ? { retries: 0, rejectOnRateLimit: () => true } : { retries: 3 }),
  });
  rest.on(RESTEvents.InvalidRequestWarning, ({ count }) => logger.error("discord.invalid-requests", { count }));
  return rest.setToken(token);
}

export async function postMessage(rest: REST, channelId: string, body: Message): Promise<APIMessage> {
  return (await rest.post(Routes.channelMessages(channelId), { body })) as APIMessage;
}

/** The id of the conversation with one person, opened if need be. */
export async function directChannel(rest: REST, userId: string): Promise<string> {
  const body = { recipient_id: userId };
  return ((await rest.post(Routes.userChannels(), { body })) as APIDMChannel).id;
}
