import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answering, createAnswering } from "../../../src/answering.ts";
import { createConsoleChat } from "../../../src/channels/console/chat.ts";
import { loadConfig } from "../../../src/config.ts";
import { testClock } from "../../support/clock.ts";
import { recorder } from "../../support/recorder.ts";

let directory: string;
let answering: Answering;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "puente-"));
  const config = loadConfig({
    MODEL_DIR: process.env["MODEL_DIR"],
    DATABASE_URL: `sqlite:${join(directory, "puente.db")}`,
  });
  answering = await createAnswering(config, { clock: testClock(), logger: recorder().logger });
});
afterAll(async () => {
  await answering.matcher.stop();
  await rm(directory, { recursive: true, force: true });
});

/** What the chat prints when these lines are piped into it. */
async function chat(lines: readonly string[], why = false): Promise<string> {
  const input = new PassThrough();
  const output = new PassThrough();
  const { session, translate } = answering;
  const run = createConsoleChat({ start: () => session(), input, output, translate, locale: "es", why }).run();
  input.end(lines.map((line) => `${line}\n`).join(""));
  await run;
  return String(output.read() ?? "");
}

test("piped questions are answered in order, each part with what it costs, without colours or prompts", async () => {
  const printed = await chat(["me estan regresando en el puente que hago", "AYUDA"]);
  expect(printed).toMatch(/I am afraid to go back[\s\S]+GSM-7 · \d+ caracteres · 2 segmentos[\s\S]+Peligro ahora/);
  expect(printed).not.toContain("\u001b");
  expect(printed).not.toContain("sms >");
});

test("on WhatsApp nothing is counted and accents stay", async () => {
  const printed = await chat(["/whatsapp", "AYUDA"]);
  expect(printed).toContain("México");
  expect(printed).not.toContain("GSM-7");
});

test("why is one line on what decided", async () => {
  const printed = await chat(["me estan regresando en el puente que hago"], true);
  expect(printed).toMatch(/^danger: danger rule \S+; port-of-entry\/turned-back; checked, sources to 2026-/m);
});

test("a reset begins a new conversation", async () => {
  const welcome = answering.translate("es", "reply.welcome").slice(0, 20);
  const welcomes = (printed: string) => printed.split(welcome).length - 1;
  expect(welcomes(await chat(["AYUDA", "AYUDA"]))).toBe(1);
  expect(welcomes(await chat(["AYUDA", "/reset", "AYUDA"]))).toBe(2);
});

test("/quit ends it, empty lines are nothing, and an unknown order lists those there are", async () => {
  const printed = await chat(["", "/nope", "/quit", "AYUDA"]);
  expect(printed).toContain("/whatsapp");
  expect(printed).not.toContain("Peligro ahora");
});
