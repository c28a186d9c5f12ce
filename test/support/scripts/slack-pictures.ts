/** The pictures of docs/slack.md: what the app really sends, drawn near enough to Slack. Run with node. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { loadTree } from "../../../src/content/load.ts";
import { buildModel } from "../../../src/intent/model-cache.ts";
import { blocksToHtml } from "../block-kit-html.ts";
import { findChromium, launchChromium } from "../browser.ts";
import type { FakeSlack, FakeSlackView, Json } from "../fake-slack.ts";
import { startSlackApp } from "../slack-app.ts";
import { contentAtNoon, fictionalNumbers, seedSubscribers } from "../subscribers.ts";

const IMAGES = resolve(import.meta.dirname, "../../../docs/images");
const WIDTH = 720;

const chromium = findChromium();
if (chromium !== undefined) {
  await mkdir(IMAGES, { recursive: true });
  // The trained matcher, so that the pictures show what people get.
  process.env["MODEL_DIR"] = resolve(import.meta.dirname, "../../../node_modules/.cache/puente-model");
  await buildModel(await loadTree("content", "checked"), process.env["MODEL_DIR"]);
  const folder = await mkdtemp(join(tmpdir(), "puente-pictures-"));
  const service = await startSlackApp("http", {
    CONTENT_DIR: await contentAtNoon(folder),
    SMS_SEGMENTS_PER_SECOND: "40",
  });
  await seedSubscribers(service.environment, fictionalNumbers(340));
  const browser = await launchChromium(chromium);
  try {
    for (const [name, frame] of await scenes(service.slack)) {
      const pictures = new Map<string, string>();
      for (const [, path = ""] of JSON.stringify(frame.blocks).matchAll(
        /https:\/\/puente\.example\.org(\/qr\.png\?code=\w+)/g,
      )) {
        const bytes = Buffer.from(await (await fetch(service.publicUrl + path)).arrayBuffer());
        pictures.set(`https://puente.example.org${path}`, `data:image/png;base64,${bytes.toString("base64")}`);
      }
      const page = await browser.newPage({ viewport: { width: WIDTH, height: 200 }, deviceScaleFactor: 1.5 });
      await page.setContent(html(frame, (url) => pictures.get(url) ?? ""));
      const path = join(IMAGES, `${name}.png`);
      await page.locator("main").screenshot({ path });
      await page.close();
      console.log(path);
    }
  } finally {
    await browser.close();
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Frame {
  readonly title: string;
  readonly note?: string;
  readonly blocks: readonly Json[];
  readonly buttons?: readonly string[];
}

async function scenes(slack: FakeSlack): Promise<[string, Frame][]> {
  const last = () => slack.messages.at(-1) ?? fail();
  const said = async (until: () => boolean) => {
    for (let tries = 0; tries < 500 && !until(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const message = (note?: string): Frame => ({ title: "Puente", blocks: last().blocks, ...(note && { note }) });

  await slack.command("que le digo al oficial para pedir asilo");
  const card = message("Only visible to you");
  await slack.command("they are sending me back at the bridge right now");
  const danger = message("Only visible to you");
  await slack.command("quiero salir de aqui cuanto cuesta");
  const doubt = message("Only visible to you");

  await slack.command("how long can they keep me in detention");
  const flagged = last();
  await slack.click(flagged, "Wrong or outdated?");
  await said(() => slack.views.length === 1);
  const flagForm = slack.views.at(-1) ?? fail();
  const form = modal(flagForm);
  await slack.submit(flagForm, { why: "The limit changed in August.", source: "ilrc.org" });
  await said(() => slack.messages.some(({ channel }) => channel === "C0CONTENT"));
  const told = slack.messages.find(({ channel }) => channel === "C0CONTENT") ?? fail();

  await slack.event({
    type: "app_home_opened",
    user: "U0VOLUNTEER",
    channel: "D0VOLUNTEER",
    tab: "home",
    event_ts: "1.7",
  });
  await said(() => slack.homes.has("U0VOLUNTEER"));
  const home = (slack.homes.get("U0VOLUNTEER")?.["blocks"] ?? []) as Json[];

  await slack.command("what do i say to the officer", { user_id: "U0SENDER" });
  await slack.click(last(), "Send to a number", "U0SENDER");
  await said(() => slack.views.length === 2);
  const send = modal(slack.views.at(-1) ?? fail());

  return [
    ...(await broadcastScenes(slack, said)),
    ["slack-card", card],
    ["slack-danger", danger],
    ["slack-doubt", doubt],
    ["slack-flag", form],
    ["slack-content-room", { title: "Puente", note: "#content", blocks: told.blocks }],
    ["slack-home", { title: "Puente: Home", blocks: home }],
    ["slack-send", send],
  ];
}

/** A broadcast from its dialogue to the middle of its way, and to the message that tells the team. */
async function broadcastScenes(
  slack: FakeSlack,
  said: (until: () => boolean) => Promise<void>,
): Promise<[string, Frame][]> {
  const [olga, omar] = ["U0ORGANIZER", "U0SECONDORGANIZER"];
  const chosen = (...values: string[]): Json => ({ selected_options: values.map((value) => ({ value })) });
  const opened = async (count: number) => {
    await said(() => slack.views.length === count);
    return slack.views.at(-1) ?? fail();
  };
  const before = slack.views.length;
  slack.users.set(omar, {});
  await slack.command("broadcast", { user_id: olga });
  await slack.click(await opened(before + 1), "New broadcast", olga);
  const dialogue = await opened(before + 2);
  const form = modal(dialogue);
  await slack.submit(dialogue, {
    "text-es": "La linea de ayuda cambio de horario. Escriba MENU para ver los temas.",
    "text-en": "The help line has new hours. Text MENU to see the topics.",
    places: chosen("tijuana"),
    languages: chosen("en", "es"),
    channels: chosen("sms", "whatsapp"),
  });
  const says = (words: string) => said(() => JSON.stringify(dialogue.view).includes(words));
  await says("Nothing is sent yet");
  const preview = modal(dialogue);
  await slack.click(dialogue, "Submit for approval", olga);
  const card = () =>
    slack.messages.find(
      ({ channel, blocks }) => channel === "C0CONTENT" && JSON.stringify(blocks).includes("Broadcast 1"),
    );
  await said(() => card() !== undefined);
  const shown = (): Frame => ({ title: "Puente", note: "#content", blocks: structuredClone(card()?.blocks ?? fail()) });
  const waiting = shown();
  await slack.click(card() ?? fail(), "Approve", omar);
  await said(() => JSON.stringify(card()?.blocks).includes("the first few have it"));
  await slack.click(card() ?? fail(), "Resume", omar);
  await said(
    () =>
      /(?:[5-9]\d|1\d\d|2\d\d)\/340/.test(JSON.stringify(card()?.blocks)) &&
      JSON.stringify(card()?.blocks).includes("/s"),
  );
  const running = shown();
  return [
    ["slack-broadcast-form", form],
    ["slack-broadcast-preview", preview],
    ["slack-broadcast-card", waiting],
    ["slack-broadcast-running", running],
  ];
}

function modal({ view }: FakeSlackView): Frame {
  const text = (name: string) => (view[name] as Json | undefined)?.["text"];
  const buttons = [text("close"), text("submit")].filter((one) => typeof one === "string");
  return { title: String(text("title")), blocks: view["blocks"] as Json[], buttons };
}

function fail(): never {
  throw new Error("the app said nothing");
}

function html({ title, note, blocks, buttons = [] }: Frame, images: (url: string) => string): string {
  const foot = buttons
    .map((text, index) => `<button class="${index === 1 ? "primary" : ""}">${text}</button>`)
    .join("");
  return `<!doctype html><meta charset="utf-8"><style>
    * { box-sizing: border-box } body { margin: 0; background: #fff; font: 15px/1.46 "Noto Sans", "DejaVu Sans", sans-serif; color: #1d1c1d }
    main { width: ${WIDTH}px; padding: 16px 20px } .who { display: flex; gap: 8px; align-items: baseline; margin-bottom: 4px }
    .who b { font-weight: 800 } .who small { color: #616061 } h3 { font-size: 18px; margin: 10px 0 6px } p { margin: 0 0 8px }
    hr { border: 0; border-top: 1px solid #ddd; margin: 12px 0 } a { color: #1264a3 } ul, ol { margin: 0 0 8px; padding-left: 26px }
    .context { color: #616061; font-size: 12.5px; margin: 4px 0 8px } .context span { display: block }
    blockquote { border-left: 4px solid #ddd; margin: 0 0 6px; padding: 2px 12px; font-weight: 600 }
    .section { display: flex; justify-content: space-between; gap: 16px; align-items: start } .section img { width: 88px; height: 88px; image-rendering: pixelated }
    .large img { width: 260px } .actions, .foot { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0 } .foot { justify-content: flex-end; border-top: 1px solid #ddd; padding-top: 12px }
    button { font: 600 13px inherit; font-family: inherit; padding: 6px 12px; border: 1px solid #bbb; border-radius: 8px; background: #fff; color: #1d1c1d }
    button.primary { background: #007a5a; color: #fff; border-color: #007a5a } button.danger { color: #e01e5a; border-color: #e01e5a }
    label { display: block; font-weight: 700; margin: 10px 0 4px } .field { border: 1px solid #bbb; border-radius: 8px; padding: 8px 10px; color: #616061; min-height: 38px } .tall { min-height: 90px }
    small { color: #616061 }
  </style><main><div class="who"><b>${title}</b>${note === undefined ? "" : `<small>${note}</small>`}</div>${blocksToHtml(blocks, images)}${foot === "" ? "" : `<div class="foot">${foot}</div>`}</main>`;
}
