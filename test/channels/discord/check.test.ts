import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createDiscordChecks, installLink } from "../../../src/channels/discord/check.ts";
import { loadLocales } from "../../../src/locale/translate.ts";
import { APPLICATION_ID, BOT_TOKEN, CONTENT_ROOM } from "../../support/discord-objects.ts";
import { type FakeDiscord, startFakeDiscord } from "../../support/fake-discord.ts";

const { translate } = await loadLocales("locales");

let discord: FakeDiscord;
beforeEach(async () => {
  discord = await startFakeDiscord();
  onTestFinished(() => discord.close());
});

function checks(settings: Partial<Parameters<typeof createDiscordChecks>[0]> = {}) {
  const set = { token: BOT_TOKEN, applicationId: APPLICATION_ID, contentRoom: CONTENT_ROOM, apiUrl: discord.url };
  return createDiscordChecks({ ...set, ...settings }, translate);
}

async function look(id: string, settings: Parameters<typeof checks>[0] = {}) {
  const check = checks(settings).find((one) => one.id === `discord.${id}`) ?? expect.fail();
  return check.run();
}

describe("the doctor's look at Discord", () => {
  test("registers the commands when asked to, and then finds all well", async () => {
    const before = await look("commands");
    expect(before).toMatchObject({ status: "fail", remedy: "npx puente discord register" });
    expect(before.says).toContain("asylum");
    await before.fix?.apply();
    for (const check of checks()) expect(await check.run()).toMatchObject({ status: "ok" });
    expect(discord.violations).toEqual([]);
  });

  test("names the command that is not as this version has it", async () => {
    await (await look("commands")).fix?.apply();
    const changed = discord.commands.map((one) => (one["name"] === "topics" ? { ...one, description: "Old" } : one));
    discord.commands.splice(0, changed.length, ...changed);
    expect((await look("commands")).says).toBe("Not as this version has them: topics.");
  });

  test("says which token to copy again, without the token", async () => {
    const finding = await look("token", { token: "MTEw.wrong.token" });
    expect(finding).toMatchObject({ status: "fail", remedy: expect.stringContaining("DISCORD_TOKEN") });
    expect(JSON.stringify(finding)).not.toContain("MTEw");
  });

  test("says when the application is another one", async () => {
    const finding = await look("application", { applicationId: "1100000000000000009" });
    expect(finding).toMatchObject({ status: "fail", says: expect.stringContaining("two applications") });
  });

  test("says when Discord sends commands elsewhere, and when more is switched on than is needed", async () => {
    discord.application["interactions_endpoint_url"] = "https://example.org/discord";
    expect(await look("application")).toMatchObject({ status: "fail" });
    discord.application["interactions_endpoint_url"] = null;
    discord.application["flags"] = 1 << 19;
    expect(await look("application")).toMatchObject({ status: "warn", remedy: expect.stringContaining("Intents") });
  });

  test("says when the gateway does not answer, and when no connections are left", async () => {
    discord.sessions.remaining = 0;
    expect(await look("gateway")).toMatchObject({ status: "fail", remedy: expect.stringContaining("wait 1 hours") });
    discord.gateway.open = false;
    expect(await look("gateway")).toMatchObject({ status: "fail", remedy: expect.stringContaining("WebSockets") });
    expect(discord.gateway.log).toEqual([]);
  });

  test("gives the link that adds Puente to a server where it is in none", async () => {
    discord.installed = false;
    expect(await look("servers")).toMatchObject({
      status: "warn",
      remedy: expect.stringContaining(installLink(APPLICATION_ID)),
    });
  });

  test("says when the content room cannot be written to, is hidden, gone or not set", async () => {
    for (const state of ["read-only", "hidden"] as const) {
      discord.rooms.set(CONTENT_ROOM, state);
      expect(await look("content-room")).toMatchObject({
        status: "fail",
        remedy: expect.stringContaining("Send Messages"),
      });
    }
    discord.rooms.delete(CONTENT_ROOM);
    expect(await look("content-room")).toMatchObject({ status: "fail", says: expect.stringContaining("10003") });
    const without = createDiscordChecks({ token: BOT_TOKEN, applicationId: APPLICATION_ID }, translate);
    expect(await without.at(-1)?.run()).toMatchObject({ status: "warn" });
    expect(discord.messages).toEqual([]);
  });

  test("says when Discord cannot be reached", async () => {
    expect(await look("token", { apiUrl: "http://127.0.0.1:9" })).toMatchObject({
      status: "fail",
      says: expect.stringContaining("could not be reached"),
    });
  });
});
