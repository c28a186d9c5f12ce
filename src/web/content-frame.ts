import { html } from "ghtml";
import type { Locale } from "../core/words.ts";
import type { Translate } from "../locale/translate.ts";

/** What every page of the review is written with. */
export interface Page {
  readonly locale: Locale;
  readonly locales: readonly Locale[];
  readonly translate: Translate;
  /** A text under `review` in the page's language. */
  say(key: string, values?: Readonly<Record<string, string | number>>): string;
  /** An ISO day, or a moment, as the page's language writes a day. */
  day(when: string | number): string;
  /** A path with the page's language kept. */
  href(path: string): string;
}

export function createPage(locale: Locale, locales: readonly Locale[], translate: Translate): Page {
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  return {
    locale,
    locales,
    translate,
    say: (key, values) => translate(locale, `review.${key}`, values),
    day: (when) => day.format(typeof when === "number" ? when : Date.parse(when)),
    href: (path) => `${path}${path.includes("?") ? "&" : "?"}lang=${locale}`,
  };
}

const BRIDGE = "M1 17h22M7 5v15M17 5v15M1 13.5C4 12.5 6 9.5 7 6c1.5 5.5 3 8 5 8s3.5-2.5 5-8c1 3.5 3 6.5 6 7.5";

export interface FrameOptions {
  readonly title: string;
  /** Path of this page, without a language. */
  readonly path: string;
  /** The kind of page, for its style. */
  readonly kind: "list" | "topic" | "sheet" | "cards";
  /** HTML. */
  readonly body: string;
}

/** The frame of a page: head, the way around, languages. No script: it reads and prints anywhere. */
export function framed(page: Page, { title, path, kind, body }: FrameOptions): string {
  const { locale, locales, translate, say, href } = page;
  const languages = locales.map(
    (one) =>
      html`<a href="${createPage(one, locales, translate).href(path)}" lang="${one}" hreflang="${one}" !${one === locale ? `aria-current="true"` : ""}>${translate(one, "review.languageName")}</a>`,
  );
  const ways = [
    { to: "/content", text: say("nav.answers"), here: kind !== "cards" },
    { to: "/content/cards", text: say("nav.cards"), here: kind === "cards" },
  ].map(({ to, text, here }) => html`<a href="${href(to)}" !${here ? `aria-current="true"` : ""}>${text}</a>`);
  return html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Puente</title>
<link rel="icon" href="/content/bridge.svg" type="image/svg+xml">
<link rel="stylesheet" href="/content/base.css">
<link rel="stylesheet" href="/content/content.css">
!${kind === "cards" ? `<link rel="stylesheet" href="/content/cards.css">` : ""}
</head>
<body class="${kind}">
<a class="skip" href="#main">${say("skip")}</a>
<header class="top">
  <p class="brand"><svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${BRIDGE}"/></svg><span>Puente</span></p>
  <nav class="ways" aria-label="${say("nav.name")}">!${ways}</nav>
  <nav class="languages" aria-label="${say("language")}">!${languages}</nav>
</header>
<main id="main">
!${body}
</main>
</body>
</html>`;
}
