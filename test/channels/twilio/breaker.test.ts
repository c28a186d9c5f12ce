import { expect, test } from "vitest";
import { createBreaker } from "../../../src/channels/twilio/breaker.ts";
import { SendError } from "../../../src/core/errors.ts";
import { testClock } from "../../support/clock.ts";
import { recorder } from "../../support/recorder.ts";

const SECOND = 1000;

function setUp() {
  const clock = testClock();
  const { counter, counts } = recorder();
  const breaker = createBreaker({ sender: "sms", clock, counter });
  let made = 0;
  const call = async (error?: SendError) => {
    try {
      return await breaker.call(async () => {
        made += 1;
        if (error !== undefined) throw error;
        return "sent";
      });
    } catch (failed) {
      return failed as SendError;
    }
  };
  return { clock, counts, call, made: () => made };
}

const unanswered = new SendError("ambiguous", "no-answer");

test("after five calls in a row without an answer the sender rests, and calls not made are safe to repeat", async () => {
  const { call, made } = setUp();
  for (let time = 0; time < 5; time += 1) await call(unanswered);
  expect(await call()).toMatchObject({ class: "throttled", code: "sender-rests", retryAfterMs: 5 * SECOND });
  expect(made()).toBe(5);
});

test("an answer in between shows that the API works", async () => {
  const { call } = setUp();
  for (let time = 0; time < 4; time += 1) await call(unanswered);
  await call(new SendError("person", "21211"));
  for (let time = 0; time < 4; time += 1) await call(unanswered);
  expect(await call()).toBe("sent");
});

test("after the rest one call goes first; when it fails too, the rest is twice as long", async () => {
  const { clock, call, made } = setUp();
  for (let time = 0; time < 5; time += 1) await call(unanswered);
  clock.advance(5 * SECOND);
  await Promise.all([call(unanswered), call(), call()]);
  expect(made()).toBe(6);
  clock.advance(9 * SECOND);
  expect(await call()).toMatchObject({ class: "throttled" });
  clock.advance(SECOND);
  expect(await call()).toBe("sent");
  expect(await call()).toBe("sent");
});

test("many calls that fail at once begin one rest", async () => {
  const { call, counts } = setUp();
  await Promise.all(Array.from({ length: 50 }, () => call(unanswered)));
  expect(counts.get("sender_rested")).toBe(1);
});

test("a wrong configuration of the sender rests it at once, one that concerns a country does not", async () => {
  const { call } = setUp();
  await call(new SendError("configuration", "21408"));
  expect(await call()).toBe("sent");
  await call(new SendError("configuration", "20003"));
  expect(await call()).toMatchObject({ class: "throttled" });
});

test("Retry-After holds for the whole sender", async () => {
  const { clock, call } = setUp();
  await call(new SendError("throttled", "20429", 30 * SECOND));
  clock.advance(29 * SECOND);
  expect(await call()).toMatchObject({ class: "throttled", retryAfterMs: SECOND });
  clock.advance(SECOND);
  expect(await call()).toBe("sent");
});
