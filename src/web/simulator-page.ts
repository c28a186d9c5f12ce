import { html } from "ghtml";
import type { Locale } from "../core/words.ts";
import type { Translate } from "../locale/translate.ts";
import { simulatorTexts } from "./simulator-texts.ts";

export interface SimulatorPageOptions {
  /** The language the page begins in. */
  readonly locale: Locale;
  readonly locales: readonly Locale[];
  readonly translate: Translate;
}

/** Drawn on a square of 24, in the colour of the text around. */
const ICONS = {
  bridge: "M1 17h22M7 5v15M17 5v15M1 13.5C4 12.5 6 9.5 7 6c1.5 5.5 3 8 5 8s3.5-2.5 5-8c1 3.5 3 6.5 6 7.5",
  voice: "M12 3.5a2.5 2.5 0 0 0-2.5 2.5v5.5a2.5 2.5 0 0 0 5 0V6A2.5 2.5 0 0 0 12 3.5ZM6 11.5a6 6 0 0 0 12 0M12 17.5v3",
  image: "M4.5 5h15v14h-15zM5 16l4.2-4.2 3.3 3.3 2.5-2.5L19 16.5M9 9.2h.01",
  location: "M12 20.5c4-4.3 6-7.6 6-10.3a6 6 0 0 0-12 0c0 2.7 2 6 6 10.3ZM12 12.2a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  newPhone: "M19 12a7 7 0 1 1-2.2-5.1M19.5 3.5v4h-4",
  send: "M12 19.5V5M5.5 11.5 12 5l6.5 6.5",
} as const;

/**
 * The simulator's page. Texts that change with its language carry their key (`data-text`, `data-label`), and the script
 * finds all languages in the JSON block, which no browser executes: the page needs no inline script.
 */
export function simulatorPage({ locale, locales, translate }: SimulatorPageOptions): string {
  const say = (key: string) => translate(locale, `simulator.${key}`);
  const text = (tag: string, key: string, role: string) =>
    html`<!${tag} class="${role}" data-text="${key}">${say(key)}</!${tag}>`;
  const tool = (key: keyof typeof ICONS, type: "button" | "submit" = "button") =>
    html`<button type="${type}" class="tool tool-${key}" data-do="${key}" data-label="${key}" aria-label="${say(key)}" title="${say(key)}">!${icon(key)}</button>`;
  const languages = locales.map(
    (one) =>
      html`<a href="?lang=${one}" lang="${one}" hreflang="${one}" !${one === locale ? `aria-current="true"` : ""}>${translate(one, "simulator.languageName")}</a>`,
  );
  const texts = Object.fromEntries(locales.map((one) => [one, simulatorTexts(one, translate)]));

  return html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<title>${say("title")}</title>
<link rel="icon" href="/simulator/bridge.svg" type="image/svg+xml">
<link rel="stylesheet" href="/simulator/base.css">
<link rel="stylesheet" href="/simulator/simulator.css">
<script type="application/json" id="texts">!${asData(texts)}</script>
<script type="module" src="/simulator/simulator.js"></script>
</head>
<body>
<header class="top">
  <p class="brand">!${icon("bridge")}<span>Puente</span></p>
  <nav class="languages" data-label="language" aria-label="${say("language")}">!${languages}</nav>
  !${text("p", "notice", "notice")}
</header>
<main>
  <h1 class="unseen" data-text="title">${say("title")}</h1>
  <section class="phone" data-channel="sms" data-label="phone" aria-label="${say("phone")}">
    <div class="bar">
      <span class="face">!${icon("bridge")}</span>
      <strong class="name">Puente</strong>
      <fieldset class="channels">
        !${text("legend", "channel", "unseen")}
        <label><input type="radio" name="channel" value="sms" checked autocomplete="off"><span>SMS</span></label>
        <label><input type="radio" name="channel" value="whatsapp" autocomplete="off"><span>WhatsApp</span></label>
      </fieldset>
      !${tool("newPhone")}
    </div>
    <div class="screen">
      <div class="begin">
        !${text("p", "begin", "hint")}
        <ul class="examples" data-label="examples" aria-label="${say("examples")}"></ul>
      </div>
      <div class="log" role="log" aria-live="polite" tabindex="0" data-thread="sms" data-label="conversation" aria-label="${say("conversation")}"></div>
      <div class="log" role="log" aria-live="polite" tabindex="0" data-thread="whatsapp" data-label="conversation" aria-label="${say("conversation")}" hidden></div>
    </div>
    <form class="compose" novalidate>
      <p class="failed" role="alert"></p>
      <div class="tools">!${tool("voice")}!${tool("image")}!${tool("location")}</div>
      <label class="field">
        !${text("span", "field", "unseen")}
        <textarea name="text" rows="1" enterkeyhint="send" autocomplete="off" data-hint="field" placeholder="${say("field")}"></textarea>
      </label>
      !${tool("send", "submit")}
    </form>
  </section>
  <section class="why" aria-labelledby="why" tabindex="-1">
    <h2 id="why" data-text="why">${say("why")}</h2>
    <div class="reasons"><p class="quiet before" data-text="whyBefore">${say("whyBefore")}</p></div>
    <noscript><p class="failed">${say("noScript")}</p></noscript>
  </section>
</main>
</body>
</html>`;
}

function icon(name: keyof typeof ICONS): string {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
}

/** JSON for a script block: no text in it can end the block. */
function asData(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
