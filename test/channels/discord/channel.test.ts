import { REST } from "discord.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDiscordChannel } from "../../../src/channels/discord/channel.ts";
import { createExchange } from "../../../src/channels/discord/exchange.ts";
import { noteMessage } from "../../../src/channels/discord/message.ts";
import { restOptions } from "../../../src/channels/discord/rest.ts";
import { SendError } from "../../../src/core/errors.ts";
import type { OutboundPart } from "../../../src/core/ports.ts";
import { lookWith } from "../../support/cards.ts";
import { APPLICATION_ID, BOT_TOKEN, directChannelOf } from "../../support/discord-objects.ts";
import { type Failure, type FakeDiscord, startFakeDiscord } from "../../support/fake-discord.ts";
import { VOLUNTEER } from "../../support/fake-discord-people.ts";

const look = lookWith("discord.button.share");
const POST = /^POST channels\/\d+\/messages$/;
let discord: FakeDiscord;
beforeEach(async () => {
  discord = await startFakeDiscord();
});
afterEach(() => discord.close());

/** As the service has it, but it tries once, and gives up sooner where nothing comes. */
function rest(timeout = 30_000) {
  const options = { ...restOptions(discord.url), timeout, retries: 0, rejectOnRateLimit: () => true };
  return new REST(options).setToken(BOT_TOKEN);
}

const channelWith = (client: REST) =>
  createDiscordChannel({ rest: client, look, desk: { extras: async () => ({ flags: 0, canSend: false }) } });
const part = (more: Partial<OutboundPart> = {}): OutboundPart => ({
  ...{ deliveryId: 7, attempt: 1, to: VOLUNTEER, text: "Your answer\n1 One", validForMs: 60_000, locale: "en" },
  ...more,
});
const failureOf = (client = rest()) =>
  channelWith(client)
    .send(part())
    .then(
      () => expect.fail("was sent"),
      (error: unknown) => (error instanceof SendError ? error : expect.fail("not a SendError")),
    );

test("what was sent and not confirmed is recognised by its nonce when it is sent again", async () => {
  discord.fail(POST, "lost-answer");
  expect(await failureOf(rest(2_000))).toMatchObject({ class: "ambiguous", code: "no-answer" });
  const { externalId } = await channelWith(rest()).send(part({ attempt: 2 }));
  expect(discord.said(VOLUNTEER)).toHaveLength(1);
  expect(externalId).toBe(`${directChannelOf(VOLUNTEER)}/${discord.said(VOLUNTEER)[0]?.id}`);
});

test.each<[string, Failure, string, string]>([
  ["a person who takes no messages", { status: 403, code: 50007 }, "person", "50007"],
  ["a person with no server in common", { status: 403, code: 50278 }, "person", "50278"],
  ["a permission that is missing", { status: 403, code: 50013 }, "configuration", "50013"],
  ["a refused token", { status: 401, code: 0 }, "configuration", "0"],
  ["a message that Discord does not take", { status: 400, code: 50035 }, "message", "50035"],
  ["too many direct messages", { status: 400, code: 40003 }, "throttled", "40003"],
  ["a failure on Discord's side", { status: 502 }, "ambiguous", "http_502"],
  ["a line that breaks", "cut", "ambiguous", "no-answer"],
  ["silence", "hang", "ambiguous", "no-answer"],
])("%s is an error of its class", async (_what, failure, errorClass, code) => {
  discord.fail(POST, failure);
  expect(await failureOf(rest(failure === "hang" ? 2_000 : undefined))).toMatchObject({ class: errorClass, code });
});

test("a rate limit says how long to wait, and is not waited for here", async () => {
  discord.fail(POST, { retryAfter: 2 });
  expect(await failureOf()).toMatchObject({ class: "throttled", code: "429", retryAfterMs: expect.any(Number) });
  expect((await channelWith(rest()).send(part())).externalId).toContain("/");
});

test("after a refused token Discord is not asked again", async () => {
  const client = rest();
  discord.tokenValid = false;
  const send = () => channelWith(client).send(part());
  await expect(send()).rejects.toMatchObject({ class: "configuration" });
  const asked = discord.requests.length;
  await expect(send()).rejects.toMatchObject({ class: "configuration", code: "no-token" });
  expect(discord.requests).toHaveLength(asked);
});

test("an answer that takes long is announced within 3 seconds, and comes in its place", async () => {
  const interaction = await discord.slash("asylum", { question: "?" }, { wait: false });
  const exchange = createExchange(rest(), APPLICATION_ID, interaction as never);
  const { promise, resolve } = Promise.withResolvers<void>();
  const message = noteMessage(look, "en", "Here it is.");
  const answered = exchange.answer(
    promise.then(() => ({ kind: "beside", messages: [message] })),
    "beside",
  );
  await discord.until(() => interaction.original?.loading === true, "the announcement");
  expect(interaction.callback?.ms).toBeLessThan(3_000);
  resolve();
  await answered;
  expect(interaction.original).toMatchObject({ loading: false, onlyFor: VOLUNTEER });
  expect(JSON.stringify(interaction.original?.components)).toContain("Here it is.");
  expect(discord.violations).toEqual([]);
});
