import { expect, onTestFinished, test } from "vitest";
import { createTwilioChannels } from "../../src/channels/twilio/channel.ts";
import { createTwilioClient } from "../../src/channels/twilio/client.ts";
import type { Receipt, Spool } from "../../src/core/ports.ts";
import type { NewDelivery } from "../../src/core/stores.ts";
import { createDelivery } from "../../src/delivery/deliver.ts";
import { createReceipts } from "../../src/delivery/receipts.ts";
import { loadLocales } from "../../src/locale/translate.ts";
import { testClock } from "../support/clock.ts";
import { ACCOUNT_SID, AUTH_TOKEN, startFakeTwilio } from "../support/fake-twilio.ts";
import { freePort } from "../support/free-port.ts";
import { recorder } from "../support/recorder.ts";
import { anInbound, memoryStores } from "../support/stores.ts";

const MINUTE = 60_000;
const { translate } = await loadLocales("locales");

/** The real stores, the real SDK and a stand-in for Twilio, with one contact to write to. */
async function setUp() {
  // The stand-in stamps its messages with the system's time, as Twilio does.
  const clock = testClock(Date.now());
  const stores = await memoryStores(clock);
  const port = await freePort();
  const twilio = await startFakeTwilio({ port });
  const client = createTwilioClient({ accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, apiUrl: twilio.url });
  onTestFinished(async () => {
    await client.close();
    await twilio.close();
  });
  const { logger, counter, counts, lines } = recorder();
  const [channel] = createTwilioChannels({
    client,
    publicUrl: "http://127.0.0.1:1",
    smsFrom: "+12025550100",
    clock,
    counter,
    listButton: () => "Ver opciones",
  }).channels;
  if (channel === undefined) throw new Error("no channel");
  const delivery = createDelivery({
    stores,
    channels: new Map([["sms", channel]]),
    clock,
    logger,
    counter,
    translate,
    timeZone: "America/Tijuana",
    checkpoint: async () => {},
    random: () => 0.5,
  });
  const receipts = createReceipts({ stores, clock, counter, checkpoint: async () => {} });
  const accepted = await stores.inbox.accept(anInbound({ receivedAt: clock.now() }));
  if (accepted === undefined) throw new Error("not accepted");
  const { contactId, inboxId } = accepted;
  await stores.inbox.finish(inboxId);
  const aReply = (more: Partial<NewDelivery> = {}): NewDelivery => ({
    kind: "reply",
    contactId,
    groupId: "g1",
    part: 1,
    parts: 1,
    text: "Una respuesta.",
    locale: "es",
    notBefore: clock.now(),
    askedAt: clock.now(),
    ...more,
  });
  const bodies = () => twilio.messages.map(({ body }) => body);
  return { clock, stores, twilio, port, delivery, receipts, contactId, aReply, bodies, counts, lines };
}

test("a queued reply goes out once, through the SDK, with a callback that names the attempt and 30 minutes to live", async () => {
  const { stores, twilio, delivery, aReply } = await setUp();
  const [deliveryId] = await stores.deliveries.enqueue([aReply()]);
  await delivery.run();
  await delivery.run();
  expect(twilio.messages).toHaveLength(1);
  expect(twilio.messages[0]).toMatchObject({
    to: "+12025550123",
    from: "+12025550100",
    body: "Una respuesta.",
    validityPeriod: 1800,
    statusCallback: `http://127.0.0.1:1/twilio/status?delivery=${deliveryId}&attempt=1`,
  });
});

test("the parts of a reply arrive in order", async () => {
  const { stores, delivery, aReply, bodies } = await setUp();
  const parts = ["uno", "dos", "tres"].map((text, index) => aReply({ text, part: index + 1, parts: 3 }));
  await stores.deliveries.enqueue(parts.toReversed());
  await delivery.run();
  expect(bodies()).toEqual(["uno", "dos", "tres"]);
});

test("a reply 10 to 30 minutes late begins with the time of the question", async () => {
  const { clock, stores, delivery, aReply, bodies } = await setUp();
  await stores.deliveries.enqueue([aReply()]);
  clock.advance(11 * MINUTE);
  await delivery.run();
  expect(bodies()[0]).toMatch(/^A su pregunta de las \d{1,2}:\d{2}:\nUna respuesta\.$/);
});

test("after 30 minutes only one line goes out, for the phone may be in other hands", async () => {
  const { clock, stores, delivery, aReply, bodies } = await setUp();
  await stores.deliveries.enqueue([aReply({ parts: 2 }), aReply({ part: 2, parts: 2, text: "Y más." })]);
  clock.advance(31 * MINUTE);
  await delivery.run();
  clock.advance(MINUTE);
  await delivery.run();
  expect(bodies()).toEqual([translate("es", "late.tooLate")]);
});

test("what is never sent is counted by its reason", async () => {
  const { clock, stores, delivery, aReply, bodies, counts } = await setUp();
  await stores.deliveries.enqueue([aReply({ kind: "broadcast", expiresAt: clock.now() - 1 })]);
  await delivery.run();
  expect(bodies()).toEqual([]);
  expect(counts.get("delivery_skipped")).toBe(1);
});

test("throttling is waited out as long as Twilio says, and then the reply goes out once", async () => {
  const { clock, stores, twilio, delivery, aReply, bodies } = await setUp();
  twilio.behave = (_form, call) => (call === 1 ? { status: 429, code: 20429, retryAfter: 5 } : "accept");
  await stores.deliveries.enqueue([aReply()]);
  await delivery.run();
  clock.advance(4_900);
  await delivery.run();
  expect(bodies()).toEqual([]);
  clock.advance(200);
  await delivery.run();
  expect(bodies()).toEqual(["Una respuesta."]);
});

test("an answer lost on the way is found at Twilio and not sent again", async () => {
  const { clock, stores, twilio, port, delivery, aReply, bodies, counts } = await setUp();
  twilio.behave = () => "lost-answer";
  await stores.deliveries.enqueue([aReply()]);
  const sending = delivery.run();
  await expect.poll(() => bodies().length).toBe(1);
  await twilio.close();
  await sending;
  const again = await startFakeTwilio({ port });
  onTestFinished(() => again.close());
  for (const message of twilio.messages) again.stored.set(message.sid, message);
  await delivery.run();
  clock.advance(2 * MINUTE);
  await delivery.run();
  expect(again.messages).toEqual([]);
  expect(counts.get("delivery_found")).toBe(1);
});

test("a reply that Twilio surely does not have is sent again, and counted", async () => {
  const { clock, stores, twilio, delivery, aReply, bodies, counts } = await setUp();
  twilio.behave = (_form, call) => (call === 1 ? { status: 503, code: 20503 } : "accept");
  await stores.deliveries.enqueue([aReply()]);
  await delivery.run();
  await delivery.run();
  expect(bodies()).toEqual([]);
  clock.advance(MINUTE);
  await delivery.run();
  expect(bodies()).toEqual(["Una respuesta."]);
  expect(counts.get("delivery_resent")).toBe(1);
});

test("a broadcast whose fate nobody knows is never sent again", async () => {
  const { clock, stores, twilio, delivery, aReply, bodies } = await setUp();
  twilio.behave = () => ({ status: 503, code: 20503 });
  await stores.deliveries.enqueue([aReply({ kind: "broadcast" })]);
  for (let minute = 0; minute < 5; minute += 1) {
    await delivery.run();
    clock.advance(MINUTE);
  }
  twilio.behave = () => "accept";
  await delivery.run();
  expect(bodies()).toEqual([]);
});

test("a person who told the vendor to stop is opted out, and gets nothing that was not asked for", async () => {
  const { stores, twilio, delivery, aReply, bodies, contactId } = await setUp();
  twilio.behave = () => ({ status: 400, code: 21610 });
  await stores.deliveries.enqueue([aReply()]);
  await delivery.run();
  expect(await stores.contacts.view(contactId)).toMatchObject({ optedOut: true });
  twilio.behave = () => "accept";
  await stores.deliveries.enqueue([aReply({ kind: "notice", groupId: "g2" })]);
  await delivery.run();
  expect(bodies()).toEqual([]);
});

test("someone who said STOP still gets the answer to a later question", async () => {
  const { stores, delivery, aReply, bodies, contactId } = await setUp();
  await stores.contacts.optOut(contactId, "person");
  await stores.deliveries.enqueue([aReply(), aReply({ kind: "broadcast", groupId: "g2", text: "Un aviso." })]);
  await delivery.run();
  expect(bodies()).toEqual(["Una respuesta."]);
});

test("a receipt that says 21610 is an opt-out, whichever order receipts come in", async () => {
  const { stores, delivery, receipts, aReply, contactId } = await setUp();
  const [deliveryId = 0] = await stores.deliveries.enqueue([aReply()]);
  await delivery.run();
  await receipts.take({ deliveryId, attempt: 1, status: "failed", error: { class: "opted-out", code: "21610" } });
  await receipts.take({ deliveryId, attempt: 1, status: "sent" });
  expect(await stores.contacts.view(contactId)).toMatchObject({ optedOut: true });
});

test("a receipt that comes while the database is down is kept, and applied when it is back", async () => {
  const { clock, stores, delivery, aReply, contactId } = await setUp();
  const kept: Receipt[] = [];
  const spool: Spool<Receipt> = {
    put: async (receipt) => void kept.push(receipt),
    async replay(apply) {
      for (const receipt of kept) await apply(receipt);
      return kept.splice(0).length;
    },
  };
  const { counter, counts } = recorder();
  const receipts = createReceipts({ stores, clock, counter, checkpoint: async () => {}, spool });
  const [deliveryId = 0] = await stores.deliveries.enqueue([aReply()]);
  await delivery.run();
  const { transaction } = stores;
  stores.transaction = () => Promise.reject(new Error("the database is gone"));
  await receipts.take({ deliveryId, attempt: 1, status: "failed", error: { class: "opted-out", code: "21610" } });
  await expect(receipts.resume()).rejects.toThrow();
  expect(counts.get("receipt_spooled")).toBe(1);
  stores.transaction = transaction;
  await receipts.resume();
  expect(await stores.contacts.view(contactId)).toMatchObject({ optedOut: true });
});

test("what the carrier lost is tried a few times, far apart", async () => {
  const { clock, stores, delivery, receipts, aReply, bodies } = await setUp();
  const [deliveryId = 0] = await stores.deliveries.enqueue([aReply()]);
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await delivery.run();
    await receipts.take({
      deliveryId,
      attempt,
      status: "failed",
      error: { class: "carrier-transient", code: "30003" },
    });
    await delivery.run();
    clock.advance(4 * MINUTE);
  }
  expect(bodies()).toHaveLength(3);
});

test("neither the number nor the text is in a log line when a send fails", async () => {
  const { stores, twilio, delivery, aReply, lines } = await setUp();
  twilio.behave = () => ({ status: 400, code: 21211 });
  await stores.deliveries.enqueue([aReply()]);
  await delivery.run();
  expect(lines.join()).toContain("21211");
  expect(lines.join()).not.toMatch(/2025550123|Una respuesta/);
});
