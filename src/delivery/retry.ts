import type { SendErrorClass } from "../core/errors.ts";

/** Tries after the carrier lost a message: each is a new message with its price. */
const CARRIER_TRIES = 3;
const CARRIER_WAIT_MS = 60_000;
const CONFIGURATION_WAIT_MS = 60_000;
/** Throttling: half a second, doubled each time, at most a minute. */
const THROTTLE_FIRST_MS = 500;
const THROTTLE_MOST_MS = 60_000;

/**
 * When a failed attempt may be followed by another, in milliseconds since the epoch; undefined: never.
 *
 * Throttled attempts were not processed, so they are always safe to repeat; half of the wait is random, so that workers
 * spread out. A wrong configuration waits for the operator. What a carrier lost is tried a few times, far apart.
 */
export function tryAgainAt(
  error: { readonly class: SendErrorClass; readonly retryAfterMs?: number | undefined },
  attempt: number,
  now: number,
  random: () => number,
): number | undefined {
  switch (error.class) {
    case "throttled": {
      const backoff = Math.min(THROTTLE_FIRST_MS * 2 ** (attempt - 1), THROTTLE_MOST_MS);
      return Math.round(now + Math.max(error.retryAfterMs ?? 0, backoff * (0.5 + random() / 2)));
    }
    case "configuration":
      return now + CONFIGURATION_WAIT_MS;
    case "carrier-transient":
      return attempt < CARRIER_TRIES ? now + CARRIER_WAIT_MS * attempt : undefined;
    default:
      return undefined;
  }
}
