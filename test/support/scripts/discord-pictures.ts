/** The pictures of docs/discord.md: what the app really sends, drawn near enough to Discord. Run with node. */
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { loadTree } from "../../../src/content/load.ts";
import { buildModel } from "../../../src/intent/model-cache.ts";
import { findChromium, launchChromium } from "../browser.ts";
import { startDiscordApp } from "../discord-app.ts";
import { type Json, list, str } from "../discord-components.ts";
import { componentsToHtml } from "../discord-html.ts";
import { CONTENT_ROOM } from "../discord-objects.ts";
import type { FakeDiscord } from "../fake-discord.ts";
import type { FakeInteraction } from "../fake-discord-state.ts";

const IMAGES = resolve(import.meta.dirname, "../../../docs/images");
const WIDTH = 640;

const chromium = findChromium();
if (chromium !== undefined) {
  await mkdir(IMAGES, { recursive: true });
  // The trained matcher, so that the pictures show what people get.
  process.env["MODEL_DIR"] = resolve(import.meta.dirname, "../../../node_modules/.cache/puente-model");
  await buildModel(await loadTree("content", "checked"), process.env["MODEL_DIR"]);
  const service = await startDiscordApp();
  const browser = await launchChromium(chromium);
  try {
    for (const [name, frame] of await scenes(service.discord)) {
      const pictures = new Map<string, string>();
      for (const [url] of JSON.stringify(frame.components).matchAll(
        /https:\/\/puente\.example\.org\/qr\.png\?code=\w+/g,
      )) {
        const { pathname, search } = new URL(url);
        const bytes = await (await fetch(service.publicUrl + pathname + search)).arrayBuffer();
        pictures.set(url, `data:image/png;base64,${Buffer.from(bytes).toString("base64")}`);
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
  }
}

interface Frame {
  readonly title: string;
  readonly note?: string;
  readonly components: readonly Json[];
  readonly submit?: true;
}

async function scenes(discord: FakeDiscord): Promise<[string, Frame][]> {
  await discord.until(() => discord.gateway.connected === 1, "the gateway");
  const alone = "Only you can see this";
  const shown = ({ original }: FakeInteraction, note: string): Frame => ({
    title: "Puente",
    note,
    components: structuredClone(original?.components ?? fail()),
  });
  const ask = async (option: "question" | "pregunta", text: string) =>
    discord.slash(option === "question" ? "asylum" : "asilo", { [option]: text });

  const card = shown(await ask("pregunta", "que le digo al oficial para pedir asilo"), alone);
  const danger = shown(await ask("question", "they are sending me back at the bridge right now"), alone);
  const doubt = shown(await ask("pregunta", "quiero salir de aqui cuanto cuesta"), alone);
  const flagged = (await ask("question", "how long can they keep me in detention")).original ?? fail();
  const opened = await discord.button(flagged, "Wrong or outdated?");
  const { modal = fail() } = opened;
  const form: Frame = { title: str(modal["title"]), components: list(modal["components"]), submit: true };
  await discord.modalSubmit(opened, { why: "The limit changed in August.", source: "ilrc.org" });
  const told = await discord.until(() => discord.messages.find(({ channelId }) => channelId === CONTENT_ROOM));
  return [
    ["discord-card", card],
    ["discord-danger", danger],
    ["discord-doubt", doubt],
    ["discord-flag", form],
    ["discord-content-room", { title: "Puente", note: "#content", components: told.components }],
  ];
}

function fail(): never {
  throw new Error("the app said nothing");
}

function html({ title, note = "", components, submit }: Frame, images: (url: string) => string): string {
  const foot = submit ? '<div class="row foot"><button class="s1">Submit</button></div>' : "";
  return `<!doctype html><meta charset="utf-8"><style>
    * { box-sizing: border-box } body { margin: 0; background: #fff; font: 15px/1.4 "Noto Sans", "DejaVu Sans", sans-serif; color: #2e3338 }
    main { width: ${WIDTH}px; padding: 16px 20px } .who { display: flex; gap: 8px; align-items: baseline; margin-bottom: 6px }
    .who small { display: inline } h2 { font-size: 19px; margin: 4px 0 6px } p, ul, ol { margin: 0 0 6px } ul, ol { padding-left: 24px }
    small { display: block; color: #5c5e66; font-size: 12.5px } a { color: #006ce7; text-decoration: none } hr { border: 0; border-top: 1px solid #d5d7db; margin: 10px 0 }
    blockquote { border-left: 4px solid #c4c9ce; margin: 0 0 4px; padding: 1px 10px } blockquote p { margin: 0 }
    .container { border: 1px solid #d5d7db; border-radius: 8px; background: #f7f8f9; padding: 12px 14px } .row { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0 }
    button { font: 500 13.5px inherit; font-family: inherit; padding: 7px 14px; border: 0; border-radius: 8px; background: #e3e5e8; color: #2e3338 }
    button.s1 { background: #5865f2; color: #fff } button.s4 { background: #d22d39; color: #fff } .foot { justify-content: flex-end }
    .section { display: flex; justify-content: space-between; gap: 16px } .section img { width: 85px; height: 85px; image-rendering: pixelated } .large img { width: 240px }
    label { display: block; font-weight: 700; margin: 12px 0 2px } .field { border: 1px solid #c4c9ce; border-radius: 8px; padding: 8px 10px; min-height: 38px; color: #5c5e66 } .tall { min-height: 84px }
  </style><main><div class="who"><b>${title}</b><small>${note}</small></div>${componentsToHtml(components, images)}${foot}</main>`;
}
