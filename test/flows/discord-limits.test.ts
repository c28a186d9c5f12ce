import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type DiscordApp, SECOND, startDiscordApp } from "../support/discord-app.ts";
import type { FakeDiscord } from "../support/fake-discord.ts";
import { STRANGER, VOLUNTEER } from "../support/fake-discord-people.ts";

const WHAT_TO_SAY = "what do i say to the officer to ask for asylum";
const until = <T>(look: () => T) => vi.waitFor(look, { timeout: 30_000, interval: 20 });

let service: DiscordApp;
let discord: FakeDiscord;

beforeAll(async () => {
  service = await startDiscordApp();
  discord = service.discord;
  await discord.until(() => discord.gateway.connected === 1, "the gateway");
}, 60_000);
afterAll(() => service.stop());

const calls = (status: number) =>
  discord.requests.filter((one) => one.status === status && /^channels\/\d+\/messages$/.test(one.path));

test("what Discord asks to wait for is not tried before, and is sent once", async () => {
  discord.fail(/^POST channels\/\d+\/messages$/, { retryAfter: 3 });
  discord.directMessage(STRANGER, WHAT_TO_SAY);
  await until(() => expect(calls(429)).toHaveLength(1));
  const refusedAt = performance.now();
  await until(() => expect(discord.said(STRANGER)).toHaveLength(2));
  expect(performance.now() - refusedAt).toBeGreaterThan(2_900);
  expect(calls(429)).toHaveLength(1);
  expect(calls(200)).toHaveLength(2);
}, 60_000);

test("the limit of all calls together holds up deliveries, not answers to commands", async () => {
  discord.fail(/^POST channels\/\d+\/messages$/, { retryAfter: 3, global: true });
  const before = calls(429).length;
  discord.directMessage(VOLUNTEER, WHAT_TO_SAY);
  await until(() => expect(calls(429)).toHaveLength(before + 1));
  const { callback } = await discord.slash("asylum", { question: WHAT_TO_SAY });
  expect(callback).toBeDefined();
  await until(() => expect(discord.said(VOLUNTEER)).toHaveLength(2));
  expect(calls(429)).toHaveLength(before + 1);
}, 60_000);

test("a token that is taken back is not tried again and again", async () => {
  discord.tokenValid = false;
  for (const user of [STRANGER, VOLUNTEER, SECOND]) discord.directMessage(user, "what is a credible fear interview?");
  await until(() => expect(discord.requests.filter(({ status }) => status === 401)).not.toEqual([]));
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  // 10,000 in 10 minutes lock the address out.
  expect(discord.requests.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(10);
  expect(service.lines.join()).not.toContain(STRANGER);
}, 60_000);
