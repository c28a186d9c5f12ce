import { expect, onTestFinished, test } from "vitest";
import { createTwilioChannels } from "../../../src/channels/twilio/channel.ts";
import { createTwilioClient } from "../../../src/channels/twilio/client.ts";
import { testClock } from "../../support/clock.ts";
import { ACCOUNT_SID, AUTH_TOKEN, startFakeTwilio } from "../../support/fake-twilio.ts";
import { recorder } from "../../support/recorder.ts";
import { SERVICE_SID } from "../../support/twilio-account.ts";

test.each([
  ["a plain number", { smsFrom: "+12025550100" }],
  ["a Messaging Service, which has not chosen its number yet", { messagingServiceSid: SERVICE_SID }],
])("segments are counted when they are sent from %s", async (_what, sender) => {
  const clock = testClock();
  const twilio = await startFakeTwilio({ now: () => clock.now() });
  const client = createTwilioClient({ accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, apiUrl: twilio.url });
  onTestFinished(async () => {
    await client.close();
    await twilio.close();
  });
  const { counter, counts } = recorder();
  const [sms] = createTwilioChannels({
    ...sender,
    ...{ client, clock, counter, publicUrl: "https://puente.example.org", listButton: () => "Temas" },
  }).channels;
  const part = { deliveryId: 1, attempt: 1, to: "+12025550123", validForMs: 60_000, locale: "es" };
  await sms?.send({ ...part, text: "x".repeat(200) });
  expect(counts.get("segments_sent")).toBe(2);
  expect(twilio.violations).toEqual([]);
});
