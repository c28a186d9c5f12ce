import { expect, onTestFinished, test } from "vitest";
import { createTwilioClient } from "../../../src/channels/twilio/client.ts";
import { createMissedSweep } from "../../../src/channels/twilio/missed.ts";
import type { InboundMessage } from "../../../src/core/ports.ts";
import { testClock } from "../../support/clock.ts";
import { ACCOUNT_SID, AUTH_TOKEN, startFakeTwilio } from "../../support/fake-twilio.ts";
import { recorder } from "../../support/recorder.ts";
import { memoryStores } from "../../support/stores.ts";
import { SERVICE_SID } from "../../support/twilio-account.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

async function setUp(sender: { messagingServiceSid?: string; smsFrom?: string } = { smsFrom: "+12025550100" }) {
  const clock = testClock();
  const stores = await memoryStores(clock);
  const twilio = await startFakeTwilio({ now: () => clock.now() });
  const client = createTwilioClient({ accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, apiUrl: twilio.url });
  onTestFinished(async () => {
    await client.close();
    await twilio.close();
  });
  const { logger, counter, counts } = recorder();
  const accepted: InboundMessage[] = [];
  const accept = async (message: InboundMessage) => {
    const isNew = (await stores.inbox.accept(message)) !== undefined;
    if (isNew) accepted.push(message);
    return isNew ? "accepted" : "repeated";
  };
  const sweep = createMissedSweep({
    ...sender,
    whatsappFrom: "+12025550100",
    client,
    inbox: stores.inbox,
    accept,
    stillThere: () => {},
    clock,
    counter,
    logger,
  });
  return { clock, stores, twilio, sweep, accept, accepted, counts };
}

test("a message that no webhook brought is accepted, with the time it was written", async () => {
  const { clock, twilio, sweep, accepted, counts } = await setUp();
  const { sid } = await twilio.inbound("me estan regresando");
  const at = clock.now();
  clock.advance(5 * MINUTE);
  expect(await sweep()).toBe(1);
  expect(accepted).toEqual([
    {
      channel: "sms",
      externalId: sid,
      from: { id: "+12025550123", phone: "+12025550123", country: "US", address: "+12025550123" },
      utterance: { text: "me estan regresando" },
      receivedAt: at,
    },
  ]);
  expect(await sweep()).toBe(0);
  expect(counts.get("message_missed")).toBe(1);
  expect(twilio.violations).toEqual([]);
});

test("in the order they were written, also on WhatsApp, and through a Messaging Service's numbers", async () => {
  const { clock, twilio, sweep, accepted } = await setUp({ messagingServiceSid: SERVICE_SID });
  for (const text of ["uno", "dos", "tres"]) {
    await twilio.inbound(text);
    clock.advance(1000);
  }
  await twilio.inbound("por whatsapp", { from: "whatsapp:+12025550123", to: "whatsapp:+12025550100" });
  clock.advance(5 * MINUTE);
  expect(await sweep()).toBe(4);
  expect(accepted.map(({ utterance }) => utterance.text)).toEqual(["uno", "dos", "tres", "por whatsapp"]);
  expect(accepted.at(-1)?.channel).toBe("whatsapp");
});

test("more messages than fit a page are all found", async () => {
  const { clock, twilio, sweep } = await setUp();
  for (let index = 0; index < 1203; index += 1) await twilio.inbound(`mensaje ${index}`);
  clock.advance(5 * MINUTE);
  expect(await sweep()).toBe(1203);
});

test("none twice: not one whose webhook came, not one that is only a minute old, not one of yesterday", async () => {
  const { clock, twilio, sweep, accept } = await setUp();
  await twilio.inbound("de ayer");
  clock.advance(25 * HOUR);
  const { sid } = await twilio.inbound("con webhook");
  const sender = { id: "+12025550123", phone: "+12025550123", address: "+12025550123" };
  await accept({
    channel: "sms",
    externalId: sid,
    from: sender,
    utterance: { text: "con webhook" },
    receivedAt: clock.now(),
  });
  clock.advance(5 * MINUTE);
  await twilio.inbound("ahora mismo");
  expect(await sweep()).toBe(0);
});

test("none of a person who has erased everything since, and none that was redacted", async () => {
  const { clock, stores, twilio, sweep, accept } = await setUp();
  const { sid } = await twilio.inbound("antes de borrar");
  clock.advance(MINUTE);
  const from = { id: "+12025550123", phone: "+12025550123", address: "+12025550123" };
  const first = { channel: "sms" as const, externalId: `SM${"9".repeat(32)}`, from, receivedAt: clock.now() };
  await accept({ ...first, utterance: { text: "BORRAR" } });
  await stores.contacts.eraseByPhone("+12025550123");
  clock.advance(5 * MINUTE);
  expect(await sweep()).toBe(0);
  const other = await twilio.inbound("otra", { from: "+12025550124" });
  const kept = twilio.stored.get(other.sid);
  if (kept !== undefined) kept.body = "";
  clock.advance(5 * MINUTE);
  expect(await sweep()).toBe(0);
  expect(twilio.stored.has(sid)).toBe(true);
});
