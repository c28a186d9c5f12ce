import { html } from "ghtml";
import { inLocale } from "../content/tree.ts";
import { framed, type Page } from "./content-frame.ts";
import { bodyHtml, linesHtml } from "./content-text.ts";
import { claimsHtml } from "./content-topic-page.ts";
import type { Review, ReviewedTopic } from "./content-view.ts";

/** Enough of a hash to tell two versions of a text apart on paper. */
const HASH_SHOWN = 12;

/** A section on paper, for the lawyer who reviews it: texts, claims with sources, and lines to sign. */
export function contentSheetPage(page: Page, review: Review, section: Review["sections"][number]): string {
  const { say, locale } = page;
  const title = say("sheet.title", { section: section.title[locale] ?? section.id });
  const body = html`<h1>${title}</h1>
<p class="lead">${say("sheet.how")}</p>
<p class="quiet on-screen">${say("sheet.print")}</p>
!${section.topics.map((topic) => topicHtml(page, review, topic))}`;
  return framed(page, { title, path: `/content/sheets/${section.id}`, kind: "sheet", body });
}

function topicHtml(page: Page, review: Review, { topic }: ReviewedTopic): string {
  const { say, day, locale, locales, translate } = page;
  const sides = locales.map((one) => {
    const text = inLocale(topic.texts, one);
    return html`<article class="side" lang="${one}">
<h3>${translate(one, "review.languageName")}: ${text.title}</h3>
<h4>${translate(one, "review.part.short")}</h4><p>!${linesHtml(text.short)}</p>
<h4>${translate(one, "review.part.always")}</h4><p>!${linesHtml(text.always)}</p>
<h4>${translate(one, "review.part.full")}</h4><div class="text">!${bodyHtml(text.blocks)}</div>
</article>`;
  });
  const signatures = locales.map((one) => {
    const hash = inLocale(topic.texts, one).sha256.slice(0, HASH_SHOWN);
    const verdicts = ["right", "corrected", "wrong"].map(
      (verdict) => html`<span class="box">${say(`sheet.${verdict}`)}</span>`,
    );
    const lines = ["name", "role", "validFor", "date", "signature"].map(
      (line) => html`<span class="to-fill sign-${line}">${say(`sheet.${line}`)}</span>`,
    );
    return html`<div class="sign"><p><strong>${translate(one, "review.languageName")}</strong> <code>${topic.id} · ${hash}</code></p><p class="boxes">!${verdicts}</p><p class="lines">!${lines}</p></div>`;
  });
  return html`<section class="to-sign" aria-labelledby="${topic.id}">
<h2 id="${topic.id}">${inLocale(topic.texts, locale).title}</h2>
<p class="quiet"><code>${topic.id}</code> · ${say("column.factsTo")}: ${day(topic.factsTo)} · ${say("column.checkedOn")}: ${day(topic.checkedOn)}</p>
<div class="sides">!${sides}</div>
<h3>${say("claims")}</h3>
!${claimsHtml(page, review.tree, topic)}
!${signatures}
</section>`;
}
