import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type DiscordApp, EDITOR, ORGANIZER, SECOND_ORGANIZER, startDiscordApp } from "../support/discord-app.ts";
import { textsOf } from "../support/discord-components.ts";
import { CONTENT_ROOM, type FakeDiscordMessage } from "../support/discord-objects.ts";
import type { FakeDiscord } from "../support/fake-discord.ts";
import { answerOf, VOLUNTEER } from "../support/fake-discord-people.ts";
import type { FakeInteraction } from "../support/fake-discord-state.ts";
import { contentAtNoon, fictionalNumbers, seedSubscribers } from "../support/subscribers.ts";
import { until } from "../support/until.ts";

const RECIPIENTS = 130;
const OLGA = { user: ORGANIZER };
const OMAR = { user: SECOND_ORGANIZER };
const TEXTS = {
  "text-es": "La linea de ayuda cambio de horario. Escriba MENU para ver los temas.",
  "text-en": "The help line has new hours. Text MENU to see the topics.",
};
const FORM = { ...TEXTS, places: "Tijuana", law: "", more: "" };

interface Language {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
  readonly anew: string;
}
const IN_ENGLISH: Language = { name: "asylum", options: { question: "broadcast" }, anew: "New broadcast" };
const IN_SPANISH: Language = { name: "asilo", options: { pregunta: "aviso" }, anew: "Nuevo aviso" };

const readable = (message: FakeDiscordMessage) =>
  textsOf({ components: message.components }).join("\n").replace(/\\(.)/g, "$1");

let service: DiscordApp;
let discord: FakeDiscord;
let folder: string;

async function start(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "puente-noon-"));
  service = await startDiscordApp({ CONTENT_DIR: await contentAtNoon(folder), SMS_SEGMENTS_PER_SECOND: "40" });
  discord = service.discord;
  await seedSubscribers(service.environment, fictionalNumbers(RECIPIENTS));
  await discord.until(() => discord.gateway.connected === 1, "the gateway");
}

async function stop(): Promise<void> {
  await service.stop();
  await rm(folder, { recursive: true, force: true });
}

beforeEach(() => () => expect(discord.violations, "what Discord refuses").toEqual([]));

const list = async (from = OLGA, { name, options }: Language = IN_ENGLISH) =>
  answerOf(await discord.slash(name, options, from));
/** What a sent dialogue is answered with. */
const toldBy = (sent: FakeInteraction) => until(() => sent.followUps.at(-1) ?? expect.fail("nothing was said"));
const numberOf = (sheet: FakeDiscordMessage) =>
  /Broadcast (\d+):/.exec(readable(sheet))?.[1] ?? expect.fail("no number");
const cardOf = (title: string) =>
  until(
    () =>
      discord.messages.find((message) => message.channelId === CONTENT_ROOM && readable(message).includes(title)) ??
      expect.fail(`no card says ${title}`),
  );

async function write(
  fields: Readonly<Record<string, string>> = FORM,
  language: Language = IN_ENGLISH,
): Promise<FakeDiscordMessage> {
  const form = await discord.button(await list(OLGA, language), language.anew, OLGA);
  return toldBy(await discord.modalSubmit(form, fields));
}

// A service for each: whoever tries again begins anew.
describe("a broadcast in Discord", () => {
  beforeEach(start);
  afterEach(stop);

  test("goes from a dialogue over a second person to the last report, and the team is told first", async () => {
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
    const card = await cardOf(`Broadcast ${numberOf(sheet)}: waits for approval`);
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
    // The vendor takes none meanwhile: it does not end before somebody stops it.
    service.twilio.behave = () => ({ status: 429, code: 20429, retryAfter: 1 });
    await discord.button(card, "Resume", OMAR);
    await until(() => expect(readable(card)).toContain("going out"));
    await discord.button(card, "Pause", { user: EDITOR });
    await until(() => expect(readable(card)).toContain("Paused by hand"));
    service.twilio.behave = () => "accept";
    await discord.button(card, "Resume", OLGA);
    await until(() => expect(readable(card)).toContain(": finished"));
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
    const card = await cardOf(`Broadcast ${numberOf(sheet)}: waits for approval`);
    const stale = { ...card, components: structuredClone(card.components) };
    const edit = await discord.button(card, "Edit", OLGA);
    const filledIn = JSON.stringify(edit.modal);
    for (const value of [texts["text-es"], "mexicali, tijuana", "sms emergency"]) expect(filledIn).toContain(value);
    const changed = await toldBy(
      await discord.modalSubmit(edit, { ...FORM, ...texts, "text-en": `${TEXTS["text-en"]} Thank you.` }),
    );
    await until(() => expect(readable(card)).toContain(": draft"));
    await discord.button(changed, "Submit for approval", OLGA);
    await until(() => expect(readable(card)).toContain("waits for approval"));
    const refused = await discord.button(stale, "Approve", OMAR);
    await until(() => expect(readable(answerOf(refused))).toContain("was changed since it was shown to you"));
    await discord.button(card, "Cancel it", OMAR);
    await until(() => expect(readable(card)).toContain(": cancelled"));
  });
});

describe("the form of a broadcast in Discord", () => {
  beforeAll(start);
  afterAll(stop);

  test.each([
    ["no place", { places: "Atlantis" }, /no place "Atlantis"/],
    ["a language without its text", { "text-en": "" }, /The English text is missing/],
    ["a time that has passed", { more: "2020-01-01 09:30" }, /has passed/],
    ["a word that says nothing", { more: "soonish" }, /does not know what "soonish" means/],
    ["words that are never sent", { "text-en": "Go to the bridge now." }, /Never tell people to go/],
    ["law without an answer", { "text-en": "The court changed an asylum rule." }, /link an answer that is current/],
  ])("with %s it is refused in words", async (_what, change, why) => {
    expect(readable(await write({ ...FORM, ...change }))).toMatch(why);
  });

  test.each([
    ["un lugar que no hay", { places: "Atlantis" }, /no hay ningún lugar "Atlantis"/],
    ["un idioma sin texto", { "text-en": "" }, /Falta el texto en inglés/],
    ["una palabra que no dice nada", { more: "pronto" }, /no sabe qué quiere decir "pronto"/],
    ["palabras que nunca salen", { "text-es": "Vaya hoy al puente." }, /En español: .*Nunca le diga a la gente/],
  ])("con %s it is refused in Spanish to who writes in Spanish", async (_what, change, why) => {
    const refused = readable(await write({ ...FORM, ...change }, IN_SPANISH));
    expect(refused).toMatch(why);
    expect(refused).not.toMatch(/\b(?:the|broadcast)\b/);
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

  test("written in Spanish, it is changed in a form with Spanish words in it", async () => {
    const sheet = await write({ ...FORM, places: "todos", more: "emergencia" }, IN_SPANISH);
    const { modal } = await discord.button(sheet, "Cambiar", OLGA);
    for (const word of ["todos", "emergencia"]) expect(JSON.stringify(modal)).toContain(`"value":"${word}"`);
  });

  test("nobody without the role sees one", async () => {
    expect(readable(await list({ user: VOLUNTEER }))).toMatch(/may not see broadcasts. Who can: .*Olga/);
    expect(readable(await list({ user: VOLUNTEER }, IN_SPANISH))).toMatch(
      /no puede ver los avisos. Quién puede: .*Olga/,
    );
  });
});
