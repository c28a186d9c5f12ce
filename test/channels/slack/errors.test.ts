import { describe, expect, test } from "vitest";
import { createClient, quietLogger } from "../../../src/channels/slack/client.ts";
import { toSendError } from "../../../src/channels/slack/errors.ts";
import { BOT_TOKEN, startFakeSlack } from "../../support/fake-slack.ts";
import { recorder } from "../../support/recorder.ts";

describe("what a failed call to Slack means, by the real client", () => {
  test.each([
    ["ratelimited", { retryAfter: 7 }, "throttled", "ratelimited"],
    ["a room that is gone", "channel_not_found", "message", "channel_not_found"],
    ["a token that was revoked", "token_revoked", "configuration", "token_revoked"],
    ["a scope that is missing", "missing_scope", "configuration", "missing_scope"],
    ["a person who is gone", "user_not_found", "person", "user_not_found"],
    ["a failure on Slack's side", "internal_error", "ambiguous", "internal_error"],
    ["an error page", { status: 503 }, "ambiguous", "http_503"],
  ] as const)("%s", async (_what, failure, errorClass, code) => {
    const slack = await startFakeSlack();
    slack.failures.set("chat.postMessage", [failure]);
    const client = createClient(BOT_TOKEN, slack.url, quietLogger(recorder().logger), "impatient");
    const error: unknown = await client.chat
      .postMessage({ channel: "C0FRONTDESK", text: "x" })
      .catch((one: unknown) => one);
    expect(toSendError(error)).toMatchObject({ class: errorClass, code });
    if (errorClass === "throttled") expect(toSendError(error).retryAfterMs).toBe(7_000);
    await slack.close();
  });

  test("no answer at all", async () => {
    const client = createClient(BOT_TOKEN, "http://127.0.0.1:9", quietLogger(recorder().logger), "impatient");
    const error: unknown = await client.auth.test().catch((one: unknown) => one);
    expect(toSendError(error)).toMatchObject({ class: "ambiguous", code: "no-answer" });
  });

  test("the client's own lines say nothing of what was sent", async () => {
    const slack = await startFakeSlack();
    const { logger, lines } = recorder();
    slack.failures.set("chat.postMessage", ["invalid_blocks"]);
    const client = createClient(BOT_TOKEN, slack.url, quietLogger(logger), "patient");
    await client.chat.postMessage({ channel: "C0FRONTDESK", text: "my cousin Maria" }).catch(() => {});
    expect(lines.join()).not.toContain("Maria");
    expect(lines.join()).not.toContain("xoxb");
    await slack.close();
  });
});
