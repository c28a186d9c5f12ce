import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type DiscordApp, EDITOR, ORGANIZER, SECOND_ORGANIZER, startDiscordApp } from "../support/discord-app.ts";
import { textsOf } from "../support/discord-components.ts";
import { CONTENT_ROOM, type FakeDiscordMessage } from "../support/discord-objects.ts";
import type { FakeDiscord } from "../support/fake-discord.ts";
import { VOLUNTEER } from "../support/fake-discord-people.ts";
import type { FakeInteraction } from "../support/fake-discord-state.ts";
import { contentAtNoon, fictionalNumbers, seedSubscribers } from "../support/subscribers.ts";

const RECIPIENTS = 130;
const OLGA = { user: ORGANIZER };
const OMAR = { user: SECOND_ORGANIZER };
const TEXTS = {
  "text-es": "La linea de ayuda cambio de horario. Escriba MENU para ver los temas.",
  "text-en": "The help line has new hours. Text MENU to see the topics.",
};
const FORM = { ...TEXTS, places: "Tijuana", law: "", more: "" };

const readable = (message: FakeDiscordMessage) =>
  textsOf({ components: message.components }).join("\n").replace(/\\(.)/g, "$1");
const answerOf = ({ original }: FakeInteraction) => original ?? expect.fail("no answer");

function until<T>(look: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(look, { timeout: 20_000, interval: 20 });
}

let service: DiscordApp;
let discord: FakeDiscord;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "puente-noon-"));
  service = await startDiscordApp({ CONTENT_DIR: await contentAtNoon(folder), SMS_SEGMENTS_PER_SECOND: "40" });
  discord = service.discord;
  await seedSubscribers(service.environment, fictionalNumbers(RECIPIENTS));
  await discord.until(() => discord.gateway.connected === 1, "the gateway");
}, 60_000);
afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  discord.messages.length = 0;
  return () => expect(discord.violations, "what Discord refuses").toEqual([]);
});

const list = async (from = OLGA) => answerOf(await discord.slash("asylum", { question: "broadcast" }, from));
/** What a sent dialogue is answered with. */
const toldBy = (sent: FakeInteraction) => until(() => sent.followUps.at(-1) ?? expect.fail("nothing was said"));
const cardOf = (title: string) =>
  until(
    () =>
      discord.messages.find((message) => message.channelId === CONTENT_ROOM && readable(message).includes(title)) ??
      expect.fail(`no card says ${title}`),
  );

async function write(fields: Readonly<Record<string, string>> = FORM): Promise<FakeDiscordMessage> {
  return toldBy(await discord.modalSubmit(await discord.button(await list(), "New broadcast", OLGA), fields));
}

test("a broadcast goes from a dialogue over a second person to the last report, and the team is told first", async () => {
  const sheet = await write();
  expect(readable(sheet)).toContain("Written. Nothing is sent yet");
  expect(readable(sheet)).toContain(`${RECIPIENTS} people get it.`);
  expect(readable(sheet)).toContain(TEXTS["text-es"]);
  expect(sheet.onlyFor).toBe(ORGANIZER);

  const tried = await discord.modalSubmit(await discord.button(sheet, "Send me a test", OLGA), {
    number: "+12025550188",
  });
  expect(readable(await toldBy(tried))).toContain("has not written to Puente today");

  await discord.button(sheet, "Submit for approval", OLGA);
  await until(() => expect(readable(sheet)).toContain("Somebody else has to approve it now"));
  const card = await cardOf("Broadcast 1: waits for approval");
  expect(readable(card)).toContain(TEXTS["text-en"]);

  const own = await discord.button(card, "Approve", OLGA);
  await until(() => expect(readable(answerOf(own))).toContain("somebody else approves it, whatever the platform"));
  const stranger = await discord.button(card, "Approve", { user: VOLUNTEER });
  await until(() => expect(readable(answerOf(stranger))).toMatch(/may not approve a broadcast. Who can: .*Omar/));
  await discord.button(card, "Approve", OMAR);
  await until(() => expect(readable(card)).toContain("Approved by Omar (Discord)."));

  for (const user of [ORGANIZER, SECOND_ORGANIZER])
    await until(() => expect(discord.said(user).map(readable).join()).toContain("About to go out"));
  await cardOf("About to go out");

  await until(() => expect(readable(card)).toContain("Paused: the first few have it"));
  expect(service.twilio.messages).toHaveLength(20);
  const refused = await discord.button(card, "Resume", { user: EDITOR });
  await until(() => expect(readable(answerOf(refused))).toContain("may not let a broadcast go on"));
  await discord.button(card, "Resume", OMAR);
  await until(() => expect(readable(card)).toContain("going out"));
  await discord.button(card, "Pause", { user: EDITOR });
  await until(() => expect(readable(card)).toContain("Paused by hand"));
  await discord.button(card, "Resume", OLGA);
  await until(() => expect(readable(card)).toContain("Broadcast 1: finished"));
  expect(readable(card)).toMatch(/130 taken by the carrier \(100\s?%\)/);
  expect(new Set(service.twilio.messages.map(({ to }) => to)).size).toBe(RECIPIENTS);
  expect(service.twilio.messages).toHaveLength(RECIPIENTS);
});

test("it can be changed, with what it says already in the form, and the old card approves nothing", async () => {
  const texts = { "text-es": `${TEXTS["text-es"]} Gracias.`, "text-en": `${TEXTS["text-en"]} Thanks.` };
  const sheet = await write({ ...FORM, ...texts, places: "tijuana, Mexicali", more: "sms emergencia" });
  expect(readable(sheet)).toContain("Emergency: two others approve it");
  expect(readable(sheet)).toMatch(/For: Mexicali.*; Tijuana.* Channels: SMS\./);
  await discord.button(sheet, "Submit for approval", OLGA);
  const card = await cardOf("Broadcast 2: waits for approval");
  const stale = { ...card, components: structuredClone(card.components) };
  const edit = await discord.button(card, "Edit", OLGA);
  const filledIn = JSON.stringify(edit.modal);
  for (const value of [texts["text-es"], "mexicali, tijuana", "sms emergency"]) expect(filledIn).toContain(value);
  const changed = await toldBy(
    await discord.modalSubmit(edit, { ...FORM, ...texts, "text-en": `${TEXTS["text-en"]} Thank you.` }),
  );
  await until(() => expect(readable(card)).toContain("Broadcast 2: draft"));
  await discord.button(changed, "Submit for approval", OLGA);
  await until(() => expect(readable(card)).toContain("waits for approval"));
  const refused = await discord.button(stale, "Approve", OMAR);
  await until(() => expect(readable(answerOf(refused))).toContain("was changed since it was shown to you"));
  await discord.button(card, "Cancel it", OMAR);
  await until(() => expect(readable(card)).toContain("Broadcast 2: cancelled"));
});

test.each([
  ["no place", { places: "Atlantis" }, /no place "Atlantis"/],
  ["a language without its text", { "text-en": "" }, /The en text is missing/],
  ["a time that has passed", { more: "2020-01-01 09:30" }, /has passed/],
  ["a word that says nothing", { more: "soonish" }, /does not know what "soonish" means/],
  ["words that are never sent", { "text-en": "Go to the bridge now." }, /Never tell people to go/],
  ["law without an answer", { "text-en": "The court changed an asylum rule." }, /link an answer that is current/],
])("with %s it is refused in words", async (_what, change, why) => {
  expect(readable(await write({ ...FORM, ...change }))).toMatch(why);
});

test("law that leads to a current answer, or has a source and a last day, is taken as written", async () => {
  const law = {
    "text-es": "La corte cambio una regla de asilo. Escriba MENU para ver los temas.",
    "text-en": "The court changed an asylum rule. Text MENU to see the topics.",
  };
  const leads = await write({ ...FORM, ...law, law: "asylum-basics/what-is-asylum" });
  expect(readable(leads)).toMatch(/Leads to: .+ \(asylum-basics\/what-is-asylum\)/);
  const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
  const sourced = await write({ ...FORM, ...law, law: `https://www.uscis.gov/news ${tomorrow}` });
  expect(readable(sourced)).toContain("a content editor has to approve it");
  expect(readable(sourced)).toContain(`True until ${tomorrow} 23:59`);
  // Changed, the form holds what was typed.
  const { modal } = await discord.button(sourced, "Edit", OLGA);
  expect(JSON.stringify(modal)).toContain(`https://www.uscis.gov/news ${tomorrow}`);
});

test("nobody without the role sees one", async () => {
  expect(readable(await list({ user: VOLUNTEER }))).toMatch(/may not see broadcasts. Who can: .*Olga/);
});
