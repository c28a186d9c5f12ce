import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { contentSign } from "../../src/cli/content.ts";
import { loadTree } from "../../src/content/load.ts";
import type { Stores } from "../../src/core/stores.ts";
import { createLiveTree, type LiveTree } from "../../src/desk/live.ts";
import { createServer, type Server } from "../../src/http/server.ts";
import { loadLocales } from "../../src/locale/translate.ts";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { openKeys } from "../../src/storage/keys.ts";
import { createStores } from "../../src/storage/stores.ts";
import { createContentRoutes } from "../../src/web/content.ts";
import { findChromium, launchChromium } from "../support/browser.ts";
import { testClock } from "../support/clock.ts";
import { recorder } from "../support/recorder.ts";

const chromium = findChromium();
const lookOver = await readFile(new URL("../support/look-over.js", import.meta.url), "utf8");
const CONTENT = join(import.meta.dirname, "../../content");
const SIGNED = "port-of-entry/turned-back";
const HELD = "port-of-entry/what-to-say";
const FLAGGED = "get-help/emergency";
const PHONE = { width: 390, height: 844 };
const SMALL = { width: 320, height: 568 };
const DESK = { width: 1280, height: 900 };

describe.skipIf(chromium === undefined)("the review of the content in Chromium", () => {
  const clock = testClock();
  let folder: string;
  let database: Database;
  let server: Server;
  let url: string;
  let browser: Browser;
  let stores: Stores;
  let live: LiveTree;
  let complaints: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "puente-content-"));
    const directory = join(folder, "content");
    await cp(CONTENT, directory, { recursive: true });
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", ...args], { cwd: folder });
    git("init", "-q");
    git("add", ".");
    git("commit", "-qm", "texts");
    // Signed as it stands in both languages; then one of them is edited.
    for (const locale of ["es", "en"])
      await contentSign(
        { directory, now: clock.now(), print: () => {} },
        { topic: SIGNED, locale, reviewer: "Rita Example", role: "attorney", validDays: 90 },
      );
    const spanish = join(directory, SIGNED, "es.md");
    await writeFile(spanish, (await readFile(spanish, "utf8")).replace("Guarde todo papel.", "Guarde cada papel."));

    database = await openDatabase("sqlite::memory:", { serving: true, clock });
    const keys = await openKeys({ database, secret: randomBytes(32).toString("base64"), clock });
    stores = createStores({ database, keys, clock });
    await stores.holds.put({ topic: HELD, status: "held", cause: "editor", by: "eva", why: "reading the ruling" });
    await stores.flags.add({ topic: FLAGGED, by: "ana", why: "the number does not answer", source: "I called" });
    const noticeId = await stores.notices.draft({
      ...{ texts: { en: "A court ruled.", es: "Una corte decidió." }, topics: [SIGNED], places: [] },
      ...{ until: clock.now() + 864e5, draftedBy: "olga" },
    });
    await stores.notices.approve(noticeId, "oto");
    const { logger } = recorder();
    const tree = await loadTree(directory, "checked");
    live = createLiveTree({ tree, stores, clock, logger, timeZone: "America/Tijuana" });
    await live.refresh();
    const { translate } = await loadLocales(join(CONTENT, "../locales"));
    const routes = createContentRoutes({ directory, tree: live.tree, stores, translate, clock });
    server = await createServer({ routes, logger, loopbackOnly: {} });
    url = await server.listen("127.0.0.1", 0);
    browser = await launchChromium(chromium ?? "");
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(complaints).toEqual([]);
  });

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ locale: "es-MX", viewport: DESK, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    complaints = [];
    page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
    page.on("request", (request) => {
      if (new URL(request.url()).hostname !== "127.0.0.1") complaints.push(request.url());
    });
    await page.goto(url + path);
    return page;
  }

  /** Clicks a link, and waits for all of the page that it leads to. */
  async function follow(page: Page, name: string | RegExp): Promise<void> {
    const loaded = page.waitForEvent("load");
    await page.getByRole("link", { name }).click();
    await loaded;
  }

  test("the list has every topic with its states and dates, and is narrowed by state", async () => {
    const page = await open("/content");
    expect(await page.locator("tbody").count()).toBe(92);
    const held = page.locator("tbody", { hasText: HELD });
    expect(await held.innerText()).toMatch(/Suspendida[\s\S]*2026/);
    const signed = await page.locator("tbody", { hasText: SIGNED }).innerText();
    expect(signed).toMatch(/Firmada[\s\S]*attorney, 2026-11-21[\s\S]*Cambió después de la firma/);
    await follow(page, /1 Con reportes/);
    expect(await page.locator("tbody").allInnerTexts()).toEqual([expect.stringContaining(FLAGGED)]);
  });

  test("a topic shows both languages, the SMS, and each claim beside its sources", async () => {
    const page = await open(`/content/topics/${HELD}`);
    const sides = page.locator(".side");
    expect(await sides.count()).toBe(2);
    expect(await sides.locator(".bubble").first().innerText()).toMatch(/\n1 .+\n2 /);
    expect(await sides.locator(".cost").first().innerText()).toMatch(/^GSM-7 · \d+ caracteres · 2 segmentos$/);
    expect(await page.locator(".alarm").innerText()).toMatch(/Suspendida.*eva.*reading the ruling/);
    const claims = page.locator(".claim");
    expect(await claims.count()).toBeGreaterThan(3);
    for (const claim of await claims.all()) expect(await claim.locator("li").count()).toBeGreaterThan(0);
  });

  test("an edit after a signature is shown with what was taken out and put in; the other language stays signed", async () => {
    const page = await open(`/content/topics/${SIGNED}`, { locale: "en-US" });
    expect(await page.locator(".side", { hasText: "Signed by Rita Example, attorney" }).count()).toBe(1);
    const voided = page.locator(".side .alarm");
    expect(await voided.innerText()).toContain("this signature no longer counts");
    expect(await voided.locator("del").first().innerText()).toContain("Guarde todo papel.");
    expect(await voided.locator("ins").first().innerText()).toContain("Guarde cada papel.");
    expect(await page.locator(".notices").innerText()).toMatch(
      /Nov 21, 2026: A court ruled\.\s+21 nov 2026: Una corte/,
    );
  });

  test("flags show who said what", async () => {
    const page = await open(`/content/topics/${FLAGGED}`);
    expect(await page.locator(".alarm").innerText()).toMatch(
      /ana, 21 nov 2026: the number does not answer \(I called\)/,
    );
  });

  test("a section's sheet begins each topic on paper anew and has lines to sign in each language", async () => {
    const page = await open("/content/sheets/remain-in-mexico", { locale: "en-US" });
    const topics = await page.locator(".to-sign").count();
    expect(topics).toBeGreaterThan(3);
    expect(await page.locator(".sign").count()).toBe(2 * topics);
    expect(await page.locator(".sign").first().innerText()).toMatch(/· [0-9a-f]{12}[\s\S]*Signature/);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".top").isVisible()).toBe(false);
    expect(await page.evaluate("getComputedStyle(document.querySelectorAll('.to-sign')[1]).breakBefore")).toBe("page");
  });

  test("pocket cards have the words, what they mean and how they sound; held answers have none", async () => {
    const page = await open("/content/cards?section=port-of-entry");
    const card = page.locator(".card", { hasText: "Un oficial no me dejó pasar" });
    expect(await card.innerText()).toMatch(
      /I am afraid to go back\.[\s\S]*Tengo miedo de volver\.[\s\S]*ai am afréid[\s\S]*911[\s\S]*Ningún abogado/,
    );
    expect(await page.locator(".card", { hasText: "¿Qué palabras le digo al oficial?" }).count()).toBe(0);
  });

  test("a page that does not exist says so and leads back", async () => {
    const page = await open("/content/topics/no/where");
    expect(await page.getByRole("heading").innerText()).toBe("Esa página no existe.");
    await follow(page, "Las respuestas");
    expect(await page.locator("tbody").count()).toBe(92);
    complaints = complaints.filter((line) => !line.includes("404"));
  });

  test("the page keeps its language, chosen or the browser's, from page to page", async () => {
    const page = await open("/content", { locale: "en-US" });
    await follow(page, "Español");
    await follow(page, "Un oficial no me dejó pasar en el puerto");
    expect(await page.locator("html").getAttribute("lang")).toBe("es");
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("Un oficial no me dejó pasar en el puerto");
  });

  test("an edit is there after a reload", async () => {
    const page = await open(`/content/topics/${FLAGGED}`);
    await appendFile(join(folder, "content", FLAGGED, "es.md"), "\nUna línea nueva.\n");
    await page.reload();
    expect(await page.getByText("Una línea nueva.").first().isVisible()).toBe(true);
  });

  const PATHS = ["/content", `/content/topics/${SIGNED}`, "/content/sheets/remain-in-mexico", "/content/cards"];
  test("nothing is cut off on a small screen, a phone or a desk", async () => {
    for (const path of PATHS) {
      const page = await open(path);
      for (const viewport of [SMALL, PHONE, DESK]) {
        await page.setViewportSize(viewport);
        const over = await page.locator("html").evaluate((root) => root.scrollWidth - root.clientWidth);
        expect(over, `${path} at ${viewport.width}`).toBeLessThanOrEqual(0);
      }
    }
  });

  test("everybody can read it and reach every control, light and dark", async () => {
    for (const path of PATHS) {
      const page = await open(path, { viewport: PHONE });
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        const dark = colorScheme === "dark";
        const found = await page.evaluate(lookOver);
        expect(found, `${path}, ${colorScheme}`).toEqual({ dark, faint: [], nameless: [], tiny: [] });
      }
    }
  });
});
