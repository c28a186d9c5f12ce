import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Answering, createAnswering } from "../../src/answering.ts";
import { loadConfig } from "../../src/config.ts";
import { createServer, type Server } from "../../src/http/server.ts";
import { createSimulatorRoutes } from "../../src/web/simulator.ts";
import type { SimulatorAnswer } from "../../src/web/simulator-answer.ts";
import { fixtureTranslate, fixtureTree } from "../content/fixture.ts";
import { testClock } from "../support/clock.ts";
import { recorder } from "../support/recorder.ts";

const PUSHED_BACK = "me estan regresando en el puente que hago";

let directory: string;
let answering: Answering;
let clock: ReturnType<typeof testClock>;
let server: Server;
const { logger, lines } = recorder();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "puente-"));
  clock = testClock();
  const config = loadConfig({
    MODEL_DIR: process.env["MODEL_DIR"],
    DATABASE_URL: `sqlite:${join(directory, "puente.db")}`,
  });
  answering = await createAnswering(config, { clock: { now: () => clock.now() }, logger });
});
afterAll(async () => {
  await answering.matcher.stop();
  await rm(directory, { recursive: true, force: true });
});

beforeEach(async () => {
  clock = testClock();
  const { session, tree, translate } = answering;
  const routes = createSimulatorRoutes({ start: () => session(), tree, translate, clock: { now: () => clock.now() } });
  server = await createServer({ routes, logger, loopbackOnly: {} });
});
afterEach(() => server.close());

const headers = { host: "127.0.0.1" };
const get = (url: string, more: Record<string, string> = {}) =>
  server.inject({ method: "GET", url, headers: { ...headers, ...more } });
const post = (payload: object, url = "/simulator/messages") => server.inject({ method: "POST", url, headers, payload });
async function say(message: object): Promise<SimulatorAnswer> {
  const answer = await post({ channel: "sms", ...message });
  expect(answer.statusCode).toBe(200);
  return answer.json();
}
const textOf = (answer: SimulatorAnswer) => answer.messages.map(({ text }) => text).join("\n");

test("the root leads to the page, in the browser's language unless one is asked for", async () => {
  expect((await get("/")).headers["location"]).toBe("/simulator");
  expect((await get("/simulator", { "accept-language": "es-MX,en;q=0.5" })).body).toContain('<html lang="es">');
  expect((await get("/simulator", { "accept-language": "fr,en-US;q=0.5" })).body).toContain('<html lang="en">');
  expect((await get("/simulator?lang=en", { "accept-language": "es" })).body).toContain('<html lang="en">');
  expect((await get("/simulator?lang=%22%3E%3Cscript%3E", { "accept-language": "es" })).body).toContain(
    '<html lang="es">',
  );
});

test("the page holds no inline script or style, and every file it names is served", async () => {
  const { body } = await get("/simulator");
  expect(body).not.toMatch(/<script(?![^>]*(src=|application\/json))|<style|\sstyle=|\son\w+=/);
  const named = [...body.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = ""]) => path);
  expect(named.length).toBeGreaterThan(2);
  for (const path of named) expect((await get(path)).statusCode).toBe(200);
  expect((await get("/simulator/../simulator.ts")).statusCode).toBe(404);
});

test("a question is answered with what each part costs and why it is the answer", async () => {
  const answer = await say({ text: PUSHED_BACK });
  expect(textOf(answer)).toContain("I am afraid to go back");
  expect(answer).toMatchObject({ began: true, locale: "es", messages: [{ encoding: "GSM-7", segments: 2 }] });
  expect(answer.messages[0]?.units).toBe(answer.messages[0]?.text.length);
  expect(answer.why).toMatchObject({
    kind: "danger",
    topics: [{ id: "port-of-entry/turned-back" }],
    answer: { status: "checked" },
  });
  expect(answer.why?.answer?.sources.length).toBeGreaterThan(0);
});

test("a form is taken as well as JSON", async () => {
  const answer = await server.inject({
    method: "POST",
    url: "/simulator/messages",
    headers: { ...headers, "content-type": "application/x-www-form-urlencoded" },
    payload: "channel=whatsapp&text=ayuda",
  });
  expect(answer.json().why.kind).toBe("command");
});

test("a conversation goes on under its id, and a new phone knows nothing of it", async () => {
  const first = await say({ text: PUSHED_BACK });
  const { session } = first;
  expect(await say({ session, text: "FUENTES" })).toMatchObject({ session, began: false });
  expect((await post({ session }, "/simulator/reset")).statusCode).toBe(204);
  const after = await say({ session, text: "FUENTES" });
  expect(after.began).toBe(true);
  expect(after.session).not.toBe(session);
});

test("a conversation is forgotten 30 minutes after its last use", async () => {
  const { session } = await say({ text: "ayuda" });
  clock.advance(29 * 60_000);
  expect((await say({ session, text: "ayuda" })).began).toBe(false);
  clock.advance(30 * 60_000);
  expect((await say({ session, text: "ayuda" })).began).toBe(true);
});

test("of more than a hundred conversations the one unused for longest is dropped", async () => {
  const { session: oldest } = await say({ text: "ayuda" });
  const { session: used } = await say({ text: "ayuda" });
  for (let i = 0; i < 98; i += 1) await say({ text: "ayuda" });
  await say({ session: used, text: "ayuda" });
  await say({ text: "ayuda" });
  expect((await say({ session: used, text: "ayuda" })).began).toBe(false);
  expect((await say({ session: oldest, text: "ayuda" })).began).toBe(true);
});

test("a location finds help, a voice note gets a way on", async () => {
  const place = await say({ channel: "whatsapp", lat: 32.5149, lon: -117.0382 });
  expect(place.why?.decidedBy).toContain("tijuana");
  const voice = await say({ channel: "whatsapp", media: "voice" });
  expect(voice.choices.length).toBeGreaterThan(1);
  expect(textOf(voice)).toContain("911");
});

test("what cannot be a message is refused, and any text is one", async () => {
  for (const bad of [{ channel: "fax" }, { text: 7 }, { channel: "sms", lat: 900, lon: 0 }, [], "x"]) {
    const payload = typeof bad === "string" ? JSON.stringify(bad) : bad;
    const answer = await server.inject({
      method: "POST",
      url: "/simulator/messages",
      headers: { ...headers, "content-type": "application/json" },
      payload,
    });
    expect(answer.statusCode).toBe(400);
  }
  expect((await post({}, "/simulator/reset")).statusCode).toBe(400);
  expect((await post({ channel: "sms", text: "x".repeat(70_000) })).statusCode).toBe(413);
  for (const text of ["", "🙏🙏", "x".repeat(10_000), "\u0000\u0007", "\ud800", "\u202eolleh"])
    expect((await say({ text })).messages.length).toBeGreaterThan(0);
});

test("neither the question nor the session appears in a log", async () => {
  const { session } = await say({ text: PUSHED_BACK });
  expect(lines.join()).not.toContain("regresando");
  expect(lines.join()).not.toContain(session);
});

test("the page speaks a third language as soon as content and texts do", async () => {
  const [tree, translate] = [await fixtureTree(), await fixtureTranslate()];
  const routes = createSimulatorRoutes({ start: () => answering.session(), tree: () => tree, translate, clock });
  const page = await (await createServer({ routes, logger, loopbackOnly: {} })).inject({
    url: "/simulator",
    headers: { ...headers, "accept-language": "pt-BR,pt;q=0.9" },
  });
  expect(page.body).toContain('<html lang="pt">');
  expect(page.body).toContain("Isto é um simulador");
  for (const name of ["English", "Español", "Português"]) expect(page.body).toContain(`>${name}</a>`);
  expect(page.body).toContain('"segments_many":"# de segmentos"');
});
