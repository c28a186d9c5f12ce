import { html } from "ghtml";
import { inLocale, type Place } from "../content/tree.ts";
import type { Organisation } from "../core/organisation.ts";
import type { Locale } from "../core/words.ts";
import type { Translate } from "../locale/translate.ts";
import { qrPng } from "./qr.ts";

export interface PosterOptions {
  readonly place: Place;
  /** The first language stands on top. */
  readonly locales: readonly Locale[];
  readonly translate: Translate;
  readonly organisation: Organisation;
  /** The numbers people write to, as E.164. At least one. */
  readonly whatsapp?: string;
  readonly sms?: string;
}

/** One way to ask for updates: what to scan, and what to type where there is no camera. */
interface Way {
  readonly name: "whatsapp" | "sms";
  readonly number: string;
  link(text: string): string;
}

/**
 * A sheet to print and hang up: how to ask for updates about a place, in every language, with the terms beside the code
 * (what comes, how often, what it costs, how it ends), as carriers ask of a call to action (CTIA, Messaging Principles
 * and Best Practices, 5.1). In Mexico people use WhatsApp, so it comes first there. One file that needs nothing else.
 */
export function posterFile(options: PosterOptions): string {
  const { place, locales, translate } = options;
  const nameIn = (locale: Locale) => {
    const name = inLocale(place.names, locale);
    return name.split(",")[0] ?? name;
  };
  const panels = locales.map((locale) => panel(options, locale, nameIn(locale)));
  const first = locales[0] ?? "es";
  return html`<!doctype html>
<html lang="${first}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${translate(first, "poster.title", { place: nameIn(first) })} · Puente</title>
<style>!${CSS}</style>
</head>
<body>!${panels}</body>
</html>
`;
}

function panel({ place, translate, organisation, whatsapp, sms }: PosterOptions, locale: Locale, name: string): string {
  const say = (key: string, values = {}) => translate(locale, `poster.${key}`, values);
  const words = `${say("word")} ${name.toUpperCase()}`;
  const ways: Way[] = [
    ...(whatsapp === undefined
      ? []
      : [
          {
            name: "whatsapp",
            number: whatsapp,
            link: (text: string) => `https://wa.me/${whatsapp.slice(1)}?text=${encodeURIComponent(text)}`,
          } as const,
        ]),
    ...(sms === undefined
      ? []
      : [{ name: "sms", number: sms, link: (text: string) => `sms:${sms}?body=${encodeURIComponent(text)}` } as const]),
  ];
  if (place.country !== "MX") ways.reverse();
  const codes = ways.map((way) => {
    const link = way.link(words);
    const source = `data:image/png;base64,${Buffer.from(qrPng(link)).toString("base64")}`;
    return html`<figure>
<a href="${link}"><img src="${source}" alt="${say(`scan.${way.name}`)}"></a>
<figcaption><strong>${say(`scan.${way.name}`)}</strong><br>${say("orWrite", { words, number: grouped(way.number) })}</figcaption>
</figure>`;
  });
  const { url, phone } = organisation;
  return html`<section lang="${locale}">
<h1>${say("title", { place: name })}</h1>
<p class="lead">${say("lead")}</p>
<div class="ways">!${codes}</div>
<p class="terms">${say("terms", { name: organisation.name })}!${phone === undefined ? "" : html` ${phone}.`}!${url === undefined ? "" : html` ${translate(locale, "updates.privacy", { url })}`}</p>
<p class="never">${say("never")} <strong>${translate(locale, "reply.danger")}</strong></p>
</section>`;
}

/** "+12025550100" as people read it aloud: "+1 202 555 0100". Other countries' numbers in threes from the end. */
function grouped(number: string): string {
  const us = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return us === null ? number.replace(/(\d{3,4})(?=(?:\d{4})+$)/g, "$1 ") : `+1 ${us[1]} ${us[2]} ${us[3]}`;
}

const CSS = `
@page { size: letter; margin: 14mm; }
* { box-sizing: border-box; }
body { margin: 0; color: #111; background: #fff; font: 16px/1.4 system-ui, sans-serif; }
section { padding: 6mm 0; break-inside: avoid; }
section + section { border-top: 2px solid #111; }
h1 { margin: 0 0 2mm; font-size: 34px; line-height: 1.1; }
.lead { margin: 0 0 4mm; font-size: 19px; }
.ways { display: flex; flex-wrap: wrap; gap: 8mm; }
figure { display: flex; gap: 4mm; align-items: center; margin: 0; flex: 1 1 70mm; }
img { width: 36mm; height: 36mm; image-rendering: pixelated; border: 1px solid #ccc; }
figcaption { font-size: 17px; }
.terms { margin: 4mm 0 0; font-size: 14px; }
.never { margin: 2mm 0 0; font-size: 16px; }
`;
