import { afterEach, beforeEach, expect, test } from "vitest";
import { type DiscordApp, SECOND, startDiscordApp } from "../support/discord-app.ts";
import type { FakeDiscord } from "../support/fake-discord.ts";
import { STRANGER, VOLUNTEER } from "../support/fake-discord-people.ts";
import { until } from "../support/until.ts";

const WHAT_TO_SAY = "what do i say to the officer to ask for asylum";

let service: DiscordApp;
let discord: FakeDiscord;

beforeEach(async () => {
  service = await startDiscordApp();
  discord = service.discord;
  await discord.until(() => discord.gateway.connected === 1, "the gateway");
});
afterEach(() => service.stop());

const calls = (status: number) =>
  discord.requests.filter((one) => one.status === status && /^channels\/\d+\/messages$/.test(one.path));

test("what Discord asks to wait for is not tried before, and is sent once", async () => {
  discord.fail(/^POST channels\/\d+\/messages$/, { retryAfter: 3 });
  discord.directMessage(STRANGER, WHAT_TO_SAY);
  await until(() => expect(discord.said(STRANGER)).toHaveLength(2));
  await service.idle();
  const [[refused, ...again], sent] = [calls(429), calls(200)];
  expect(again).toEqual([]);
  expect(sent).toHaveLength(2);
  expect((sent[0]?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(3_000);
});

test("the limit of all calls together holds up deliveries, not answers to commands", async () => {
  discord.fail(/^POST channels\/\d+\/messages$/, { retryAfter: 10, global: true });
  discord.directMessage(VOLUNTEER, WHAT_TO_SAY);
  await until(() => expect(calls(429)).toHaveLength(1));
  await discord.slash("asylum", { question: WHAT_TO_SAY });
  expect(discord.said(VOLUNTEER)).toEqual([]);
  await until(() => expect(discord.said(VOLUNTEER)).toHaveLength(2));
  expect(calls(429)).toHaveLength(1);
});

test("a token that is taken back is not tried again and again", async () => {
  discord.tokenValid = false;
  for (const user of [STRANGER, VOLUNTEER, SECOND]) discord.directMessage(user, "what is a credible fear interview?");
  // All three are tried, and put off.
  const putOff = () => service.lines.filter((line) => line.includes('"class":"configuration"'));
  await until(() => expect(putOff().length).toBeGreaterThanOrEqual(3));
  // 10,000 in 10 minutes lock the address out.
  expect(discord.requests.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(10);
  expect(service.lines.join()).not.toContain(STRANGER);
});
