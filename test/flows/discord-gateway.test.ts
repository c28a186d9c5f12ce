import { randomBytes } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { emptyDatabase } from "../support/databases.ts";
import { startDiscordApp } from "../support/discord-app.ts";
import { textsOf } from "../support/discord-components.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord.ts";
import { STRANGER } from "../support/fake-discord-people.ts";
import { SIGNING_SECRET, BOT_TOKEN as SLACK_BOT_TOKEN, startFakeSlack } from "../support/fake-slack.ts";
import { until } from "../support/until.ts";

const WHAT_TO_SAY = "what do i say to the officer to ask for asylum";
const said = (discord: FakeDiscord) =>
  until(() =>
    expect(
      discord
        .said(STRANGER)
        .map((message) => textsOf({ ...message }).join())
        .join(),
    ).toContain("asylum"),
  );

test("of two processes one holds the gateway, a worker never, and another takes over", async () => {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord.close());
  const more = {
    DATABASE_URL: await emptyDatabase("postgres"),
    PUENTE_SECRET: randomBytes(32).toString("base64"),
  };
  const worker = await startDiscordApp(more, { discord, role: "worker" });
  onTestFinished(() => worker.stop());
  expect(discord.gateway.log).toEqual([]);
  const first = await startDiscordApp(more, { discord, role: "web" });
  await until(() => expect(discord.gateway.connected).toBe(1));
  const second = await startDiscordApp(more, { discord, role: "web" });
  onTestFinished(() => second.stop());
  discord.directMessage(STRANGER, WHAT_TO_SAY);
  await said(discord);
  expect(discord.gateway.connected).toBe(1);

  discord.messages.length = 0;
  await first.stop();
  await until(() => expect(second.lines.join()).toContain("discord.connected"));
  discord.directMessage(STRANGER, WHAT_TO_SAY);
  await said(discord);
  expect(discord.gateway.connected).toBe(1);
});

test("a Discord that cannot be reached holds up nothing, and is found when it is back", async () => {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord.close());
  discord.fail(/./, "cut", 3);
  const service = await startDiscordApp({}, { discord });
  onTestFinished(() => service.stop());
  expect(service.lines.join()).toContain("discord.unreachable");
  await until(() => expect(discord.gateway.connected).toBe(1));
});

test("a Discord that is away for a while is heard again when it is back", async () => {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord.close());
  const service = await startDiscordApp({}, { discord });
  onTestFinished(() => service.stop());
  await until(() => expect(discord.gateway.connected).toBe(1));
  discord.gateway.open = false;
  discord.gateway.dropSocket();
  await until(() => expect(discord.gateway.connected).toBe(0));
  discord.gateway.open = true;
  await until(() => expect(discord.gateway.connected).toBe(1));
});

test("the desk is one: a flag from Discord is told in Slack's content room too", async () => {
  const [discord, slack] = [await startFakeDiscord(), await startFakeSlack()];
  onTestFinished(async () => {
    await Promise.all([discord.close(), slack.close()]);
  });
  const more = {
    SLACK_BOT_TOKEN,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_CONTENT_ROOM: "C0CONTENT",
    SLACK_API_URL: slack.url,
  };
  const service = await startDiscordApp(more, { discord });
  onTestFinished(() => service.stop());
  await until(() => expect(discord.gateway.connected).toBe(1));
  const { original } = await discord.slash("asylum", { question: WHAT_TO_SAY });
  const opened = await discord.button(original ?? expect.fail(), "Wrong or outdated?");
  await discord.modalSubmit(opened, { why: "Looks old.", source: "" });
  await until(() => {
    expect(slack.messages.map(({ text }) => text).join()).toContain("Looks old.");
    expect(JSON.stringify(discord.messages)).toContain("Looks old.");
  });
});
