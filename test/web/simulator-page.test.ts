import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type App, createApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import { findChromium, launchChromium } from "../support/browser.ts";
import { testClock } from "../support/clock.ts";
import { recorder } from "../support/recorder.ts";

const chromium = findChromium();
const lookOver = await readFile(new URL("../support/look-over.js", import.meta.url), "utf8");
const SPANISH = "me estan regresando en el puente que hago";
const ENGLISH = "they are sending me back at the bridge right now what do i do";
const PHONE_SIZE = { width: 390, height: 844 };
const SMALL = { width: 320, height: 568 };
const DESK = { width: 1200, height: 860 };

describe.skipIf(chromium === undefined)("the simulator's page in Chromium", () => {
  let directory: string;
  let app: App;
  let url: string;
  let browser: Browser;
  let requested: string[];
  let complaints: string[];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "puente-"));
    const config = loadConfig({
      PORT: "0",
      MODEL_DIR: process.env["MODEL_DIR"],
      DATABASE_URL: `sqlite:${join(directory, "puente.db")}`,
    });
    app = await createApp(config, { clock: testClock(), logger: recorder().logger });
    url = (await app.start()).localUrl;
    browser = await launchChromium(chromium ?? "");
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
    await rm(directory, { recursive: true, force: true });
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(complaints).toEqual([]);
    expect(requested.filter((address) => new URL(address).hostname !== "127.0.0.1")).toEqual([]);
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({
      locale: "es-MX",
      viewport: PHONE_SIZE,
      reducedMotion: "reduce",
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    requested = [];
    complaints = [];
    page.on("request", (request) => requested.push(request.url()));
    page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(url);
    return page;
  }

  /** Types a message as a person does, and waits for its reply. */
  async function ask(page: Page, words: string): Promise<void> {
    const replies = await page.locator(".log:visible .theirs").count();
    await page.getByRole("textbox").fill(words);
    await page.keyboard.press("Enter");
    await page.locator(".log:visible .theirs").nth(replies).waitFor();
  }

  test("someone turned back asks in Spanish and sees the answer, its cost and its sources", async () => {
    const page = await open();
    await ask(page, SPANISH);
    const reply = page.getByRole("log", { name: "Mensajes" }).locator(".theirs");
    expect(await reply.locator("[lang=es]").innerText()).toMatch(
      /diga con calma:\s+"I am afraid to go back. I want to ask for asylum."/,
    );
    expect(await reply.locator(".cost").innerText()).toMatch(/^GSM-7 · \d+ caracteres · 2 segmentos$/);
    const why = page.getByRole("region", { name: "Por qué esta respuesta" });
    expect(await why.innerText()).toMatch(
      /Peligro[\s\S]+port-of-entry\/turned-back[\s\S]+Ningún abogado[\s\S]+de 2026/,
    );
    const sources = why.getByRole("link");
    expect(await sources.count()).toBeGreaterThan(2);
    expect(await sources.first().getAttribute("href")).toMatch(/^https:/);
  });

  test("the same in English", async () => {
    const page = await open({ locale: "en-US" });
    await ask(page, ENGLISH);
    const reply = page.locator(".theirs").first();
    expect(await reply.locator("[lang=en]").innerText()).toMatch(
      /say calmly[^:]*:\s+"I am afraid to go back. I want to ask for asylum."/,
    );
    expect(await reply.locator(".cost").innerText()).toMatch(/^GSM-7 · \d+ characters · 2 segments$/);
    const why = page.getByRole("region", { name: "Why this answer" });
    expect(await why.innerText()).toMatch(/Danger[\s\S]+port-of-entry\/turned-back[\s\S]+Sources/);
  });

  test("all of it can be done with a keyboard", async () => {
    const page = await open({ viewport: DESK });
    const goTo = async (key: "Tab" | "Shift+Tab", wanted: string) => {
      for (let i = 0; i < 30 && (await page.locator(`${wanted}:focus`).count()) === 0; i += 1)
        await page.keyboard.press(key);
      expect(await page.locator(`${wanted}:focus-visible`).count()).toBe(1);
    };
    await goTo("Tab", "[value=sms]");
    await page.keyboard.press("ArrowRight");
    await page.locator("[data-channel=whatsapp]").waitFor();
    await goTo("Tab", "textarea");
    await page.keyboard.type("ayuda");
    await page.keyboard.press("Enter");
    await page.locator("button.choice").first().waitFor();
    await goTo("Shift+Tab", "button.choice");
    const label = await page.locator("button.choice:focus").innerText();
    await page.keyboard.press("Enter");
    await page.locator(".theirs").nth(1).waitFor();
    expect(await page.locator(".mine .bubble").nth(1).innerText()).toContain(label.slice(0, 1));
    await page.locator("textarea:focus").waitFor();
    await goTo("Shift+Tab", "[data-do=newPhone]");
    await page.keyboard.press("Enter");
    await page.locator(".begin").waitFor();
    await page.locator("textarea:focus").waitFor();
  });

  test("SMS and WhatsApp are two conversations, and only WhatsApp offers buttons and hides the cost", async () => {
    const page = await open();
    await ask(page, "AYUDA");
    expect(await page.locator("button.choice").count()).toBe(0);
    await page.getByRole("radio", { name: "WhatsApp" }).check();
    await page.locator(".begin").waitFor();
    await ask(page, "AYUDA");
    expect(await page.locator(".cost:visible").count()).toBe(0);
    await page.locator("button.choice").nth(1).click();
    await page.locator(".log:visible .theirs").nth(1).waitFor();
    // The numbers of the first menu mean something else now.
    expect(await page.locator(".log:visible .theirs").first().locator("button.choice").count()).toBe(0);
    await page.getByRole("radio", { name: "SMS" }).check();
    expect(await page.locator(".log:visible .turn").count()).toBe(2);
  });

  test("a voice note, a picture and a location are answered", async () => {
    const page = await open();
    await page.getByRole("radio", { name: "WhatsApp" }).check();
    for (const [index, name] of [
      "Mandar una nota de voz",
      "Mandar una foto",
      "Mandar una ubicación en Tijuana",
    ].entries()) {
      await page.getByRole("button", { name }).click();
      await page.locator(".log:visible .theirs").nth(index).waitFor();
    }
    expect(await page.locator(".log:visible .theirs").last().innerText()).toContain("Tijuana");
  });

  test("the page changes its language and keeps the conversation", async () => {
    const page = await open();
    await ask(page, SPANISH);
    await page.getByRole("link", { name: "English" }).click();
    await page.locator("html[lang=en]").waitFor();
    expect(await page.locator(".cost").first().innerText()).toContain("2 segments");
    expect(await page.getByRole("heading", { level: 2 }).innerText()).toBe("Why this answer");
    await page.locator(".theirs [lang=es]").first().waitFor();
    await page.reload();
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
  });

  test("an earlier reply shows its own reasons again", async () => {
    const page = await open();
    await ask(page, SPANISH);
    await ask(page, "AYUDA");
    const why = page.getByRole("region", { name: "Por qué esta respuesta" });
    expect(await why.innerText()).not.toContain("turned-back");
    await page.getByRole("button", { name: "Por qué esta respuesta" }).first().click();
    expect(await why.innerText()).toContain("turned-back");
    await page.locator(".why:focus").waitFor();
  });

  test("what could not be sent is given back", async () => {
    const page = await open();
    await page.route("**/simulator/messages", (route) => route.fulfill({ status: 500, body: "" }));
    await page.getByRole("textbox").fill("hola");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("No se pudo enviar").waitFor();
    expect(await page.getByRole("textbox").inputValue()).toBe("hola");
    // Chromium reports the failed request itself.
    complaints = [];
  });

  for (const [name, viewport] of Object.entries({ small: SMALL, phone: PHONE_SIZE, desk: DESK })) {
    test(`nothing is cut off on a ${name} screen`, async () => {
      const page = await open({ viewport });
      await page.getByRole("radio", { name: "WhatsApp" }).check();
      await ask(page, SPANISH);
      expect(await page.locator("html").evaluate((root) => root.scrollWidth - root.clientWidth)).toBeLessThanOrEqual(0);
      const send = await page.getByRole("button", { name: "Enviar" }).boundingBox();
      expect((send?.y ?? Infinity) + (send?.height ?? 0)).toBeLessThanOrEqual(viewport.height);
      expect((send?.x ?? Infinity) + (send?.width ?? 0)).toBeLessThanOrEqual(viewport.width);
    });
  }

  for (const colorScheme of ["light", "dark"] as const) {
    for (const channel of ["SMS", "WhatsApp"]) {
      test(`${channel} in ${colorScheme} colours: every text has contrast, every control a name and a size`, async () => {
        const page = await open({ colorScheme });
        await page.getByRole("radio", { name: channel }).check();
        await ask(page, "AYUDA");
        await ask(page, SPANISH);
        const seen = await page.evaluate(lookOver);
        expect(seen).toEqual({ dark: colorScheme === "dark", faint: [], nameless: [], tiny: [] });
      });
    }
  }
});
