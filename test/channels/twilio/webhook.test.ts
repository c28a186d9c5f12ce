import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { createTwilioRoutes, decodeMessage, decodeReceipt } from "../../../src/channels/twilio/webhook.ts";
import type { InboundMessage, Receipt } from "../../../src/core/ports.ts";
import { createServer } from "../../../src/http/server.ts";
import { AUTH_TOKEN, inboundForm, postSigned } from "../../support/fake-twilio.ts";
import { recorder } from "../../support/recorder.ts";

async function serve(authTokens: readonly string[] = [AUTH_TOKEN]) {
  const accepted: InboundMessage[] = [];
  const receipts: Receipt[] = [];
  const { logger, counter, counts } = recorder();
  // Twilio signs the public address, which is not the one this server listens on.
  const publicUrl = "https://puente.example.org";
  const routes = createTwilioRoutes({
    publicUrl,
    authTokens,
    accept: async (message) => void accepted.push(message),
    receipt: async (receipt) => void receipts.push(receipt),
    buttonsRefused: () => counter.count("refused"),
    counter,
    now: () => 1000,
  });
  const server = await createServer({ routes, logger });
  const url = await server.listen("127.0.0.1", 0);
  onTestFinished(() => server.close());
  const post = (path: string, form: Record<string, string>, options: Parameters<typeof postSigned>[2] = {}) =>
    postSigned(url + path, form, { signedUrl: publicUrl + path, ...options });
  return { url, post, accepted, receipts, counts, server };
}

test("a signed message is accepted and answered with nothing to say", async () => {
  const { url, accepted, post } = await serve();
  const form = inboundForm("tengo miedo de volver", { FromCountry: "US" });
  expect(await post("/twilio/messages", form)).toBe(200);
  expect(accepted).toEqual([
    {
      channel: "sms",
      externalId: form["MessageSid"],
      from: { id: "+12025550123", phone: "+12025550123", country: "US", address: "+12025550123" },
      utterance: { text: "tengo miedo de volver" },
      receivedAt: 1000,
    },
  ]);
  expect(url).toContain("127.0.0.1");
});

test("a wrong, missing or malformed signature is refused and counted, and nothing is accepted", async () => {
  const { url, accepted, counts, post } = await serve();
  const form = inboundForm("hola");
  expect(await post("/twilio/messages", form, { authToken: "another" })).toBe(403);
  expect(await post("/twilio/messages", form, { signature: "" })).toBe(403);
  expect(await post("/twilio/messages", form, { signature: "not base64 !!" })).toBe(403);
  expect(await post("/twilio/messages", form, { signedUrl: `${url}/twilio/messages` })).toBe(403);
  expect(accepted).toEqual([]);
  expect(counts.get("webhook_refused")).toBe(4);
});

test("a field changed after signing is refused", async () => {
  const { server, accepted } = await serve();
  const form = inboundForm("hola");
  const { default: twilio } = await import("twilio");
  const signature = twilio.getExpectedTwilioSignature(AUTH_TOKEN, "https://puente.example.org/twilio/messages", form);
  const answer = await server.inject({
    method: "POST",
    url: "/twilio/messages",
    headers: { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature },
    payload: new URLSearchParams({ ...form, From: "+12025550199" }).toString(),
  });
  expect(answer.statusCode).toBe(403);
  expect(accepted).toEqual([]);
});

test("both tokens are good while they are being rotated", async () => {
  const { post } = await serve(["the-new-token", AUTH_TOKEN]);
  expect(await post("/twilio/messages", inboundForm("hola"))).toBe(200);
  expect(await post("/twilio/messages", inboundForm("hola"), { authToken: "the-new-token" })).toBe(200);
});

test("a tapped button or list row is the number of its choice, and its words come along", () => {
  const pressed = (more: Record<string, string>) => decodeMessage(inboundForm("Ver mis derechos", more), 0)?.utterance;
  const from = { From: "whatsapp:+12025550123" };
  expect(pressed({ ...from, ButtonPayload: "2" })).toEqual({ text: "2", pressed: "Ver mis derechos" });
  expect(pressed({ ...from, ListId: "9" })).toEqual({ text: "9", pressed: "Ver mis derechos" });
  expect(pressed({ ...from, ButtonPayload: "someone-elses" })).toEqual({ text: "Ver mis derechos" });
});

test("a failure for the buttons of a message lets it go out again without them", async () => {
  const { post, receipts, counts } = await serve();
  const form = {
    MessageSid: `SM${"1".repeat(32)}`,
    MessageStatus: "failed",
    ErrorCode: "63013",
    To: "whatsapp:+12025550123",
  };
  await post("/twilio/status?delivery=7&attempt=1&buttons=1", form);
  await post("/twilio/status?delivery=7&attempt=2", form);
  expect(receipts.map(({ error }) => error?.class)).toEqual(["carrier-transient", "message"]);
  expect(counts.get("refused")).toBe(1);
});

test("fields that Twilio adds without notice do no harm", async () => {
  const { post, accepted } = await serve();
  expect(await post("/twilio/messages", inboundForm("hola", { BrandNew: "1", "Odd[]": "x" }))).toBe(200);
  expect(accepted).toHaveLength(1);
});

test("a wrong content type, an oversized body and a form that is no message are refused", async () => {
  const { server, post, counts } = await serve();
  const send = async (type: string, payload: string) =>
    (await server.inject({ method: "POST", url: "/twilio/messages", headers: { "content-type": type }, payload }))
      .statusCode;
  expect(await send("text/plain", "hola")).toBeGreaterThanOrEqual(400);
  expect(await send("application/json", '{"From":"+12025550123"}')).toBe(403);
  expect(await send("application/x-www-form-urlencoded", `Body=${"x".repeat(40_000)}`)).toBe(413);
  expect(await post("/twilio/messages", { Body: "no sid and no sender" })).toBe(400);
  expect(counts.get("webhook_undecodable")).toBe(1);
});

test("WhatsApp is a channel of its own, and a person who hides the number is known by an opaque id", () => {
  const form = inboundForm("hola", { From: "whatsapp:+12025550123" });
  expect(decodeMessage(form, 0)).toMatchObject({
    channel: "whatsapp",
    from: { phone: "+12025550123", address: "whatsapp:+12025550123" },
  });
  const hidden = inboundForm("hola", { From: "whatsapp:US.abc123", ExternalUserId: "US.abc123" });
  expect(decodeMessage(hidden, 0)?.from).toEqual({ id: "US.abc123", address: "whatsapp:US.abc123" });
});

test("voice notes, pictures and locations are told apart", () => {
  const media = (type: string) =>
    decodeMessage(inboundForm("", { NumMedia: "1", MediaContentType0: type }), 0)?.utterance.media;
  expect(media("audio/ogg")).toBe("voice");
  expect(media("image/jpeg")).toBe("image");
  expect(media("text/vcard")).toBe("contact");
  expect(media("image/webp")).toBe("sticker");
  const located = decodeMessage(inboundForm("", { Latitude: "32.54", Longitude: "-117.03" }), 0);
  expect(located?.utterance).toEqual({ text: "", media: "location", location: { lat: 32.54, lon: -117.03 } });
});

test("a STOP that Twilio has answered itself says so", () => {
  expect(decodeMessage(inboundForm("STOP", { OptOutType: "STOP" }), 0)?.answeredByVendor).toBe("stop");
  expect(decodeMessage(inboundForm("x", { OptOutType: "SOMETHING" }), 0)?.answeredByVendor).toBeUndefined();
});

test("a status callback becomes a receipt of the attempt that its address names", async () => {
  const { post, receipts } = await serve();
  const form = { MessageSid: `SM${"1".repeat(32)}`, MessageStatus: "undelivered", ErrorCode: "30005" };
  expect(await post("/twilio/status?delivery=7&attempt=2", form)).toBe(204);
  expect(receipts).toEqual([
    {
      deliveryId: 7,
      attempt: 2,
      externalId: form.MessageSid,
      status: "failed",
      error: { class: "person", code: "30005" },
    },
  ]);
  expect(await post("/twilio/status?delivery=x&attempt=2", form)).toBe(400);
});

test("decoding never throws, whatever the form holds", () => {
  const names = ["MessageSid", "From", "Body", "NumMedia", "MediaContentType0", "Latitude", "Longitude", "OptOutType"];
  const field = fc.oneof(fc.string({ unit: "binary" }), fc.array(fc.string()), fc.constant(undefined), fc.integer());
  const form = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), field);
  fc.assert(
    fc.property(fc.oneof(form, fc.anything()), (anything) => {
      decodeMessage(anything, 0);
      decodeReceipt(anything, anything);
    }),
    { numRuns: 2000 },
  );
});
