import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createAnswering } from "../../src/answering.ts";
import { startApp } from "../support/app.ts";
import { runningClock } from "../support/clock.ts";
import { type FakeTwilio, startFakeTwilio } from "../support/fake-twilio.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const PERSON = "+12025550123";
const WHATSAPP = { from: `whatsapp:${PERSON}`, to: "whatsapp:+12025550100" };

let twilio: FakeTwilio;
let clock: ReturnType<typeof runningClock>;
beforeEach(async () => {
  clock = runningClock();
  twilio = await startFakeTwilio({ now: () => clock.now() });
  onTestFinished(async () => {
    // Whatever a test did: every request it made holds against Twilio's published description.
    expect(twilio.violations).toEqual([]);
    await twilio.close();
  });
});

const eventually = <T>(read: () => T) => expect.poll(read);
const said = (to = PERSON) => twilio.messages.filter((message) => message.to === to).map((message) => message.said);
const count = (counts: Map<string, number>, name: string) => counts.get(name) ?? 0;

test("200 signed messages at once are each answered exactly once, the parts in order", async () => {
  const app = await startApp({ apiUrl: twilio.url, clock });
  const people = Array.from({ length: 200 }, (_, index) => `+1202555${String(1000 + index)}`);
  const answering = await createAnswering({ ...app.config, logLevel: "error" });
  // By then the service, which began before, has its model too.
  await answering.matcher.ready;
  const questions = ["me estan regresando en el puente que hago", "AYUDA", "menu", "necesito cita para pedir asilo"];
  const questionOf = (index: number) => questions[index % questions.length] ?? "";
  const statuses = await Promise.all(
    people.map((from, index) => twilio.inbound(questionOf(index), { webhook: app.webhook, from })),
  );
  expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([200]));
  const expected = people.map((_, index) => {
    const session = answering.session();
    return session.say({ text: questionOf(index) }, "sms").messages.map(({ text }) => text);
  });
  const total = expected.flat().length;
  await eventually(() => twilio.messages.length).toBe(total);
  expect(people.map((person) => said(person))).toEqual(expected);
});

describe("STOP, and a text about a kidnapping a day later", () => {
  test("is answered where the vendor lets it through", async () => {
    const app = await startApp({ apiUrl: twilio.url, clock });
    await twilio.inbound("ALTO", { webhook: app.webhook, from: PERSON });
    // Sent, and known to be: what the clock overtakes is late, or of unknown fate.
    await eventually(() => count(app.counts, "delivery_sent")).toBe(1);
    clock.advance(DAY);
    const before = said().length;
    await twilio.inbound("me secuestraron y no me dejan salir", { webhook: app.webhook, from: PERSON });
    await eventually(() => said().length).toBeGreaterThan(before);
    expect(said().at(before)).toContain("911");
  });

  test("is shown as unreachable where the vendor blocks it", async () => {
    const app = await startApp({ apiUrl: twilio.url, clock });
    await twilio.inbound("STOP", { webhook: app.webhook, from: PERSON, advancedOptOut: true });
    // Nothing goes out that could be waited for; but a stop finishes what is under way.
    await app.restart();
    clock.advance(DAY);
    await twilio.inbound("me secuestraron y no me dejan salir", { webhook: app.webhook, from: PERSON });
    await eventually(() => app.lines.some((line) => line.includes("21610"))).toBe(true);
    expect(said()).toEqual([]);
    expect(app.lines.find((line) => line.includes("21610"))).toContain("opted-out");
  });

  test("when Twilio has answered STOP itself, nothing is sent", async () => {
    const app = await startApp({ apiUrl: twilio.url, clock });
    await twilio.inbound("STOP", { webhook: app.webhook, from: PERSON, advancedOptOut: true });
    await app.idle();
    expect(count(app.counts, "message_accepted")).toBe(1);
    expect(twilio.calls).not.toContain("CreateMessage");
  });
});

test.each([
  ["21610", PERSON],
  ["63014", WHATSAPP.from],
])("a receipt with %s through the real route is an opt-out", async (code, from) => {
  const app = await startApp({ apiUrl: twilio.url, clock });
  await twilio.inbound("AYUDA", { webhook: app.webhook, from, to: from === PERSON ? "+12025550100" : WHATSAPP.to });
  await app.idle();
  const [message] = twilio.messages;
  if (message === undefined) throw new Error("nothing was sent");
  expect(await twilio.callback(message, "failed", Number(code))).toBe(204);
  expect(count(app.counts, "receipt_failed")).toBe(1);
  expect(count(app.counts, "opted_out_by_vendor")).toBe(1);
});

describe("WhatsApp", () => {
  /** After this every reply is one message: the first of all has a second, which says what Puente is. */
  const greet = async ({ webhook }: { readonly webhook: string }) => {
    await twilio.inbound("hola", { webhook, ...WHATSAPP });
    await eventually(() => twilio.messages.length).toBe(2);
  };

  test("a menu has a list, and a tapped row is answered like its number", async () => {
    const app = await startApp({ apiUrl: twilio.url, clock });
    const ask = (text: string, more: Record<string, string> = {}) =>
      twilio.inbound(text, { webhook: app.webhook, ...WHATSAPP, more });
    const menu = async () => {
      const before = twilio.messages.length;
      await ask("menu");
      await eventually(() => twilio.messages.length).toBe(before + 1);
      return twilio.messages.at(-1);
    };
    await greet(app);
    // The list is made meanwhile; until the answer to that call has arrived, too, a menu goes out as text.
    await eventually(async () => (await menu())?.buttons.length).toBeGreaterThan(3);
    const before = twilio.messages.length;
    const list = twilio.messages.at(-1);
    expect(list?.body).toContain(`1 ${list?.buttons[0]?.title}`);
    const row = list?.buttons[1];
    await ask(row?.title ?? "", { ListId: row?.id ?? "", ListTitle: row?.title ?? "" });
    await eventually(() => twilio.messages.length).toBe(before + 1);
    const tapped = twilio.messages[before]?.said;
    expect(tapped).toMatch(/^1 /m);
    expect(tapped).not.toBe(list?.said);
  });

  test("voice notes, stickers and places are answered sensibly, and no place is kept", async () => {
    const app = await startApp({ apiUrl: twilio.url, clock });
    const send = async (text: string, media: string[], more: Record<string, string> = {}) => {
      const before = twilio.messages.length;
      await twilio.inbound(text, { webhook: app.webhook, ...WHATSAPP, media, more });
      await eventually(() => twilio.messages.length).toBeGreaterThan(before);
      return twilio.messages[before]?.said ?? "";
    };
    await greet(app);
    expect(await send("", ["audio/ogg"])).toContain("911");
    expect(await send("", ["image/webp"])).toContain("911");
    expect(await send("", [], { Latitude: "32.5423", Longitude: "-117.0301" })).toContain("Ayuda legal cerca de");
    expect(JSON.stringify(app.lines)).not.toMatch(/32\.54|117\.03/);
  });

  test("somebody who hides the number is answered by the opaque id", async () => {
    const app = await startApp({ apiUrl: twilio.url, clock });
    const from = "whatsapp:US.abc123";
    await twilio.inbound("AYUDA", {
      webhook: app.webhook,
      from,
      to: WHATSAPP.to,
      more: { ExternalUserId: "US.abc123" },
    });
    await eventually(() => said(from).length).toBeGreaterThan(0);
  });
});

test("a message whose webhook was lost is answered after a restart, once", async () => {
  const app = await startApp({ apiUrl: twilio.url, clock });
  await twilio.inbound("me estan regresando en el puente que hago", { from: PERSON });
  clock.advance(2 * MINUTE);
  await app.restart();
  await eventually(() => said().length).toBeGreaterThan(0);
  await app.idle();
  const sent = said().length;
  // Who is answered after the second restart was found by a look that found the first message again.
  const other = "+12025550124";
  await twilio.inbound("menu", { from: other });
  clock.advance(2 * MINUTE);
  await app.restart();
  await eventually(() => said(other).length).toBeGreaterThan(0);
  await app.idle();
  expect(said()).toHaveLength(sent);
});
