import { resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createTwilioChannels } from "../../../src/channels/twilio/channel.ts";
import { createTwilioClient } from "../../../src/channels/twilio/client.ts";
import { templateChecks } from "../../../src/channels/twilio/templates.ts";
import { loadLocales } from "../../../src/locale/translate.ts";
import { testClock } from "../../support/clock.ts";
import { ACCOUNT_SID, AUTH_TOKEN, startFakeTwilio } from "../../support/fake-twilio.ts";
import { recorder } from "../../support/recorder.ts";

const { locales, translate } = await loadLocales(resolve(import.meta.dirname, "../../../locales"));
const NAME = "Example shelter";

test("what a broadcast's preview shows is what the approved template says, word for word, in every language", async () => {
  const clock = testClock();
  const twilio = await startFakeTwilio();
  const client = createTwilioClient({ accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, apiUrl: twilio.url });
  onTestFinished(async () => {
    await client.close();
    await twilio.close();
  });
  for (const check of templateChecks(client)) await (await check.run()).fix?.apply();
  const sids = Object.fromEntries(twilio.contents.map(({ language, sid }) => [language, sid]));
  expect(new Set(Object.keys(sids))).toEqual(new Set(locales));
  const { channels } = createTwilioChannels({
    ...{ client, clock, counter: recorder().counter, listButton: () => "Ver" },
    publicUrl: "https://puente.example.org",
    whatsappFrom: "+12025550100",
    templates: { sids, name: NAME },
  });
  const [channel] = channels;
  const part = { deliveryId: 1, attempt: 1, to: "whatsapp:+12025550123", validForMs: 60_000, template: true as const };
  for (const locale of locales) {
    const text = translate(locale, "updates.template", { name: NAME });
    const sent = await channel?.send({ ...part, text, locale });
    expect(twilio.messages.at(-1)?.said).toBe(text);
    // After a crash it is found again, and not sent a second time.
    const found = await channel?.find?.({ ...part, text, locale }, clock.now(), new Set());
    expect(found?.externalId).toBe(sent?.externalId);
  }
  await expect(channel?.send({ ...part, text: "x", locale: "pt" })).rejects.toMatchObject({
    class: "message",
    code: "63016",
  });
  expect(twilio.violations).toEqual([]);
});
