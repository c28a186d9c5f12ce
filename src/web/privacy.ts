import { html } from "ghtml";
import type { Organisation } from "../core/organisation.ts";
import type { Route } from "../core/ports.ts";
import type { PrivacyPage } from "../core/privacy-page.ts";
import { pageLocale } from "./page-locale.ts";

export interface PrivacyRoutesOptions {
  /** One for each language. */
  readonly pages: readonly PrivacyPage[];
  readonly organisation: Organisation;
}

/** `/privacy`: what is stored, why and for how long. Public, without script, style of its own or anything to load. */
export function createPrivacyRoutes({ pages, organisation }: PrivacyRoutesOptions): Route[] {
  const locales = pages.map(({ locale }) => locale);
  return [
    {
      method: "GET",
      path: "/privacy",
      listener: "public",
      async handle(request) {
        const locale = pageLocale(request, locales);
        const page = pages.find((one) => one.locale === locale);
        if (page === undefined) return { status: 404, body: "" };
        return {
          status: 200,
          headers: {
            "content-type": "text/html; charset=utf-8",
            "cache-control": "public, max-age=3600",
            vary: "accept-language",
          },
          body: privacyHtml(page, locales, organisation),
        };
      },
    },
  ];
}

function privacyHtml(page: PrivacyPage, locales: readonly string[], organisation: Organisation): string {
  const { locale, title, intro, columns, rows, sections } = page;
  const paragraphs = (texts: readonly string[]) =>
    texts.map(
      (text) => html`<p>${text}</p>
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
<title>${title}</title>
</head>
<body>
<nav>!${languages}</nav>
<main>
<h1>${title}</h1>
!${paragraphs(intro)}
!${rows.map(
    ({ what, why, keep, who }) => html`<section>
<h2>${what}</h2>
<dl>
<dt>${columns.why}</dt><dd>${why}</dd>
<dt>${columns.keep}</dt><dd>${keep.join(" ")}</dd>
<dt>${columns.who}</dt><dd>${who}</dd>
</dl>
</section>
`,
  )}
!${sections.map(
    (section) => html`<h2>${section.title}</h2>
!${paragraphs(section.paragraphs)}`,
  )}
</main>
<footer><p>${[organisation.name, organisation.phone, organisation.url].filter((one) => one !== undefined).join(" · ")}</p></footer>
</body>
</html>
`;
}
