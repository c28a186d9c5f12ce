import { html } from "ghtml";
import type { Organisation } from "../core/organisation.ts";
import type { Route } from "../core/ports.ts";
import type { Locale } from "../core/words.ts";
import { pageLocale } from "./page-locale.ts";

interface PublicPage {
  readonly title: string;
  /** HTML. */
  readonly main: string;
}

export interface PublicPageOptions {
  readonly path: string;
  readonly locales: readonly Locale[];
  readonly organisation: Organisation;
  page(locale: Locale): PublicPage | undefined;
}

/** A page that anybody may read, in the language asked for or the browser's: without script, style or anything to load. */
export function publicPageRoute({ path, locales, organisation, page }: PublicPageOptions): Route {
  return {
    method: "GET",
    path,
    listener: "public",
    async handle(request) {
      const locale = pageLocale(request, locales);
      const shown = page(locale);
      if (shown === undefined) return { status: 404, body: "" };
      return {
        status: 200,
        headers: {
          "content-type": "text/html; charset=utf-8",
          "cache-control": "public, max-age=3600",
          vary: "accept-language",
        },
        body: pageHtml(shown, locale, locales, organisation),
      };
    },
  };
}

/** Each on a line of its own. */
export function paragraphs(texts: readonly string[]): string[] {
  return texts.map(
    (text) => html`<p>${text}</p>
`,
  );
}

function pageHtml(page: PublicPage, locale: Locale, locales: readonly Locale[], organisation: Organisation): string {
  const languages = locales.map((one) => {
    const name = new Intl.DisplayNames(one, { type: "language" }).of(one) ?? one;
    return html`<a href="?lang=${one}" lang="${one}" hreflang="${one}">${name}</a> `;
  });
  const { name, phone, url } = organisation;
  return html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title}</title>
</head>
<body>
<nav>!${languages}</nav>
<main>
<h1>${page.title}</h1>
!${page.main}
</main>
<footer><p>${[name, phone, url].filter((one) => one !== undefined).join(" · ")}</p></footer>
</body>
</html>
`;
}
