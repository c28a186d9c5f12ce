import { html } from "ghtml";
import { changedLines } from "../content/changes.ts";
import type { AnswerFiles } from "../content/history.ts";
import { noticesFor } from "../content/notices.ts";
import { inLocale, type Topic, type Tree } from "../content/tree.ts";
import type { Locale } from "../core/words.ts";
import { framed, type Page } from "./content-frame.ts";
import { stateHtml } from "./content-list-page.ts";
import { bodyHtml, costHtml, linesHtml, smsHtml } from "./content-text.ts";
import { type Review, type ReviewedTopic, signOffInForce, voidedSignOff } from "./content-view.ts";

/** Kinds of source that have a name on the page; another is shown as it is written. */
// biome-ignore format: a list reads better in lines
const KINDS: ReadonlySet<string> = new Set([
  "agency", "court", "federal-register", "law-firm", "news", "ngo", "other", "regulation", "statute", "treaty",
]);

/** The files of an answer as signed and as they are now, where Git can tell. */
export type ChangesSinceSigned = ReadonlyMap<Locale, { readonly before: AnswerFiles; readonly after: AnswerFiles }>;

/** One topic: its state, both languages side by side, the SMS, every claim beside its sources, and what changed. */
export function contentTopicPage(
  page: Page,
  review: Review,
  reviewed: ReviewedTopic,
  changes: ChangesSinceSigned,
  now: number,
): string {
  const { say, href, locale, day } = page;
  const { topic } = reviewed;
  const notices = page.locales.flatMap((one) =>
    noticesFor(review.tree, topic.id, one, now).map((line) => html`<p lang="${one}">${line}</p>`),
  );
  const title = inLocale(topic.texts, locale).title;
  const section = review.sections.find(({ id }) => id === topic.section);
  const dates = [
    ["factsTo", day(topic.factsTo)],
    ["checkedOn", day(topic.checkedOn)],
    ["code", Object.values(topic.codes).join(" · ")],
  ].map(([key, value]) => html`<div><dt>${say(`column.${key}`)}</dt><dd>${value}</dd></div>`);
  const questions = page.locales.flatMap((one) =>
    (topic.questions[one] ?? []).map((question) => html`<li lang="${one}">${question}</li>`),
  );
  const body = html`<p class="crumbs"><a href="${href("/content")}#${topic.section}">${section?.title[locale] ?? topic.section}</a></p>
<h1>${title}</h1>
<p class="quiet"><code>${topic.id}</code></p>
!${deskHtml(page, reviewed)}
!${notices.length === 0 ? "" : html`<section class="notices" aria-label="${say("notices")}">!${notices}</section>`}
<dl class="facts">!${dates}</dl>
<h2 id="texts">${say("texts")}</h2>
<div class="sides">!${page.locales.map((one) => sideHtml(page, review, reviewed, one, changes))}</div>
<h2 id="claims">${say("claims")}</h2>
!${claimsHtml(page, review.tree, topic)}
<h2 id="questions">${say("questions")}</h2>
<details><summary>${say("questionCount", { count: questions.length })}</summary><ul class="questions">!${questions}</ul></details>`;
  return framed(page, { title, path: `/content/topics/${topic.id}`, kind: "topic", body });
}

/** What the desk has decided, first: nobody should read on without it. */
function deskHtml({ say, day }: Page, { hold, flags }: ReviewedTopic): string {
  const held =
    hold === undefined
      ? ""
      : html`<p class="alarm"><strong>${say(`state.${hold.status}`)}</strong> ${say("since", { day: day(hold.at), by: hold.by })} ${hold.cause === "flags" ? say("flags.open") : hold.why}</p>`;
  const lines = flags.map(
    ({ by, at, why, source }) =>
      html`<li><strong>${by}</strong>, ${day(at)}: ${why}!${source === undefined ? "" : html` (${source})`}</li>`,
  );
  const flagged =
    lines.length === 0
      ? ""
      : html`<section class="alarm" aria-labelledby="flags"><h2 id="flags">${say("flags.open")}</h2><ul>!${lines}</ul></section>`;
  return `${held}${flagged}`;
}

function sideHtml(
  page: Page,
  review: Review,
  reviewed: ReviewedTopic,
  locale: Locale,
  changes: ChangesSinceSigned,
): string {
  const { say, day, translate } = page;
  const { topic, rows } = reviewed;
  const text = inLocale(topic.texts, locale);
  const row = rows.get(locale);
  const part = (key: string, content: string) =>
    html`<section class="part"><h4>${say(`part.${key}`)}</h4>!${content}</section>`;
  const until =
    row === undefined ? "" : html` <span class="quiet">${say("validUntil", { day: day(row.validUntil) })}</span>`;
  return html`<article class="side" aria-label="${translate(locale, "review.languageName")}">
<h3>${translate(locale, "review.languageName")}</h3>
<p class="states">!${row === undefined ? "" : stateHtml(page, row.status)}!${until}</p>
!${signatureHtml(page, review, reviewed, locale, changes)}
!${part("title", html`<p lang="${locale}"><strong>${text.title}</strong><br><span class="quiet">${text.label}</span></p>`)}
!${part("short", smsHtml(page, review.tree, topic, text, locale))}
!${part("always", html`<p class="always" lang="${locale}">!${linesHtml(text.always)}</p>!${costHtml(page, text.always)}`)}
!${part("full", html`<div class="text" lang="${locale}">!${bodyHtml(text.blocks)}</div>`)}
</article>`;
}

function signatureHtml(
  page: Page,
  review: Review,
  reviewed: ReviewedTopic,
  locale: Locale,
  changes: ChangesSinceSigned,
): string {
  const { say, day } = page;
  const signed = signOffInForce(review, reviewed, locale);
  if (signed !== undefined) {
    const { reviewer, role, on, validUntil } = signed;
    return html`<p>${say("signed", { reviewer, role, on: day(on), until: day(validUntil) })}</p>`;
  }
  const voided = voidedSignOff(review, reviewed, locale);
  if (voided === undefined) return html`<p class="quiet">${say("notSigned")}</p>`;
  const { reviewer, role, on } = voided;
  const change = changes.get(locale);
  const details =
    change === undefined
      ? html`<p class="quiet">${say("changeUnknown")}</p>`
      : html`<details open><summary>${say("changedSince")}</summary>!${diffHtml(page, `${locale}.md`, change.before.text, change.after.text)}!${diffHtml(page, "topic.yaml", change.before.topic, change.after.topic)}</details>`;
  return html`<div class="alarm"><p>${say("voided", { reviewer, role, on: day(on) })}</p>!${details}</div>`;
}

/** Only what changed, with the words for those who see no colours. */
function diffHtml({ say }: Page, file: string, before: string, after: string): string {
  const lines = changedLines(before, after)
    .filter(({ kind, line }) => kind !== "same" && line.trim() !== "")
    .map(({ kind, line }) =>
      kind === "added"
        ? html`<ins><span class="unseen">${say("added")} </span>${line}</ins>`
        : html`<del><span class="unseen">${say("removed")} </span>${line}</del>`,
    );
  return lines.length === 0 ? "" : html`<p class="diff"><code>${file}</code>!${lines}</p>`;
}

/** Each claim beside what it rests on. */
export function claimsHtml({ say }: Page, tree: Tree, { claims }: Topic): string {
  const rows = claims.map(({ claim, sources, at }) => {
    const cited = sources.map((id) => {
      const source = tree.sources.get(id);
      if (source === undefined) return html`<li><code>${id}</code></li>`;
      const name =
        source.url === undefined
          ? html`${source.title}`
          : html`<a href="${source.url}" rel="noreferrer">${source.title}</a>`;
      const about = [source.date, KINDS.has(source.kind) ? say(`source.${source.kind}`) : source.kind]
        .filter((part) => part !== undefined)
        .join(" · ");
      return html`<li>!${name} <span class="quiet">${about}</span></li>`;
    });
    const where = at === undefined ? "" : html`<p class="quiet">${at}</p>`;
    return html`<li class="claim"><p lang="en">${claim}</p><div><ul>!${cited}</ul>!${where}</div></li>`;
  });
  return html`<ol class="claims">!${rows}</ol>`;
}
