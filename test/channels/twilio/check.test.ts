import { expect, onTestFinished, test } from "vitest";
import { createTwilioChecks } from "../../../src/channels/twilio/check.ts";
import { testClock } from "../../support/clock.ts";
import { ACCOUNT_SID, AUTH_TOKEN, type FakeTwilio, startFakeTwilio } from "../../support/fake-twilio.ts";
import { SERVICE_SID } from "../../support/twilio-account.ts";

const SENDERS = { smsFrom: "+12025550100", whatsappFrom: "+12025550100" };

async function setUp(
  senders: { smsFrom?: string; messagingServiceSid?: string; whatsappFrom?: string } = SENDERS,
  authToken = AUTH_TOKEN,
  now = Date.now(),
) {
  const twilio = await startFakeTwilio();
  const settings = { accountSid: ACCOUNT_SID, authTokens: [authToken], publicUrl: "https://puente.example.org" };
  const { checks, close } = createTwilioChecks({ ...settings, ...senders, apiUrl: twilio.url }, testClock(now));
  onTestFinished(async () => {
    expect(twilio.violations).toEqual([]);
    await close();
    await twilio.close();
  });
  const run = async (id: string) => {
    const finding = await checks.find((check) => check.id === `twilio.${id}`)?.run();
    if (finding === undefined) throw new Error(`there is no check ${id}`);
    return finding;
  };
  return { twilio, checks, run };
}

test("good credentials and a clock that agrees", async () => {
  const { run } = await setUp();
  expect(await run("credentials")).toMatchObject({ status: "ok" });
  expect(await run("clock")).toMatchObject({ status: "ok" });
});

test("a wrong token says where to copy it from, and shows neither", async () => {
  const { run } = await setUp(SENDERS, "wrong-token");
  const finding = await run("credentials");
  expect(finding).toMatchObject({ status: "fail", remedy: expect.stringContaining("Account Info") });
  expect(JSON.stringify(finding)).not.toContain("wrong-token");
});

test("a suspended account fails, a trial is a warning", async () => {
  const { twilio, run } = await setUp();
  twilio.account.type = "Trial";
  expect(await run("credentials")).toMatchObject({ status: "warn" });
  twilio.account.status = "suspended";
  expect(await run("credentials")).toMatchObject({ status: "fail" });
});

test("a clock that is off by minutes fails", async () => {
  const { run } = await setUp(SENDERS, AUTH_TOKEN, Date.now() - 5 * 60_000);
  expect(await run("clock")).toMatchObject({ status: "fail", says: expect.stringContaining("behind") });
});

test.each<[string, Parameters<typeof setUp>[0], string, (twilio: FakeTwilio) => unknown]>([
  ["a number", SENDERS, "number", ({ account }) => account.numbers[0]?.["sms_url"]],
  [
    "a Messaging Service",
    { messagingServiceSid: SERVICE_SID },
    "service",
    ({ account }) => account.services[0]?.["inbound_request_url"],
  ],
  ["a WhatsApp sender", SENDERS, "whatsapp", ({ account }) => account.senders[0]?.webhook["callback_url"]],
])("the webhook of %s that points elsewhere is set when somebody says yes", async (_name, senders, id, read) => {
  const { twilio, run } = await setUp(senders);
  const finding = await run(id);
  expect(finding).toMatchObject({ status: "fail", fix: { question: expect.stringMatching(/\?$/) } });
  await finding.fix?.apply();
  expect(read(twilio)).toBe("https://puente.example.org/twilio/messages");
  expect(await run(id)).toMatchObject({ status: "ok" });
});

test("a number and a sender that are not ours fail without an offer", async () => {
  const { run } = await setUp({ smsFrom: "+12025550199", whatsappFrom: "+12025550199" });
  expect((await run("number")).fix).toBeUndefined();
  expect(await run("number")).toMatchObject({ status: "fail" });
  expect(await run("whatsapp")).toMatchObject({ status: "fail" });
});

test("an empty sender pool fails, an unregistered campaign and a country that is off are warnings", async () => {
  const { twilio, run } = await setUp({ messagingServiceSid: SERVICE_SID });
  expect(await run("registration")).toMatchObject({ status: "ok" });
  twilio.account.pool.length = 0;
  Object.assign(twilio.account.services[0] ?? {}, { us_app_to_person_registered: false });
  twilio.account.countries.delete("HN");
  expect(await run("service-numbers")).toMatchObject({ status: "fail" });
  expect(await run("registration")).toMatchObject({ status: "warn" });
  expect(await run("reach-hn")).toMatchObject({ status: "warn", says: expect.stringContaining("21408") });
  expect(await run("reach-gt")).toMatchObject({ status: "ok" });
});

test("the templates are made and submitted on request, and their approval is told", async () => {
  const { twilio, run } = await setUp();
  await (await run("template-es")).fix?.apply();
  expect(twilio.contents[0]).toMatchObject({
    friendly_name: "puente_aviso_es",
    approval: { category: "UTILITY", status: "received" },
  });
  expect(await run("template-es")).toMatchObject({ status: "warn", says: expect.stringContaining("received") });
  const [content] = twilio.contents;
  if (content?.approval) content.approval.status = "approved";
  expect(await run("template-es")).toMatchObject({ status: "ok" });
});

test("without the vendor a check is a finding, not a crash", async () => {
  const { twilio, checks } = await setUp();
  await twilio.close();
  for (const check of checks.slice(0, 3))
    expect(await check.run()).toMatchObject({ status: "fail", says: expect.stringContaining("could not be reached") });
});
