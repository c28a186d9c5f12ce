import { html } from "ghtml";
import type { Organisation } from "../core/organisation.ts";
import type { Route } from "../core/ports.ts";
import type { PrivacyPage } from "../core/privacy-page.ts";
import { paragraphs, publicPageRoute } from "./public-page.ts";

export interface PrivacyRoutesOptions {
  /** One for each language. */
  readonly pages: readonly PrivacyPage[];
  readonly organisation: Organisation;
}

/** `/privacy`: what is stored, why and for how long. */
export function createPrivacyRoutes({ pages, organisation }: PrivacyRoutesOptions): Route[] {
  return [
    publicPageRoute({
      path: "/privacy",
      locales: pages.map(({ locale }) => locale),
      organisation,
      page(locale) {
        const found = pages.find((one) => one.locale === locale);
        return found && { title: found.title, main: privacyHtml(found) };
      },
    }),
  ];
}

function privacyHtml({ intro, columns, rows, sections }: PrivacyPage): string {
  return html`!${paragraphs(intro)}
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
  )}`;
}
