import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createSlackChecks } from "../../../src/channels/slack/check.ts";
import { APP_TOKEN, BOT_TOKEN, type FakeSlack, startFakeSlack } from "../../support/fake-slack.ts";

let slack: FakeSlack;
beforeEach(async () => {
  slack = await startFakeSlack();
  onTestFinished(() => slack.close());
});

async function look(settings: Partial<Parameters<typeof createSlackChecks>[0]> = {}) {
  const checks = createSlackChecks({
    botToken: BOT_TOKEN,
    appToken: APP_TOKEN,
    contentRoom: "C0CONTENT",
    apiUrl: slack.url,
    ...settings,
  });
  const findings = await Promise.all(checks.map(async (check) => [check.id, await check.run()] as const));
  return Object.fromEntries(findings);
}

describe("the doctor's look at Slack", () => {
  test("finds a workspace that is set up", async () => {
    const findings = await look();
    expect(Object.values(findings).map(({ status }) => status)).toEqual(["ok", "ok", "ok", "ok"]);
  });

  test("names each missing scope and what does not work without it", async () => {
    slack.scopes.delete("users:read");
    slack.scopes.delete("commands");
    const { says } = (await look())["slack.scopes"] ?? expect.fail();
    expect(says).toContain("users:read (nobody is recognised");
    expect(says).toContain("commands (/asylum does not work)");
  });

  test("is content without the scope of the agents' pane", async () => {
    slack.scopes.delete("assistant:write");
    expect((await look())["slack.scopes"]).toMatchObject({ status: "ok" });
  });

  test("says which token to copy again", async () => {
    expect((await look({ botToken: "xoxb-wrong" }))["slack.token"]).toMatchObject({
      status: "fail",
      remedy: expect.stringContaining("SLACK_BOT_TOKEN"),
    });
    expect((await look({ appToken: "xapp-wrong" }))["slack.socket"]).toMatchObject({
      status: "fail",
      remedy: expect.stringContaining("connections:write"),
    });
  });

  test("says when the content room is gone or the app was not invited", async () => {
    slack.rooms.delete("C0CONTENT");
    expect((await look())["slack.content-room"]).toMatchObject({
      status: "fail",
      remedy: expect.stringContaining("/invite"),
    });
  });

  test("says when Slack cannot be reached, without the token", async () => {
    const findings = await look({ apiUrl: "http://127.0.0.1:9" });
    expect(findings["slack.token"]).toMatchObject({
      status: "fail",
      says: expect.stringContaining("could not be reached"),
    });
    expect(JSON.stringify(findings)).not.toContain("xoxb");
  });

  test("without Socket Mode it names the address for the manifest", async () => {
    const checks = createSlackChecks({
      botToken: BOT_TOKEN,
      signingSecret: "secret",
      publicUrl: "https://puente.example.org",
      apiUrl: slack.url,
    });
    const events = checks.find(({ id }) => id === "slack.events");
    expect(await events?.run()).toMatchObject({
      says: expect.stringContaining("https://puente.example.org/slack/events"),
    });
  });
});
