import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { html } from "ghtml";
import type { Organisation } from "../core/organisation.ts";
import type { Route } from "../core/ports.ts";
import type { Locale } from "../core/words.ts";
import { pageLocale } from "./page-locale.ts";

/** `locales/<locale>.terms.json`. A new file adds a language. */
interface TermsTexts {
  readonly title: string;
  readonly intro: readonly string[];
  readonly sections: readonly { readonly title: string; readonly paragraphs: readonly string[] }[];
  /** What the link to the page on privacy says. */
  readonly privacy: string;
}

const FILE = /^(.+)\.terms\.json$/;

/** The terms in every language there is a file for. `{{name}}`, `{{phone}}` and `{{hours}}` are the organisation's. */
export async function loadTerms(directory: string): Promise<ReadonlyMap<Locale, TermsTexts>> {
  const files = (await readdir(directory)).filter((file) => FILE.test(file)).sort();
  const texts = files.map(async (file) => {
    const parsed = JSON.parse(await readFile(join(directory, file), "utf8")) as TermsTexts;
    return [FILE.exec(file)?.[1] ?? "", parsed] as const;
  });
  return new Map(await Promise.all(texts));
}

/**
 * `/terms`: what U.S. carriers want to find behind a number that texts (CTIA Messaging Principles, 5.1: the programme's
 * name, what it sends and how often, that rates may apply, STOP and HELP, whom to call, privacy) and Meta behind a WhatsApp
 * sender. Public, without script or anything to load.
 */
export function createTermsRoutes(options: {
  readonly terms: ReadonlyMap<Locale, TermsTexts>;
  readonly organisation: Organisation;
}): Route[] {
  const { terms, organisation } = options;
  const locales = [...terms.keys()];
  return [
    {
      method: "GET",
      path: "/terms",
      listener: "public",
      async handle(request) {
        const locale = pageLocale(request, locales);
        const texts = terms.get(locale);
        if (texts === undefined) return { status: 404, body: "" };
        return {
          status: 200,
          headers: {
            "content-type": "text/html; charset=utf-8",
            "cache-control": "public, max-age=3600",
            vary: "accept-language",
          },
          body: termsHtml(texts, locale, locales, organisation),
        };
      },
    },
  ];
}

function termsHtml(texts: TermsTexts, locale: Locale, locales: readonly Locale[], organisation: Organisation): string {
  const values: Readonly<Record<string, string>> = {
    name: organisation.name,
    phone: organisation.phone ?? "",
    hours: organisation.hours ?? "",
  };
  const paragraphs = (list: readonly string[]) =>
    list.map(
      (text) => html`<p>${text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? "")}</p>
`,
    );
  const languages = locales.map((one) => {
    const name = new Intl.DisplayNames(one, { type: "language" }).of(one) ?? one;
    return html`<a href="?lang=${one}" lang="${one}" hreflang="${one}">${name}</a> `;
  });
  return html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${texts.title}</title>
</head>
<body>
<nav>!${languages}</nav>
<main>
<h1>${texts.title}</h1>
!${paragraphs(texts.intro)}
!${texts.sections.map(
    (section) => html`<h2>${section.title}</h2>
!${paragraphs(section.paragraphs)}`,
  )}
<p><a href="/privacy?lang=${locale}">${texts.privacy}</a></p>
</main>
<footer><p>${[organisation.name, organisation.phone, organisation.url].filter((one) => one !== undefined).join(" · ")}</p></footer>
</body>
</html>
`;
}
