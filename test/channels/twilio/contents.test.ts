import { expect, onTestFinished, test } from "vitest";
import { createTwilioChannels } from "../../../src/channels/twilio/channel.ts";
import { createTwilioClient } from "../../../src/channels/twilio/client.ts";
import { loadTree } from "../../../src/content/load.ts";
import type { OutboundPart } from "../../../src/core/ports.ts";
import { loadLocales } from "../../../src/locale/translate.ts";
import { testClock } from "../../support/clock.ts";
import { ACCOUNT_SID, AUTH_TOKEN, startFakeTwilio } from "../../support/fake-twilio.ts";
import { recorder } from "../../support/recorder.ts";

const TEXT = "Diga:  *tengo miedo de volver*.\n\nElija:\n1 Mis derechos\n2 Entrevista\n0: menu";
const TWO = ["Mis derechos", "Entrevista"];

async function setUp() {
  const clock = testClock();
  const twilio = await startFakeTwilio();
  const client = createTwilioClient({ accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, apiUrl: twilio.url });
  const { counter } = recorder();
  const open = () =>
    createTwilioChannels({
      client,
      publicUrl: "https://puente.example.org",
      whatsappFrom: "+12025550100",
      clock,
      counter,
      listButton: (locale) => (locale === "es" ? "Ver opciones" : "See choices"),
    });
  onTestFinished(async () => {
    await client.close();
    await twilio.close();
  });
  const { channels, buttonsRefused } = open();
  const send = (more: Partial<OutboundPart> = {}, channel = channels[0]) =>
    channel?.send({
      deliveryId: 1,
      attempt: 1,
      to: "whatsapp:+12025550123",
      text: TEXT,
      locale: "es",
      choices: TWO,
      validForMs: 60_000,
      ...more,
    });
  /** The first message of a shape goes out as text, and the shape is made meanwhile; until it is known, so do others. */
  const learn = async (more: Partial<OutboundPart> = {}, channel = channels[0]) => {
    await expect
      .poll(async () => {
        await send(more, channel);
        return twilio.messages.at(-1)?.buttons.length;
      })
      .toBeGreaterThan(0);
    twilio.messages.length = 0;
  };
  return { clock, twilio, send, learn, open, buttonsRefused };
}

test("up to three choices become buttons, with the numbered text all the same", async () => {
  const { twilio, send, learn } = await setUp();
  await learn();
  await send();
  expect(twilio.messages[0]).toMatchObject({
    body: TEXT.replace("  ", " "),
    buttons: [
      { title: "Mis derechos", id: "1" },
      { title: "Entrevista", id: "2" },
    ],
    statusCallback: "https://puente.example.org/twilio/status?delivery=1&attempt=1&buttons=1",
  });
  expect(twilio.violations).toEqual([]);
});

test("four to ten choices become a list, opened in the person's language", async () => {
  const { twilio, send, learn } = await setUp();
  const nine = Array.from({ length: 9 }, (_, index) => `Tema ${index + 1}`);
  await learn({ choices: nine });
  await send({ choices: nine });
  expect(twilio.messages[0]?.buttons.map(({ id }) => id)).toEqual(nine.map((_, index) => String(index + 1)));
  expect(Object.keys(twilio.contents[0]?.types ?? {})).toEqual(["twilio/list-picker"]);
  expect(twilio.violations).toEqual([]);
});

test("a shape holds no words, so that no resource tells which answer was sent, and is made once", async () => {
  const { twilio, send, learn, open } = await setUp();
  await learn();
  expect(JSON.stringify(twilio.contents)).not.toMatch(/miedo|derechos|Elija/);
  await send({ text: TEXT.replace("Diga", "Escriba"), choices: ["Otra cosa", "Nada"] });
  expect(twilio.messages[0]?.buttons[0]?.title).toBe("Otra cosa");
  // After a restart it is found again.
  await learn({}, open().channels[0]);
  expect(twilio.contents).toHaveLength(1);
});

test.each([
  ["a label over WhatsApp's limit", ["Una etiqueta que es demasiado larga", "b"]],
  ["two labels alike", ["igual", "igual"]],
  ["more than ten choices", Array.from({ length: 11 }, (_, index) => `Tema ${index}`)],
])("%s goes out as numbered text", async (_name, choices) => {
  const { twilio, send } = await setUp();
  await send({ choices });
  await send({ choices });
  expect(twilio.messages.map(({ body, buttons }) => [body, buttons.length])).toEqual([
    [TEXT, 0],
    [TEXT, 0],
  ]);
  expect(twilio.contents).toEqual([]);
});

test("when Twilio refuses the buttons the same call goes out as text, and no buttons are tried for an hour", async () => {
  const { clock, twilio, send, learn } = await setUp();
  await learn();
  twilio.behave = (form) => (form.has("ContentSid") ? { status: 400, code: 63013 } : "accept");
  await send();
  await send();
  expect(twilio.messages.map(({ body }) => body)).toEqual([TEXT, TEXT]);
  twilio.behave = () => "accept";
  clock.advance(61 * 60_000);
  await send();
  expect(twilio.messages.at(-1)?.buttons).toHaveLength(2);
});

test("a second try has no buttons, and after a refusal nobody gets any for a while", async () => {
  const { twilio, send, learn, buttonsRefused } = await setUp();
  await learn();
  await send({ attempt: 2 });
  buttonsRefused();
  await send();
  expect(twilio.messages.map(({ buttons }) => buttons.length)).toEqual([0, 0]);
});

test("a message with buttons of unknown fate is found by its words", async () => {
  const { twilio, send, learn, open } = await setUp();
  await learn();
  await send();
  const [channel] = open().channels;
  const part = { deliveryId: 1, attempt: 1, to: "whatsapp:+12025550123", text: TEXT, locale: "es", choices: TWO };
  const found = await channel?.find?.({ ...part, validForMs: 1 }, Date.now(), new Set());
  expect(found?.externalId).toBe(twilio.messages[0]?.sid);
});

test("every label that Puente can offer fits a button", async () => {
  const tree = await loadTree("content", "checked");
  const { translate } = await loadLocales("locales");
  const keys = ["helpDanger", "helpMenu", "helpPerson", "stopUndo", "deleteConfirm"].map((key) => `command.${key}`);
  const steps = ["port-of-entry", "parole-and-detention", "credible-fear"].map((id) => `reply.step.${id}`);
  const labels = tree.locales.flatMap((locale) => [
    ...[...keys, ...steps, "menu.next", "menu.choose"].map((key) => translate(locale, key)),
    ...[...tree.topics.values()].map(({ texts }) => texts[locale]?.label ?? ""),
    ...tree.sections.map(({ title }) => title[locale] ?? ""),
  ]);
  expect(labels.filter((label) => label.length === 0 || label.length > 20)).toEqual([]);
});
