import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { BOT_TOKEN, type FakeSlack } from "../support/fake-slack.ts";
import { type SlackApp, startSlackApp } from "../support/slack-app.ts";
import { until } from "../support/until.ts";

const QUESTION = "what do i say to the officer to ask for asylum";

async function start(...options: Parameters<typeof startSlackApp>): Promise<SlackApp> {
  const service = await startSlackApp(...options);
  onTestFinished(() => service.stop());
  return service;
}

describe("HTTP", () => {
  const now = () => Math.floor(Date.now() / 1000);

  test("refuses what Slack did not sign, what is stale and what is from the future", async () => {
    const { slack, counts } = await start("http");
    const payload = { command: "/asylum", text: QUESTION, user_id: "U0VOLUNTEER", trigger_id: "T1" };
    const statuses = [
      (await slack.deliver(payload, "command", { secret: "another" })).status,
      (await slack.deliver(payload, "command", { timestamp: now() - 6 * 60 })).status,
      (await slack.deliver(payload, "command", { timestamp: now() + 6 * 60 })).status,
      (await slack.deliver(payload, "command", { headers: { "x-slack-signature": "v0=" } })).status,
      (await slack.deliver(payload, "command", { headers: { "x-slack-signature": "v1=abc" } })).status,
      (await slack.deliver(payload, "command", { headers: { "x-slack-request-timestamp": "soon" } })).status,
    ];
    expect(statuses).toEqual([401, 401, 401, 401, 401, 401]);
    expect(counts.get("webhook_refused")).toBe(6);
    expect(slack.messages).toEqual([]);
  });

  test("answers a signed body that makes no sense with 400, and goes on", async () => {
    const { slack } = await start("http");
    const bodies = ["{", "[]", "null", '{"event":null,"type":"event_callback"}', ""];
    for (const rawBody of bodies) expect((await slack.deliver({}, "event", { rawBody })).status, rawBody).toBe(400);
    const odd = ['{"type":"unheard_of"}', '{"event":{"type":"message"}}', '{"event":{"type":"app_home_opened"}}'];
    for (const rawBody of odd) expect((await slack.deliver({}, "event", { rawBody })).status, rawBody).toBe(200);
    for (const payload of [{}, { type: "block_actions", actions: [] }, { type: "view_submission", view: {} }])
      expect((await slack.deliver(payload, "interactive")).status).toBeLessThan(500);
    expect((await slack.command(QUESTION)).status).toBe(200);
  });

  test("answers Slack's verification of the address, and its check of the certificate", async () => {
    const { slack } = await start("http");
    const { body } = await slack.deliver({ type: "url_verification", challenge: "3eZbrw1aB" }, "event");
    expect(body).toEqual({ challenge: "3eZbrw1aB" });
    expect((await slack.deliver({ ssl_check: "1" }, "command")).status).toBe(200);
  });
});

describe("Socket Mode", () => {
  test("opens no route for Slack", async () => {
    const { publicUrl } = await start("socket");
    expect((await fetch(`${publicUrl}/slack/events`, { method: "POST", body: "{}" })).status).toBe(404);
  });

  test.each([
    [
      "Slack asks it to (it does every few hours)",
      (slack: FakeSlack) => {
        for (const socket of slack.sockets)
          socket.send(JSON.stringify({ type: "disconnect", reason: "refresh_requested" }));
      },
    ],
    [
      "the connection breaks",
      (slack: FakeSlack) => {
        for (const socket of slack.sockets) socket.terminate();
      },
    ],
  ])("connects again when %s", async (_why, cut) => {
    const { slack, lines } = await start("socket");
    const connections = () => lines.filter((line) => line.includes("slack.socket-connected")).length;
    const before = connections();
    cut(slack);
    await until(() => {
      expect(connections()).toBeGreaterThan(before);
      expect(slack.sockets.size).toBe(1);
    });
    await until(async () => expect((await slack.command(QUESTION)).body).toBeDefined());
  });

  test("goes on trying when the token is refused meanwhile, and says so to the operator", async () => {
    const { slack, lines } = await start("socket");
    slack.tokenValid = false;
    for (const socket of slack.sockets) socket.terminate();
    await until(() => expect(lines.join()).toContain('"slack.socket-refused","code":"invalid_auth"'));
    slack.tokenValid = true;
    await until(() => expect(slack.sockets.size).toBe(1));
  });

  test("rubbish on the socket ends nothing", async () => {
    const { slack } = await start("socket");
    for (const socket of slack.sockets)
      for (const data of ["{", "[]", '{"type":"events_api","envelope_id":"E1","payload":{"event":{"type":"message"}}}'])
        socket.send(data);
    expect((await slack.command(QUESTION)).body).toMatchObject({ response_type: "ephemeral" });
  });
});

describe("starting", () => {
  afterEach(() => vi.restoreAllMocks());

  test("refuses with a sentence when Slack does not take a token", async () => {
    await expect(startSlackApp("http", { SLACK_BOT_TOKEN: `${BOT_TOKEN}-wrong` })).rejects.toThrow(
      /Slack refused SLACK_BOT_TOKEN \(invalid_auth\)/,
    );
    await expect(startSlackApp("socket", { SLACK_APP_TOKEN: "xapp-wrong" })).rejects.toThrow(
      /Slack refused SLACK_APP_TOKEN \(invalid_auth\)/,
    );
  });

  test("goes on without Slack when it cannot be reached: the other channels do not wait", async () => {
    const { lines } = await start("http", { SLACK_API_URL: "http://127.0.0.1:9" });
    expect(lines.join()).toContain("slack.unreachable");
    expect(lines.join()).toContain("service.started");
  });
});
