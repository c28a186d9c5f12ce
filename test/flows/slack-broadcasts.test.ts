import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { textsOf } from "../support/block-kit.ts";
import type { FakeSlack, FakeSlackMessage, FakeSlackView, Json } from "../support/fake-slack.ts";
import { type SlackApp, startSlackApp } from "../support/slack-app.ts";
import { contentAtNoon, fictionalNumbers, seedSubscribers } from "../support/subscribers.ts";
import { until } from "../support/until.ts";

const OLGA = "U0ORGANIZER";
const OMAR = "U0SECONDORGANIZER";
const EVA = "U0EDITOR";
const RECIPIENTS = 130;

const readable = (shown: FakeSlackMessage | FakeSlackView) =>
  textsOf("view" in shown ? shown.view["blocks"] : shown.blocks).join("\n");
const buttonsOf = (shown: FakeSlackMessage | FakeSlackView) =>
  (("view" in shown ? shown.view["blocks"] : shown.blocks) as Json[])
    .flatMap((block) => (block["elements"] ?? []) as Json[])
    .filter((element) => element["type"] === "button")
    .map((element) => String((element["text"] as Json)["text"]));
const chosen = (...values: string[]): Json => ({ selected_options: values.map((value) => ({ value })) });

/** What an organizer fills in. Says nothing of law: no editor needed. */
const FORM: Readonly<Record<string, string | Json>> = {
  "text-es": "La linea de ayuda cambio de horario. Escriba MENU para ver los temas.",
  "text-en": "The help line has new hours. Text MENU to see the topics.",
  places: chosen("tijuana"),
  languages: chosen("en", "es"),
  channels: chosen("sms", "whatsapp"),
};

const IN_ENGLISH = { command: "/asylum", text: "broadcast", anew: "New broadcast" };
const IN_SPANISH = { command: "/asilo", text: "aviso", anew: "Nuevo aviso" };

let service: SlackApp;
let slack: FakeSlack;
let folder: string;

async function start(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "puente-noon-"));
  // It is noon everywhere: nobody sleeps while the test runs.
  service = await startSlackApp("http", { CONTENT_DIR: await contentAtNoon(folder), SMS_SEGMENTS_PER_SECOND: "40" });
  slack = service.slack;
  await seedSubscribers(service.environment, fictionalNumbers(RECIPIENTS));
}

async function stop(): Promise<void> {
  await service.stop();
  await rm(folder, { recursive: true, force: true });
}

const viewsOf = (user: string) => slack.views.filter((view) => view.user === user);
/** The dialogue that this opens for somebody. */
async function opens(user: string, act: () => Promise<unknown>): Promise<FakeSlackView> {
  const before = viewsOf(user).length;
  await act();
  return until(() => {
    expect(viewsOf(user)).toHaveLength(before + 1);
    return viewsOf(user).findLast(({ open }) => open) ?? expect.fail("no dialogue");
  });
}
const cardOf = (title: string) =>
  until(
    () =>
      slack.messages.find((message) => message.channel === "C0CONTENT" && readable(message).includes(title)) ??
      expect.fail(`no card says ${title}`),
  );
const numberOf = (sheet: FakeSlackView) => /Broadcast (\d+):/.exec(readable(sheet))?.[1] ?? expect.fail("no number");
/** The dialogue or the card, as soon as it says so. */
const says = (shown: FakeSlackView | FakeSlackMessage, words: string | RegExp) =>
  until(() => expect(readable(shown)).toMatch(words));
/** Somebody is told so. */
const told = (words: string | RegExp) =>
  until(() => expect(slack.messages.map(({ text }) => text).join("\n")).toMatch(words));
const outbound = () => service.twilio.messages.filter(({ direction }) => direction !== "inbound");

async function write(user: string, fields = FORM, { command, text, anew } = IN_ENGLISH): Promise<FakeSlackView> {
  const list = await opens(user, () => slack.command(text, { user_id: user, command }));
  const form = await opens(user, () => slack.click(list, anew, user));
  await slack.submit(form, fields);
  return form;
}

// A service for each: whoever tries again begins anew.
describe("a broadcast in Slack", () => {
  beforeEach(async () => {
    await start();
    return () => expect(slack.refused, "blocks that Slack refuses").toEqual([]);
  });
  afterEach(stop);

  test("goes from a dialogue over a second person to the last report, and the team is told before the first message", async () => {
    const sheet = await write(OLGA);
    await says(sheet, "Written. Nothing is sent yet");
    const [id, preview] = [numberOf(sheet), readable(sheet)];
    expect(preview).toContain(`${RECIPIENTS} people get it.`);
    expect(preview).toContain("104 people: SMS, Spanish, tells nothing, 1 segment each");
    expect(preview).toContain("Puente: hay un aviso nuevo.");
    expect(preview).toContain(FORM["text-en"]);
    expect(preview).toMatch(/SMS: 130 segments, about \$1\.53 at list price/);
    expect(buttonsOf(sheet)).toEqual(["Edit", "Send me a test", "Submit for approval", "Cancel it"]);

    await slack.click(sheet, "Send me a test", OLGA);
    await says(sheet, "Your mobile number");
    await slack.submit(sheet, { number: "+12025550188" });
    expect(JSON.stringify(sheet.errors)).toContain("has not written to Puente today");
    expect(service.lines.join()).not.toContain("2025550188");

    const list = await opens(OLGA, () => slack.command("avisos", { user_id: OLGA, command: "/asilo" }));
    expect(readable(list)).toContain(`Aviso ${id}: borrador, de Olga`);
    const again = await opens(OLGA, () => slack.click(list, `Abrir ${id}`, OLGA));
    await slack.click(again, "Pedir aprobación", OLGA);
    await says(again, "Ahora tiene que aprobarlo otra persona");
    // The card is in the language of who submitted it.
    const card = await cardOf(`Aviso ${id}: espera aprobación`);
    expect(readable(card)).toContain(FORM["text-es"]);
    expect(buttonsOf(card)).toEqual(["Aprobar", "Cambiar", "Mandarme una prueba", "Cancelarlo"]);

    await slack.click(card, "Aprobar", OLGA);
    await told(`Usted escribió el aviso ${id}: lo aprueba otra persona`);
    await slack.click(card, "Aprobar", "U0VOLUNTEER");
    await told(/no puede aprobar un aviso. Quién puede: .*Omar/);
    expect(readable(card)).toContain("espera aprobación");

    await slack.click(card, "Aprobar", OMAR);
    await says(card, "Lo aprobó Omar (Slack)");

    // All organizers and admins, and the content room, before the first message leaves.
    const about = await until(() => {
      const found = slack.messages.filter(({ text }) => /About to go out|Está por salir/.test(text));
      expect(new Set(found.map(({ channel }) => channel))).toEqual(
        new Set(["C0CONTENT", "D0ADMIN", "D0ORGANIZER", "D0SECONDORGANIZER"]),
      );
      return found;
    });
    expect(about.find(({ channel }) => channel === "D0SECONDORGANIZER")?.text).toContain("Está por salir");
    expect(about.find(({ channel }) => channel === "D0ADMIN")?.text).toContain("The help line has new hours");
    await until(() => expect(service.lines.join("\n")).toContain("broadcast.team-told"));

    // The card follows it: the first few, a pause, the rest, and the report.
    await says(card, "En pausa: ya lo tienen las primeras personas");
    expect(readable(card)).toMatch(/█+░+ 20\/130/);
    expect(outbound()).toHaveLength(20);
    await slack.click(card, "Seguir", EVA);
    await told("no puede reanudar un aviso");
    // The vendor takes none meanwhile: it does not end before somebody stops it.
    service.twilio.behave = () => ({ status: 429, code: 20429, retryAfter: 1 });
    await slack.click(card, "Seguir", OMAR);
    await says(card, "saliendo");
    await slack.click(card, "Pausar", EVA);
    await says(card, "En pausa: lo detuvo una persona");
    service.twilio.behave = () => "accept";
    await slack.click(card, "Seguir", OLGA);
    await says(card, `Aviso ${id}: terminado`);
    expect(readable(card)).toMatch(/La compañía aceptó 130 \(100\s?%\)/);
    expect(readable(card)).toContain("Costó unos");
    expect(buttonsOf(card)).toEqual([]);
    expect(new Set(outbound().map(({ to }) => to)).size).toBe(RECIPIENTS);
    expect(outbound()).toHaveLength(RECIPIENTS);
    expect(card.text + readable(card)).not.toMatch(/\+1202/);
  });

  test("what was changed after it was shown cannot be approved by the old card", async () => {
    const fields = { ...FORM, "text-es": `${FORM["text-es"]} Gracias.`, "text-en": `${FORM["text-en"]} Thanks.` };
    const sheet = await write(OLGA, fields);
    await says(sheet, "Written");
    const id = numberOf(sheet);
    await slack.click(sheet, "Submit for approval", OLGA);
    const card = await cardOf(`Broadcast ${id}: waits for approval`);
    await says(sheet, "Somebody else has to approve it now");
    const stale = { ...card, blocks: structuredClone(card.blocks) };
    await slack.click(sheet, "Edit", OLGA);
    await says(sheet, "Last day it is true");
    await slack.submit(sheet, { ...fields, "text-en": `${FORM["text-en"]} Thank you.` });
    await says(sheet, "Written");
    await says(card, `Broadcast ${id}: draft`);
    await slack.click(sheet, "Submit for approval", OLGA);
    await says(card, "waits for approval");
    await slack.click(stale, "Approve", OMAR);
    await told("was changed since it was shown to you");
    expect(readable(card)).toContain("waits for approval");
    await slack.click(card, "Cancel it", OMAR);
    await says(card, `Broadcast ${id}: cancelled`);
  });
});

describe("the form of a broadcast in Slack", () => {
  beforeAll(start);
  afterAll(stop);
  beforeEach(() => {
    slack.messages.length = 0;
    slack.views.length = 0;
    return () => expect(slack.refused, "blocks that Slack refuses").toEqual([]);
  });

  test.each([
    ["no place", { places: chosen() }, /no audience/],
    ["a language without its text", { "text-en": "" }, /The English text is missing/],
    [
      "a time that has passed",
      { day: { selected_date: "2020-01-01" }, time: { selected_time: "09:30" } },
      /has passed/,
    ],
    ["a day without a time", { day: { selected_date: "2030-01-01" } }, /both the day and the time/],
    ["words that are never sent", { "text-en": "Go to the bridge now." }, /Never tell people to go/],
    ["law without an answer", { "text-en": "The court changed an asylum rule." }, /link an answer that is current/],
  ])("with %s it is refused beside the field, and nothing typed is lost", async (_what, change, why) => {
    const form = await write(OLGA, { ...FORM, ...change });
    expect(JSON.stringify(form.errors)).toMatch(why);
    expect(form.view["callback_id"]).toBe("new-broadcast");
  });

  test.each([
    ["sin lugar", { places: chosen() }, /No le llegaría a nadie: elija un lugar/],
    ["sin un idioma", { "text-en": "" }, /Falta el texto en inglés/],
    ["con palabras que nunca salen", { "text-es": "Vaya hoy al puente." }, /En español: .*Nunca le diga a la gente/],
    ["con lo que nadie puede prometer", { "text-es": "Le van a dar el asilo." }, /Nadie puede prometer asilo/],
  ])("%s it is refused in Spanish to who writes in Spanish", async (_what, change, why) => {
    const form = await write(OLGA, { ...FORM, ...change }, IN_SPANISH);
    expect(JSON.stringify(form.errors)).toMatch(why);
    expect(JSON.stringify(form.errors)).not.toMatch(/\b(?:the|broadcast)\b/);
  });

  test("law that leads to a current answer needs no editor, and the answer's title is shown", async () => {
    const sheet = await write(OLGA, {
      ...FORM,
      "text-es": "La corte cambio una regla de asilo. Escriba MENU para ver los temas.",
      "text-en": "The court changed an asylum rule. Text MENU to see the topics.",
      topic: { selected_option: { value: "asylum-basics/what-is-asylum" } },
    });
    await says(sheet, /Leads to: .+ \(asylum-basics\/what-is-asylum\)/);
    expect(readable(sheet)).not.toContain("content editor");
  });

  test("nobody without the role writes or reads one, and guests have no button for it", async () => {
    await slack.command("broadcast", { user_id: "U0VOLUNTEER" });
    await told(/may not see broadcasts. Who can: .*Olga/);
    for (const user of ["U0VOLUNTEER", OLGA]) {
      await slack.event({ type: "app_home_opened", user, channel: "D0X", tab: "home", event_ts: "1.7" });
      await until(() => expect(slack.homes.has(user)).toBe(true));
    }
    const home = (user: string) => JSON.stringify(slack.homes.get(user));
    expect(home("U0VOLUNTEER")).not.toContain('"Broadcasts"');
    await opens(OLGA, () => slack.click({ home: OLGA }, "Broadcasts", OLGA));
  });
});
