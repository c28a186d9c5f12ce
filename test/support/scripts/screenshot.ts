import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { createAnswering } from "../../../src/answering.ts";
import { createApp } from "../../../src/app.ts";
import { loadConfig } from "../../../src/config.ts";
import { findChromium, launchChromium } from "../browser.ts";
import { testClock } from "../clock.ts";

/** The pictures of the README: the real page, answering, in a browser. Run with `npm run screenshot`. */
const IMAGES = resolve(import.meta.dirname, "../../../docs/images");

interface Picture extends BrowserContextOptions {
  readonly name: string;
  readonly channel: "SMS" | "WhatsApp";
  readonly question: string;
}

const desk = { viewport: { width: 1180, height: 820 }, deviceScaleFactor: 1.5 };
const PICTURES: readonly Picture[] = [
  {
    name: "simulator",
    ...desk,
    locale: "es-MX",
    channel: "SMS",
    question: "me estan regresando en el puente que hago",
  },
  {
    name: "simulator-dark",
    ...desk,
    locale: "en-US",
    colorScheme: "dark",
    channel: "WhatsApp",
    question: "what do i say to the officer to ask for asylum",
  },
  {
    name: "simulator-phone",
    viewport: { width: 390, height: 780 },
    deviceScaleFactor: 1.5,
    locale: "es-MX",
    channel: "SMS",
    question: "me estan regresando en el puente que hago",
  },
];

const chromium = findChromium();
if (chromium !== undefined) {
  await mkdir(IMAGES, { recursive: true });
  const directory = await mkdtemp(join(tmpdir(), "puente-"));
  const config = loadConfig({ PORT: "0", LOG_LEVEL: "error", DATABASE_URL: `sqlite:${join(directory, "puente.db")}` });
  // The trained model is made first, so that the pictures show what people get.
  const { matcher } = await createAnswering(config);
  await matcher.ready;
  await matcher.stop();
  const app = await createApp(config, { clock: testClock() });
  const { localUrl } = await app.start();
  const browser = await launchChromium(chromium);
  try {
    for (const picture of PICTURES) console.log(await take(browser, localUrl, picture));
  } finally {
    await browser.close();
    await app.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function take(browser: Browser, url: string, { name, channel, question, ...options }: Picture): Promise<string> {
  const page = await browser.newPage({ ...options, reducedMotion: "reduce" });
  await page.goto(url);
  await page.getByRole("radio", { name: channel }).check();
  await page.getByRole("textbox").fill(question);
  await page.keyboard.press("Enter");
  await page.locator(".log:visible .theirs").waitFor();
  await page.evaluate("document.activeElement.blur()");
  const path = join(IMAGES, `${name}.png`);
  await page.screenshot({ path });
  await page.close();
  return path;
}
