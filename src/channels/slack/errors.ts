import { SendError, type SendErrorClass } from "../../core/errors.ts";

/** Slack's error names as classes (docs.slack.dev/reference/methods/chat.postMessage). Any other fails the message. */
const CLASS_OF: Readonly<Record<string, SendErrorClass>> = {
  user_not_found: "person",
  cannot_dm_bot: "person",
  user_disabled: "person",
  messages_tab_disabled: "configuration",
  not_authed: "configuration",
  invalid_auth: "configuration",
  account_inactive: "configuration",
  token_revoked: "configuration",
  token_expired: "configuration",
  missing_scope: "configuration",
  not_allowed_token_type: "configuration",
  no_permission: "configuration",
  ekm_access_denied: "configuration",
  team_access_not_granted: "configuration",
  ratelimited: "throttled",
  rate_limited: "throttled",
  message_limit_exceeded: "throttled",
  fatal_error: "ambiguous",
  internal_error: "ambiguous",
  service_unavailable: "ambiguous",
  request_timeout: "ambiguous",
};

/** What a failed call to Slack says, as a code without any of the call's content. */
export function slackCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if ("data" in error && typeof error.data === "object" && error.data !== null && "error" in error.data)
    return String(error.data.error);
  if ("retryAfter" in error) return "ratelimited";
  if ("statusCode" in error) return `http_${String(error.statusCode)}`;
  return "no-answer";
}

/** A failed call as a class. No answer, or a failure on Slack's side, may have been accepted all the same. */
export function toSendError(error: unknown): SendError {
  const code = slackCode(error);
  if (error instanceof Error && "retryAfter" in error && typeof error.retryAfter === "number")
    return new SendError("throttled", code, error.retryAfter * 1000);
  if (code === "no-answer" || code === "unknown" || code.startsWith("http_")) return new SendError("ambiguous", code);
  return new SendError(CLASS_OF[code] ?? "message", code);
}

/** A room that is gone, archived, or that the app is no longer in. */
export function isRoomGone(code: string): boolean {
  return ["channel_not_found", "is_archived", "not_in_channel", "restricted_action", "thread_not_found"].includes(code);
}
