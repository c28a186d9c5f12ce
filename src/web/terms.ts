import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { html } from "ghtml";
import type { Organisation } from "../core/organisation.ts";
import type { Route } from "../core/ports.ts";
import type { Locale } from "../core/words.ts";
import { paragraphs, publicPageRoute } from "./public-page.ts";

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
 * sender.
 */
export function createTermsRoutes(options: {
  readonly terms: ReadonlyMap<Locale, TermsTexts>;
  readonly organisation: Organisation;
}): Route[] {
  const { terms, organisation } = options;
  return [
    publicPageRoute({
      path: "/terms",
      locales: [...terms.keys()],
      organisation,
      page(locale) {
        const texts = terms.get(locale);
        return texts && { title: texts.title, main: termsHtml(texts, locale, organisation) };
      },
    }),
  ];
}

function termsHtml(texts: TermsTexts, locale: Locale, organisation: Organisation): string {
  const values: Readonly<Record<string, string>> = {
    name: organisation.name,
    phone: organisation.phone ?? "",
    hours: organisation.hours ?? "",
  };
  const filled = (list: readonly string[]) =>
    paragraphs(list.map((text) => text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? "")));
  return html`!${filled(texts.intro)}
!${texts.sections.map(
    (section) => html`<h2>${section.title}</h2>
!${filled(section.paragraphs)}`,
  )}
<p><a href="/privacy?lang=${locale}">${texts.privacy}</a></p>`;
}
