import { randomBytes } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { emptyDatabase } from "../support/databases.ts";
import { textsOf } from "../support/discord-components.ts";
import { APPLICATION_ID, BOT_TOKEN } from "../support/discord-objects.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord.ts";
import { STRANGER, VOLUNTEER } from "../support/fake-discord-people.ts";
import { startFakeTwilio } from "../support/fake-twilio.ts";
import { type Service, startService } from "../support/service.ts";
import { until } from "../support/until.ts";

/** A Discord, and as many processes of the service on one Postgres as are asked for. */
async function start(): Promise<{ discord: FakeDiscord; launch: () => Promise<Service> }> {
  const [discord, twilio] = [await startFakeDiscord(), await startFakeTwilio()];
  const environment = {
    DATABASE_URL: await emptyDatabase("postgres"),
    PUENTE_SECRET: randomBytes(32).toString("base64"),
    DISCORD_TOKEN: BOT_TOKEN,
    DISCORD_APPLICATION_ID: APPLICATION_ID,
    DISCORD_API_URL: discord.url,
  };
  onTestFinished(async () => {
    await Promise.all([discord.close(), twilio.close()]);
  });
  return { discord, launch: () => startService({ apiUrl: twilio.url, environment }) };
}

const said = (discord: FakeDiscord, user: string) =>
  discord
    .said(user)
    .map((one) => textsOf({ ...one }).join())
    .join();

/** Asks in a direct message, and waits for the answer and the welcome after it: nothing is left half done. */
async function ask(discord: FakeDiscord, user: string): Promise<void> {
  discord.directMessage(user, "what do i say to the officer to ask for asylum");
  await until(() => expect(said(discord, user)).toContain("I want to ask for asylum"));
  await until(() => expect(said(discord, user)).toContain("no person reads this"));
}

test("when the process that holds the gateway is killed, another takes over and answers", async () => {
  const { discord, launch } = await start();
  const first = await launch();
  await until(() => expect(discord.gateway.connected).toBe(1));
  await launch();
  await ask(discord, STRANGER);
  expect(discord.gateway.log.filter((one) => one === "identify")).toHaveLength(1);
  await first.kill();
  await until(() => expect(discord.gateway.log.filter((one) => one === "identify")).toHaveLength(2));
  await ask(discord, VOLUNTEER);
  expect(discord.gateway.connected).toBe(1);
});

test("a process that freezes loses the gateway, and lets go of it when it wakes", async () => {
  const { discord, launch } = await start();
  const first = await launch();
  await until(() => expect(discord.gateway.connected).toBe(1));
  await launch();
  first.signal("SIGSTOP");
  await until(() => expect(discord.gateway.log.filter((one) => one === "identify")).toHaveLength(2));
  // Whatever the frozen one still finds in its socket when it wakes, nobody is answered twice.
  discord.directMessage(STRANGER, "what is a credible fear interview?");
  first.signal("SIGCONT");
  await until(() => expect(discord.gateway.connected).toBe(1));
  await until(() => expect(said(discord, STRANGER)).toContain("credible fear"));
  const about = discord.said(STRANGER).filter((one) =>
    textsOf({ ...one })
      .join()
      .includes("credible fear"),
  );
  expect(about).toHaveLength(1);
});
