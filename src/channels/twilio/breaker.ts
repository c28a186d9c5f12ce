import { SendError } from "../../core/errors.ts";
import type { Clock, Counter } from "../../core/ports.ts";
import { isAboutDestination } from "./errors.ts";

/** Calls in a row that nobody answered before the sender rests. */
const UNANSWERED_BEFORE_REST = 5;
const REST_MS = 5_000;
const REST_AT_MOST_MS = 60_000;

/** Keeps one sender from calling an API that does not work: a rested sender costs nothing and loses nothing. */
export interface Breaker {
  /**
   * Makes the call, unless the sender rests. After the rest one call goes first, to see whether the API works again.
   *
   * @throws SendError of the call; or `throttled`, for a call that was not made.
   */
  call<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * The rests: as long as the vendor asked for after a 429; after a wrong configuration, and after five calls in a row
 * without an answer, 5 s, doubled each time the first call after it fails too, at most a minute.
 */
export function createBreaker(options: {
  readonly sender: string;
  readonly clock: Clock;
  readonly counter: Counter;
}): Breaker {
  const { sender, clock, counter } = options;
  let restsUntil = 0;
  let unanswered = 0;
  let rests = 0;
  let probing = false;

  function rest(ms: number): void {
    restsUntil = Math.max(restsUntil, clock.now() + ms);
    counter.count("sender_rested", { sender });
  }

  function failed(error: SendError): void {
    if (error.class === "throttled") {
      if (error.retryAfterMs !== undefined) rest(error.retryAfterMs);
      return;
    }
    const misconfigured = error.class === "configuration" && !isAboutDestination(error.code);
    if (error.class !== "ambiguous" && !misconfigured) {
      answered();
      return;
    }
    unanswered += 1;
    // Calls that were under way when the rest began say nothing new.
    if (restsUntil > clock.now() || (!misconfigured && unanswered < UNANSWERED_BEFORE_REST)) return;
    rest(Math.min(REST_MS * 2 ** rests, REST_AT_MOST_MS));
    rests += 1;
  }

  function answered(): void {
    unanswered = 0;
    rests = 0;
  }

  return {
    async call(work) {
      const wait = restsUntil - clock.now();
      if (wait > 0) throw new SendError("throttled", "sender-rests", wait);
      if (rests > 0 && probing) throw new SendError("throttled", "sender-rests", REST_MS);
      const first = rests > 0;
      if (first) probing = true;
      try {
        const result = await work();
        answered();
        return result;
      } catch (error) {
        if (error instanceof SendError) failed(error);
        throw error;
      } finally {
        if (first) probing = false;
      }
    },
  };
}
