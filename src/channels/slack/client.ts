import { type Logger as BoltLogger, LogLevel, webApi } from "@slack/bolt";
import type { Logger } from "../../core/ports.ts";

/** A call that takes longer counts as unanswered. Under half of a delivery's lease (30 s), and of a dialogue's patience. */
const CALL_TIMEOUT_MS = 10_000;

export type SlackClient = webApi.WebClient;

/** Every call ends: the SDK's own timeout is off by default, and `respond` has none. */
export const fetchWithin: typeof fetch = (url, init) =>
  fetch(url, { ...init, signal: init?.signal ?? AbortSignal.timeout(CALL_TIMEOUT_MS) });

/**
 * Options of the Web API client. `impatient` for what somebody waits for, and for deliveries, which have their own
 * retries: a rate limit is an error there. Otherwise Retry-After is waited for, a few times.
 */
export function clientOptions(
  apiUrl: string | undefined,
  logger: BoltLogger,
  patience: "impatient" | "patient",
): webApi.WebClientOptions {
  return {
    ...(apiUrl !== undefined && { slackApiUrl: `${apiUrl}/api/` }),
    logger,
    fetch: fetchWithin,
    ...(patience === "impatient"
      ? { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true }
      : { retryConfig: { retries: 3, minTimeout: 500, maxTimeout: 5_000 } }),
  };
}

export function createClient(
  token: string,
  apiUrl: string | undefined,
  logger: BoltLogger,
  patience: "impatient" | "patient",
): SlackClient {
  return new webApi.WebClient(token, clientOptions(apiUrl, logger, patience));
}

/** The SDK's lines may quote what people wrote: only that there was one, and its error's code, is passed on. */
export function quietLogger(logger: Logger): BoltLogger {
  const codeOf = (parts: readonly unknown[]) => {
    const error = parts.find((part) => part instanceof Error);
    return error !== undefined && "code" in error ? String(error.code) : undefined;
  };
  return {
    debug() {},
    info() {},
    warn: (...parts) => logger.debug("slack.sdk-warned", { code: codeOf(parts) }),
    error: (...parts) => logger.warn("slack.sdk-failed", { code: codeOf(parts) }),
    setLevel() {},
    getLevel: () => LogLevel.WARN,
    setName() {},
  };
}
