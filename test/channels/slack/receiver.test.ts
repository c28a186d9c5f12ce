import { setImmediate } from "node:timers/promises";
import { App } from "@slack/bolt";
import { describe, expect, test } from "vitest";
import { createHttpReceiver } from "../../../src/channels/slack/receiver.ts";
import { testClock } from "../../support/clock.ts";
import { SIGNING_SECRET, sign } from "../../support/fake-slack.ts";
import { recorder } from "../../support/recorder.ts";

const clock = testClock();

/** The real Bolt behind our receiver, with one listener for messages. */
function aReceiver(onMessage: () => Promise<void>) {
  const { counter } = recorder();
  const { receiver, route } = createHttpReceiver({ signingSecret: SIGNING_SECRET, clock, counter });
  const app = new App({
    receiver,
    authorize: async () => ({ botToken: "xoxb-test" }),
    convoStore: false,
    ignoreSelf: false,
  });
  app.message(onMessage);
  app.error(async (error) => {
    throw error;
  });
  return (at = clock.now()) => {
    const body = JSON.stringify({
      type: "event_callback",
      event_id: "Ev1",
      team_id: "T1",
      event: { type: "message", channel: "D1" },
    });
    const timestamp = String(Math.floor(at / 1000));
    return route.handle({
      method: "POST",
      url: "/slack/events",
      query: {},
      headers: {
        "content-type": "application/json",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": sign(body, timestamp),
      },
      body,
    });
  };
}

describe("an event", () => {
  test("is acknowledged only when it has been handled", async () => {
    const [begun, handled] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const post = aReceiver(() => {
      begun.resolve();
      return handled.promise;
    });
    let answered = false;
    const answer = post().finally(() => {
      answered = true;
    });
    await begun.promise;
    await setImmediate();
    expect(answered).toBe(false);
    handled.resolve();
    expect((await answer).status).toBe(200);
  });

  test("that could not be stored is answered with an error, so that Slack sends it again", async () => {
    const post = aReceiver(async () => {
      throw new Error("the disk is full");
    });
    expect((await post()).status).toBe(500);
  });

  test("is refused from 5 minutes and a second on, in the past and in the future", async () => {
    const post = aReceiver(async () => {});
    const statusAt = async (seconds: number) => (await post(clock.now() + seconds * 1000)).status;
    expect(await Promise.all([-300, 0, 300].map(statusAt))).toEqual([200, 200, 200]);
    expect(await Promise.all([-301, 301].map(statusAt))).toEqual([401, 401]);
  });
});
