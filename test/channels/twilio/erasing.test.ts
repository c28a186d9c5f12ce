import { expect, onTestFinished, test } from "vitest";
import { openTwilio, type TwilioSettings } from "../../../src/channels/twilio/open.ts";
import type { InboundMessage } from "../../../src/core/ports.ts";
import { createReceipts } from "../../../src/delivery/receipts.ts";
import { createServer } from "../../../src/http/server.ts";
import { testClock } from "../../support/clock.ts";
import { ACCOUNT_SID, AUTH_TOKEN, startFakeTwilio } from "../../support/fake-twilio.ts";
import { recorder } from "../../support/recorder.ts";
import { anInbound, memoryStores } from "../../support/stores.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Twilio with its routes, jobs and real stores. Messages that come in are accepted and not answered. */
async function setUp(settings: Partial<TwilioSettings> = {}) {
  const clock = testClock(Date.now());
  const stores = await memoryStores(clock);
  const fake = await startFakeTwilio({ now: () => clock.now() });
  const { logger, counter, counts } = recorder();
  const publicUrl = "https://puente.example.org";
  const accept = async (message: InboundMessage) => ((await stores.inbox.accept(message)) ? "accepted" : "repeated");
  const twilio = openTwilio({
    settings: {
      accountSid: ACCOUNT_SID,
      authTokens: [AUTH_TOKEN],
      publicUrl,
      smsFrom: "+12025550100",
      whatsappFrom: "+12025550100",
      apiUrl: fake.url,
      erase: "redact",
      discardContent: false,
      ...settings,
    },
    stores,
    accept,
    receipt: createReceipts({ stores, clock, counter, checkpoint: async () => {} }).take,
    clock,
    counter,
    logger,
    listButton: () => "Ver",
  });
  const server = await createServer({ routes: [...twilio.routes], logger });
  const url = await server.listen("127.0.0.1", 0);
  onTestFinished(async () => {
    await server.close();
    await twilio.close();
    await fake.close();
  });
  /** A text from a phone whose webhook arrives; the signature is over the public address. */
  const arrive = async (text: string, options: Parameters<typeof fake.inbound>[1] = {}) => {
    const { sid } = await fake.inbound(text, options);
    const message = fake.stored.get(sid);
    const { postSigned, inboundForm } = await import("../../support/fake-twilio.ts");
    const media = options.media ?? [];
    await postSigned(
      `${url}/twilio/messages`,
      inboundForm(text, { MessageSid: sid, NumMedia: String(media.length), From: message?.from ?? "" }),
      { signedUrl: `${publicUrl}/twilio/messages` },
    );
    return sid;
  };
  /** A reply that was handed to Twilio. */
  const reply = async (text = "Una respuesta.") => {
    const accepted = await stores.inbox.accept(anInbound({ receivedAt: clock.now() }));
    const contactId = accepted?.contactId ?? 0;
    const notBefore = clock.now();
    const one = { kind: "reply", groupId: text, part: 1, parts: 1, text, locale: "es", notBefore } as const;
    await stores.deliveries.enqueue([{ ...one, contactId }]);
    const [claimed] = await stores.deliveries.claim(1, 30_000);
    if (claimed === undefined) throw new Error("nothing to send");
    const { deliveryId, attempt } = claimed;
    const part = { deliveryId, attempt, to: "+12025550123", text, locale: "es", validForMs: MINUTE };
    const sent = await twilio.channels[0]?.send(part);
    await stores.deliveries.settle(deliveryId, attempt, { status: "sent", externalId: sent?.externalId ?? "" });
    const message = fake.messages.at(-1);
    if (message === undefined) throw new Error("nothing was sent");
    return { message, contactId, deliveryId };
  };
  const receipt = async (message: Awaited<ReturnType<typeof reply>>["message"], status: string) => {
    const { postSigned } = await import("../../support/fake-twilio.ts");
    const path = message.statusCallback?.replace(publicUrl, "") ?? "";
    message.status = status;
    const form = { MessageSid: message.sid, MessageStatus: status, To: message.to, From: message.from };
    return postSigned(url + path, form, { signedUrl: publicUrl + path });
  };
  return { clock, stores, fake, twilio, counts, arrive, reply, receipt };
}

test("a delivered reply is redacted at Twilio, and what it cost is counted", async () => {
  const { clock, stores, fake, twilio, reply, receipt } = await setUp();
  const { message } = await reply();
  expect(await receipt(message, "delivered")).toBe(204);
  await twilio.erase();
  expect(message.body).toBe("Una respuesta.");
  clock.advance(MINUTE);
  expect(await twilio.erase()).toBe(1);
  expect(message.body).toBe("");
  expect(await stores.costs.since("2000-01-01")).toEqual([
    { channel: "sms", direction: "out", currency: "USD", messages: 1, segments: 1, micros: 8300 },
  ]);
  expect(fake.violations).toEqual([]);
});

test("a message is erased once, however often its receipt is repeated", async () => {
  const { clock, fake, twilio, reply, receipt } = await setUp();
  const { message } = await reply();
  for (const status of ["delivered", "delivered", "read"]) await receipt(message, status);
  clock.advance(MINUTE);
  await twilio.erase();
  await receipt(message, "read");
  clock.advance(HOUR);
  await twilio.erase();
  expect(fake.calls.filter((call) => call === "UpdateMessage")).toHaveLength(1);
});

test("while Twilio refuses because delivery is not complete, it is tried again, ever further apart", async () => {
  const { clock, fake, twilio, reply, receipt } = await setUp();
  const { message } = await reply();
  await receipt(message, "delivered");
  message.status = "sent";
  for (let minute = 0; minute < 30; minute += 1) {
    clock.advance(MINUTE);
    await twilio.erase();
  }
  expect(fake.calls.filter((call) => call === "UpdateMessage")).toHaveLength(5);
  message.status = "delivered";
  clock.advance(HOUR);
  await twilio.erase();
  expect(message.body).toBe("");
});

test("what people write is redacted too, and their recordings are deleted", async () => {
  const { clock, fake, twilio, arrive } = await setUp();
  const sid = await arrive("tengo miedo", { from: "whatsapp:+12025550123", media: ["audio/ogg"] });
  expect(fake.stored.get(sid)?.media).toHaveLength(1);
  clock.advance(MINUTE);
  await twilio.erase();
  expect(fake.stored.get(sid)).toMatchObject({ body: "", media: [] });
});

test("with delete nothing of the message stays at Twilio", async () => {
  const { clock, fake, twilio, arrive, reply, receipt } = await setUp({ erase: "delete" });
  const sid = await arrive("tengo miedo");
  const { message } = await reply();
  await receipt(message, "failed");
  clock.advance(MINUTE);
  await twilio.erase();
  expect(fake.stored.has(sid)).toBe(false);
  expect(fake.stored.has(message.sid)).toBe(false);
  // Somebody deleted it by hand in between: then it is done, too.
  clock.advance(HOUR);
  expect(await twilio.erase()).toBe(0);
});

test("with off nothing is touched", async () => {
  const { clock, fake, twilio, arrive } = await setUp({ erase: "off" });
  await arrive("tengo miedo");
  clock.advance(HOUR);
  await twilio.erase();
  expect(fake.calls).toEqual([]);
});

test("a message of which no final word ever comes is erased after a day", async () => {
  const { clock, twilio, reply } = await setUp();
  const { message } = await reply();
  message.status = "delivered";
  clock.advance(23 * HOUR);
  await twilio.erase();
  expect(message.body).not.toBe("");
  clock.advance(2 * HOUR);
  await twilio.erase();
  expect(message.body).toBe("");
});

test("an erased person's messages are erased at Twilio as well, though no row leads to them any more", async () => {
  const { clock, stores, twilio, reply } = await setUp();
  const { message, contactId } = await reply();
  message.status = "delivered";
  await stores.contacts.erase(contactId);
  clock.advance(MINUTE);
  await twilio.erase();
  expect(message.body).toBe("");
});

test("Twilio failing loses no job", async () => {
  const { clock, stores, fake, twilio, reply, receipt } = await setUp();
  const { message } = await reply();
  await receipt(message, "delivered");
  clock.advance(MINUTE);
  fake.stored.delete(message.sid);
  await twilio.erase();
  expect(await stores.vendorErasures.claim(["sms"], 10, 1)).toEqual([]);
});

test("where the account can, Twilio is asked not to keep the text at all", async () => {
  const { fake, reply } = await setUp({ discardContent: true });
  await reply();
  expect(fake.messages[0]?.body).toBe("");
  expect(fake.violations).toEqual([]);
});
