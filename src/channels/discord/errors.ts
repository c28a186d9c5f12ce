import { DiscordAPIError, HTTPError, RateLimitError } from "discord.js";
import { SendError, type SendErrorClass } from "../../core/errors.ts";

/** Discord's error codes as classes (docs.discord.com/developers/topics/opcodes-and-status-codes). Others by their status. */
const CLASS_OF: Readonly<Record<string, SendErrorClass>> = {
  // Cannot send messages to this user; no mutual servers any more; the user, or the conversation with them, is gone.
  "50007": "person",
  "50278": "person",
  "10013": "person",
  "10003": "person",
  // Too many direct messages opened, too much written in a room, slow mode.
  "40003": "throttled",
  "20016": "throttled",
  "20028": "throttled",
};

/** What a failed call says, as a code without any of the call's content. */
export function discordCode(error: unknown): string {
  if (error instanceof DiscordAPIError) return String(error.code);
  if (error instanceof RateLimitError) return "429";
  if (error instanceof HTTPError) return `http_${error.status}`;
  // Discord has refused the token once: discord.js does not use it again.
  if (error instanceof Error && error.message.startsWith("Expected token")) return "no-token";
  return error instanceof Error ? "no-answer" : "unknown";
}

/** A failed call as a class. No answer, or a failure on Discord's side, may have been accepted all the same. */
export function toSendError(error: unknown): SendError {
  const code = discordCode(error);
  if (error instanceof RateLimitError) return new SendError("throttled", code, error.retryAfter);
  if (error instanceof DiscordAPIError) return new SendError(CLASS_OF[code] ?? classOfStatus(error.status), code);
  return new SendError(code === "no-token" ? "configuration" : "ambiguous", code);
}

function classOfStatus(status: number): SendErrorClass {
  if (status === 401 || status === 403) return "configuration";
  if (status === 429) return "throttled";
  return status >= 500 ? "ambiguous" : "message";
}

/** The token is not accepted: waiting does not mend that. */
export function isTokenRefused(error: unknown): boolean {
  if (error instanceof DiscordAPIError) return error.status === 401;
  return error instanceof Error && "code" in error && error.code === "TokenInvalid";
}

/** An interaction that nobody waits for any more: older than 3 seconds, or answered by another process. */
export function isTooLate(error: unknown): boolean {
  return error instanceof DiscordAPIError && (error.code === 10062 || error.code === 40060);
}
