import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeMessage, plainText } from "../../../src/channels/slack/inbound.ts";
import { threadOf, whereOf } from "../../../src/channels/slack/threads.ts";

const options = { screen: () => undefined, botUserId: "U0BOT", receivedAt: 7 };
const event = { type: "message", channel: "D1", channel_type: "im", user: "U1", text: "hola", ts: "1.1" };
const body = (more: object) => ({ event_id: "Ev1", team_id: "T1", event: { ...event, ...more } });

describe("a message from Slack", () => {
  test("is known by its event, and its sender by the workspace and the user", () => {
    expect(decodeMessage(body({}), options)?.message).toEqual({
      channel: "slack",
      externalId: "Ev1",
      from: { id: "T1:U1", address: "U1" },
      thread: "D1/",
      utterance: { text: "hola" },
      receivedAt: 7,
    });
  });

  test("in a room opens a thread of its own, and stays in the thread it is in", () => {
    const mention = { type: "app_mention", channel: "C1", channel_type: undefined };
    expect(decodeMessage(body(mention), options)?.message.thread).toBe("C1/1.1");
    expect(decodeMessage(body({ ...mention, thread_ts: "0.9" }), options)?.message.thread).toBe("C1/0.9");
  });

  test("that tells about a person is answered privately in a room", () => {
    const screen = () => "phone" as const;
    const mention = { type: "app_mention", channel: "C1", channel_type: undefined };
    expect(whereOf(decodeMessage(body(mention), { ...options, screen })?.message.thread ?? "").privately).toBe(true);
    expect(whereOf(decodeMessage(body({}), { ...options, screen })?.message.thread ?? "").privately).toBe(false);
  });

  test("with a voice note or a picture says so", () => {
    const file = (mimetype: string) => body({ subtype: "file_share", files: [{ mimetype }] });
    const kinds = ["audio/mp4", "image/png", "video/mp4", "application/pdf"].map(
      (mimetype) => decodeMessage(file(mimetype), options)?.message.utterance.media,
    );
    expect(kinds).toEqual(["voice", "image", "video", "document"]);
  });

  test("of any other shape is none, and nothing throws", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(decodeMessage(value, options)).toBeUndefined();
        decodeMessage({ ...body({}), event: value }, options);
      }),
    );
  });
});

test("Slack's escapes and references become what people read", () => {
  expect(plainText("<@U0BOT> what is &lt;parole&gt; &amp; bond?", "U0BOT")).toBe("what is <parole> & bond?");
  expect(plainText("see <https://example.org|this> in <#C1|help> <!here> <@U2>")).toBe("see this in #help   @");
});

test("where a conversation is held survives being written down", () => {
  const ids = fc.stringMatching(/^[CDG][A-Z0-9]{1,10}$/);
  const times = fc.option(fc.stringMatching(/^\d{1,10}\.\d{6}$/), { nil: undefined });
  fc.assert(
    fc.property(ids, times, fc.boolean(), (channel, threadTs, privately) => {
      const where = { channel, privately, ...(threadTs !== undefined && { threadTs }) };
      expect(whereOf(threadOf(where))).toEqual(where);
    }),
  );
});
