import { type GatewayMessageCreateDispatchData, MessageType } from "discord.js";
import { expect, test } from "vitest";
import { decodeMessage } from "../../../src/channels/discord/inbound.ts";
import { directChannelOf, messageObject } from "../../support/discord-objects.ts";
import { VOLUNTEER } from "../../support/fake-discord-people.ts";

const RECEIVED_AT = 1_700_000_000_000;
/** A direct message as Discord sends it. */
const written = (more: object = {}) =>
  ({
    ...messageObject({
      ...{ id: "1600000000000000001", channelId: directChannelOf(VOLUNTEER), author: VOLUNTEER, onlyFor: undefined },
      ...{ nonce: undefined, content: "hola", embeds: [], components: [], flags: 0, files: [] },
      ...{ loading: false, deleted: false },
    }),
    ...more,
  }) as unknown as GatewayMessageCreateDispatchData;
const decoded = (more?: object) => decodeMessage(written(more), RECEIVED_AT);

test("a direct message is known by opaque ids, and its conversation is the one with that person", () => {
  expect(decoded()).toEqual({
    channel: "discord",
    externalId: "1600000000000000001",
    from: { id: VOLUNTEER, address: VOLUNTEER },
    thread: directChannelOf(VOLUNTEER),
    utterance: { text: "hola" },
    receivedAt: RECEIVED_AT,
  });
  expect(decoded({ type: MessageType.Reply })?.utterance.text).toBe("hola");
});

test.each([
  ["what is said in a server", { guild_id: "1200000000000000001" }],
  ["another bot", { author: { id: "1", bot: true } }],
  ["Discord itself", { author: { id: "1", system: true } }],
  ["a webhook", { webhook_id: "1" }],
  ["a call or a pin", { type: MessageType.ChannelPinnedMessage }],
])("%s is not answered", (_who, more) => expect(decoded(more)).toBeUndefined());

test.each([
  ["voice", { flags: 8192, attachments: [{ content_type: "audio/ogg" }] }],
  ["voice", { attachments: [{ content_type: "audio/mpeg" }] }],
  ["image", { attachments: [{ content_type: "image/png" }] }],
  ["video", { attachments: [{ content_type: "video/mp4" }] }],
  ["document", { attachments: [{ content_type: "application/pdf" }] }],
  ["document", { attachments: [{}] }],
  ["sticker", { sticker_items: [{ id: "1" }] }],
])("a %s is told apart", (media, more) => expect(decoded(more)?.utterance.media).toBe(media));
