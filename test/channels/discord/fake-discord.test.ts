import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  Client,
  ContainerBuilder,
  Events,
  GatewayIntentBits,
  type Interaction,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  Partials,
  Routes,
  StringSelectMenuBuilder,
  TextDisplayBuilder,
  TextInputBuilder,
  TextInputStyle,
} from "discord.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { APPLICATION_ID, BOT_TOKEN, CONTENT_ROOM } from "../../support/discord-objects.ts";
import { type FakeDiscord, startFakeDiscord } from "../../support/fake-discord.ts";
import { VOLUNTEER } from "../../support/fake-discord-people.ts";

const { Guilds, DirectMessages, MessageContent } = GatewayIntentBits;
const QUIET = { allowedMentions: { parse: [] } };
const EMPTY = { parse: [] };

let discord: FakeDiscord;
let clients: Client[];

beforeEach(async () => {
  discord = await startFakeDiscord();
  clients = [];
});

afterEach(async () => {
  for (const client of clients) await client.destroy();
  await discord.close();
});

function makeClient(intents: readonly GatewayIntentBits[] = [Guilds, DirectMessages]): Client {
  const client = new Client({
    intents: [...intents],
    partials: [Partials.Channel],
    rest: { api: discord.apiUrl, retries: 0, timeout: 30_000 },
    ...QUIET,
  });
  client.on(Events.Error, () => undefined);
  clients.push(client);
  return client;
}

async function connect(onInteraction?: (interaction: Interaction) => unknown): Promise<Client> {
  const client = makeClient();
  if (onInteraction !== undefined)
    client.on(Events.InteractionCreate, (interaction) => void onInteraction(interaction));
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(BOT_TOKEN);
  await ready;
  return client;
}

test("the real client logs in, sees the server, and answers a command", async () => {
  const client = await connect(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    const question = interaction.options.getString("question", true);
    await interaction.reply({ content: `${question} ${interaction.locale}`, flags: MessageFlags.Ephemeral });
    await interaction.followUp({ content: "and more" });
  });
  expect(client.guilds.cache.size).toBe(1);
  const answered = await discord.slash("asylum", { question: "fear" }, { locale: "es-419" });
  await discord.until(() => answered.followUps.length > 0);
  expect(answered.original).toMatchObject({ content: "fear es-419", onlyFor: VOLUNTEER });
  expect(answered.followUps[0]).toMatchObject({ content: "and more", onlyFor: undefined });
  expect(discord.violations).toEqual([]);
});

test("buttons, lists, dialogues, choices and message commands reach the client whole", async () => {
  const seen: string[] = [];
  const row = new ActionRowBuilder<ButtonBuilder>().addComponents(
    new ButtonBuilder().setCustomId("wrong").setLabel("Wrong?").setStyle(ButtonStyle.Secondary),
  );
  const options = [{ label: "Fear", value: "fear" }];
  const list = new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(
    new StringSelectMenuBuilder().setCustomId("topics").addOptions(options),
  );
  const input = new TextInputBuilder().setCustomId("what").setStyle(TextInputStyle.Paragraph).setMaxLength(300);
  const modal = new ModalBuilder()
    .setCustomId("flag")
    .setTitle("Flag")
    .addLabelComponents(new LabelBuilder().setLabel("What is wrong?").setTextInputComponent(input));
  await connect(async (interaction) => {
    if (interaction.isAutocomplete())
      await interaction.respond([{ name: interaction.options.getFocused(), value: "fear" }]);
    else if (interaction.isMessageContextMenuCommand()) {
      seen.push(interaction.targetMessage.content);
      await interaction.reply({ content: "Answer", components: [row, list], flags: MessageFlags.Ephemeral });
    } else if (interaction.isStringSelectMenu()) {
      await interaction.deferUpdate();
      await interaction.editReply({ content: interaction.values.join(), allowedMentions: EMPTY });
    } else if (interaction.isButton()) await interaction.showModal(modal);
    else if (interaction.isModalSubmit()) {
      seen.push(interaction.fields.getTextInputValue("what"));
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
      await interaction.editReply({ content: "Thank you" });
    }
  });
  const typing = await discord.autocomplete("asylum", "question", "fe");
  expect(typing.choices).toEqual([{ name: "fe", value: "fear" }]);
  const asked = await discord.contextMenu("Ask Puente", "what is fear", { channel: "direct" });
  const message = asked.original;
  if (message === undefined) throw new Error("no answer");
  const opened = await discord.button(message, "Wrong?");
  const sent = await discord.modalSubmit(opened, { what: "old" });
  expect(sent.original).toMatchObject({ content: "Thank you", onlyFor: VOLUNTEER, loading: false });
  await discord.select(message, "fear");
  await discord.until(() => message.content === "fear");
  expect(seen).toEqual(["what is fear", "old"]);
  expect(discord.violations).toEqual([]);
});

test("direct messages come with their text, those in rooms without it", async () => {
  const client = makeClient([Guilds, DirectMessages, GatewayIntentBits.GuildMessages]);
  const heard: string[] = [];
  client.on(Events.MessageCreate, (message) => void heard.push(message.content));
  await client.login(BOT_TOKEN);
  discord.directMessage(VOLUNTEER, "what is fear");
  discord.roomMessage(VOLUNTEER, "what we say among us");
  discord.roomMessage(VOLUNTEER, `<@${APPLICATION_ID}> hello`);
  await discord.until(() => heard.length === 3);
  expect(heard).toEqual(["what is fear", "", `<@${APPLICATION_ID}> hello`]);
});

test("what is missed while the socket is down comes when the client resumes", async () => {
  const heard: string[] = [];
  const client = await connect();
  client.on(Events.MessageCreate, (message) => void heard.push(message.content));
  discord.gateway.dropSocket();
  discord.directMessage(VOLUNTEER, "one");
  await discord.until(() => heard.length === 1);
  discord.gateway.askToReconnect();
  discord.directMessage(VOLUNTEER, "two");
  await discord.until(() => heard.length === 2 && discord.gateway.log.filter((one) => one === "resume").length === 2);
  expect(discord.gateway.log.filter((one) => one !== "heartbeat")).toEqual(["identify", "resume", "resume"]);
});

test("a session that was ended is begun anew", async () => {
  const client = await connect();
  const again = new Promise((resolve) => client.once(Events.ShardReady, resolve));
  discord.gateway.invalidateSession();
  await again;
  expect(discord.gateway.log.filter((one) => one === "identify")).toHaveLength(2);
});

test("a connection without acknowledged heartbeats is given up and resumed", async () => {
  discord.gateway.heartbeatMs = 100;
  discord.gateway.acknowledges = false;
  await connect();
  await discord.until(() => discord.gateway.log.includes("resume"));
});

test("a wrong token and a privileged intent are refused as Discord refuses them", async () => {
  await expect(makeClient().login("wrong")).rejects.toThrow(/token/i);
  await expect(makeClient([Guilds, MessageContent]).login(BOT_TOKEN)).rejects.toThrow(/disallowed intents/i);
});

test("an interaction is answered once, and within three seconds", async () => {
  const codes: unknown[] = [];
  const note = (error: { readonly code?: unknown }) => void codes.push(error.code);
  const client = await connect();
  const callback = (one: { readonly id: string; readonly token: string }) =>
    client.rest.post(Routes.interactionCallback(one.id, one.token), { auth: false, body: { type: 5 } }).catch(note);
  const once = await discord.slash("asylum", { question: "x" }, { wait: false });
  await callback(once);
  await callback(once);
  const late = await discord.slash("asylum", { question: "x" }, { wait: false });
  Object.assign(late, { takenMs: () => 3_001 });
  await callback(late);
  expect(codes).toEqual([40060, 10062]);
});

test("messages with the same nonce are one, blocked people and closed rooms refuse, limits are told", async () => {
  const client = await connect();
  const codes: unknown[] = [];
  const send = (channel: string, body: object) =>
    client.rest
      .post(Routes.channelMessages(channel), { body: { allowed_mentions: EMPTY, ...body } })
      .catch((error: { readonly code?: unknown }) => void codes.push(error.code));
  const direct = await client.users.createDM(VOLUNTEER);
  await send(direct.id, { content: "one", nonce: "n1", enforce_nonce: true });
  await send(direct.id, { content: "one", nonce: "n1", enforce_nonce: true });
  expect(discord.said(VOLUNTEER)).toHaveLength(1);
  discord.users.set(VOLUNTEER, { blocksMessages: true });
  await send(direct.id, { content: "two" });
  discord.rooms.set(CONTENT_ROOM, "read-only");
  await send(CONTENT_ROOM, { content: "three" });
  discord.rooms.set(CONTENT_ROOM, "writable");
  discord.fail(/POST channels/, { retryAfter: 0.05 });
  await send(CONTENT_ROOM, { content: "four" });
  expect(codes).toEqual([50007, 50013]);
  expect(discord.messages.at(-1)?.content).toBe("four");
});

test("what Discord's limits forbid is refused, with the rule", async () => {
  const client = await connect();
  const send = (body: object) =>
    client.rest
      .post(Routes.channelMessages(CONTENT_ROOM), { body })
      .catch((error: { readonly code?: unknown }) => error.code);
  const text = (content: string) => new TextDisplayBuilder().setContent(content).toJSON();
  const v2 = { flags: MessageFlags.IsComponentsV2, allowed_mentions: EMPTY };
  await expect(send({ content: "x".repeat(2001), allowed_mentions: EMPTY })).resolves.toBe(50035);
  await expect(send({ ...v2, content: "x", components: [text("x")] })).resolves.toBe(50035);
  await expect(send({ ...v2, components: [text("x".repeat(2001)), text("y".repeat(2000))] })).resolves.toBe(50035);
  await expect(send({ ...v2, components: Array.from({ length: 41 }, () => text("x")) })).resolves.toBe(50035);
  await expect(send({ content: "@everyone" })).resolves.toBe(50035);
  const container = new ContainerBuilder().addTextDisplayComponents(new TextDisplayBuilder().setContent("fine"));
  await expect(send({ ...v2, components: [container.toJSON()] })).resolves.toMatchObject({ id: expect.any(String) });
  expect(discord.violations.map((one) => one.replace(/\(\d+\)/, "(n)"))).toEqual([
    "channel message: content: max 2000 characters (n)",
    "channel message: content: when the flag IS_COMPONENTS_V2 is set, the message can only contain components",
    "channel message: text displays: 4,000 characters in total (n)",
    "channel message: messages allow up to 40 total components (n)",
    "channel message: allowed_mentions: must be there and empty",
  ]);
});

test("commands are checked, kept, and shown without their translations unless asked for", async () => {
  const client = await connect();
  const route = Routes.applicationCommands(APPLICATION_ID);
  const command = {
    name: "asylum",
    description: "Ask",
    description_localizations: { "es-419": "Pregunte" },
    options: [{ type: 3, name: "question", description: "What", required: true, autocomplete: true }],
  };
  await client.rest.put(route, { body: [command] });
  const bare = await client.rest.get(route);
  const full = await client.rest.get(route, { query: new URLSearchParams({ with_localizations: "true" }) });
  expect(bare).toMatchObject([{ name: "asylum", type: 1 }]);
  expect(JSON.stringify(bare)).not.toContain("Pregunte");
  expect(full).toMatchObject([command]);
  await expect(
    client.rest.put(route, {
      body: [{ name: "Not this", description: "", description_localizations: { klingon: "x" } }],
    }),
  ).rejects.toThrow("Invalid Form Body");
  expect(discord.violations).toEqual([
    expect.stringContaining("Application Command Naming"),
    expect.stringContaining("klingon"),
    expect.stringContaining("description: 1-100"),
  ]);
});
