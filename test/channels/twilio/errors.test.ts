import { describe, expect, test } from "vitest";
import { createTwilioClient } from "../../../src/channels/twilio/client.ts";
import { classOfCode, toSendError } from "../../../src/channels/twilio/errors.ts";
import { ACCOUNT_SID, AUTH_TOKEN, type Behaviour, startFakeTwilio } from "../../support/fake-twilio.ts";

test.each([
  ["21610", "opted-out"],
  ["63014", "opted-out"],
  ["21211", "person"],
  ["30006", "person"],
  ["63024", "person"],
  ["20003", "configuration"],
  ["21408", "configuration"],
  ["30007", "configuration"],
  ["30034", "configuration"],
  ["20429", "throttled"],
  ["30003", "carrier-transient"],
  ["63018", "carrier-transient"],
  ["21617", "message"],
  ["30036", "message"],
  ["63016", "message"],
  ["99999", "message"],
] as const)("code %s is of the class %s", (code, expected) => {
  expect(classOfCode(code)).toBe(expected);
});

describe("an answer to a create call", () => {
  const errorOf = async (behaviour: Behaviour, authToken = AUTH_TOKEN) => {
    const twilio = await startFakeTwilio();
    const client = createTwilioClient({ accountSid: ACCOUNT_SID, authToken, apiUrl: twilio.url });
    twilio.behave = () => behaviour;
    try {
      await client.messages.create({ to: "+12025550123", from: "+12025550100", body: "x" });
      return undefined;
    } catch (error) {
      const { class: errorClass, code, retryAfterMs } = toSendError(error);
      return { class: errorClass, code, retryAfterMs };
    } finally {
      await client.close();
      await twilio.close();
    }
  };

  test.each<[string, Behaviour, object]>([
    ["400 with a code", { status: 400, code: 21211 }, { class: "person", code: "21211" }],
    ["429", { status: 429, code: 20429 }, { class: "throttled", retryAfterMs: undefined }],
    ["429 with Retry-After", { status: 429, code: 20429, retryAfter: 7 }, { class: "throttled", retryAfterMs: 7000 }],
    ["500", { status: 500, code: 20500 }, { class: "ambiguous", code: "500" }],
    ["503", { status: 503, code: 20503 }, { class: "ambiguous", code: "503" }],
    ["a cut line", "cut", { class: "ambiguous", code: "no-answer" }],
    ["a cut line after it was accepted", "reset", { class: "ambiguous", code: "no-answer" }],
  ])("%s", async (_name, behaviour, expected) => {
    expect(await errorOf(behaviour)).toMatchObject(expected);
  });

  test("401 is a matter of configuration", async () => {
    expect(await errorOf("accept", "wrong")).toMatchObject({ class: "configuration" });
  });
});
