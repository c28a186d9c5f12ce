import { html } from "ghtml";
import type { OverviewRow } from "../content/overview.ts";
import { framed, type Page } from "./content-frame.ts";
import { type Review, type ReviewedTopic, voidedSignOff } from "./content-view.ts";

const STATES = ["draft", "checked", "signed", "expired", "held", "withdrawn"] as const;
/** What the list can be narrowed to. */
const SHOWN = [...STATES, "changed", "flagged"] as const;
type Shown = (typeof SHOWN)[number];

/** The tree: every topic with its state and dates in each language. `show` narrows it to one state. */
export function contentListPage(page: Page, review: Review, show: string | undefined): string {
  const { say, href } = page;
  const wanted = SHOWN.find((one) => one === show);
  const sections = review.sections
    .map((section) => ({ ...section, topics: section.topics.filter((topic) => is(review, topic, wanted)) }))
    .filter(({ topics }) => topics.length > 0);
  const title = (section: Review["sections"][number]) => section.title[page.locale] ?? section.id;
  const contents = sections.map((section) => html`<a href="#${section.id}">${title(section)}</a>`);
  const tables = sections.map(
    (section) => html`<section aria-labelledby="${section.id}">
  <div class="heading">
    <h2 id="${section.id}">${title(section)}</h2>
    <p class="also"><a href="${href(`/content/sheets/${section.id}`)}">${say("sheet.link")}</a> <a href="${href(`/content/cards?section=${section.id}`)}">${say("nav.cards")}</a></p>
  </div>
  !${tableHtml(page, review, section.topics)}
</section>`,
  );
  const body = html`<h1>${say("title")}</h1>
<p class="lead">${say("lead")}</p>
!${summaryHtml(page, review, wanted)}
<nav class="contents" aria-label="${say("sections")}">!${contents}</nav>
!${tables}
!${sections.length === 0 ? html`<p class="quiet">${say("nothing")}</p>` : ""}`;
  return framed(page, { title: say("title"), path: "/content", kind: "list", body });
}

function is(review: Review, topic: ReviewedTopic, shown: Shown | undefined): boolean {
  if (shown === undefined) return true;
  if (shown === "flagged") return topic.flags.length > 0;
  if (shown === "changed") return [...topic.rows.keys()].some((locale) => voidedSignOff(review, topic, locale));
  return [...topic.rows.values()].some(({ status }) => status === shown);
}

/** How many topics are in each state; each number leads to those topics. */
function summaryHtml(page: Page, review: Review, wanted: Shown | undefined): string {
  const { say, href } = page;
  const topics = review.sections.flatMap((section) => section.topics);
  const all = { to: "/content", count: topics.length, name: say("topics"), here: wanted === undefined };
  const states = SHOWN.map((shown) => ({
    to: `/content?show=${shown}`,
    count: topics.filter((topic) => is(review, topic, shown)).length,
    name: say(`state.${shown}`),
    here: wanted === shown,
  })).filter(({ count, here }) => count > 0 || here);
  const items = [all, ...states].map(
    ({ to, count, name, here }) =>
      html`<li><a href="${href(to)}" !${here ? `aria-current="true"` : ""}><strong>${count}</strong> <span>${name}</span></a></li>`,
  );
  return html`<ul class="summary">!${items}</ul>`;
}

function tableHtml(page: Page, review: Review, topics: readonly ReviewedTopic[]): string {
  const { say } = page;
  const columns = ["topic", "language", "state", "factsTo", "checkedOn", "validUntil", "signedBy", "sms"];
  const head = columns.map((column) => html`<th scope="col">${say(`column.${column}`)}</th>`);
  return html`<table>
<thead><tr>!${head}</tr></thead>
!${topics.map((topic) => topicHtml(page, review, topic))}
</table>`;
}

function topicHtml(page: Page, review: Review, reviewed: ReviewedTopic): string {
  const { say, href, locale } = page;
  const { topic, rows, flags } = reviewed;
  const title = topic.texts[locale]?.title ?? topic.id;
  const marks = [
    ...(topic.danger ? [say("danger")] : []),
    ...(topic.inFlux ? [say("inFlux")] : []),
    ...(flags.length > 0 ? [say("flags.count", { count: flags.length })] : []),
  ].map((mark) => html`<span class="mark">${mark}</span>`);
  const name = html`<th class="name" scope="rowgroup" rowspan="${rows.size}"><a href="${href(`/content/topics/${topic.id}`)}">${title}</a><code>${topic.id}</code>!${marks}</th>`;
  const lines = [...rows.values()].map((row, index) => {
    const changed = voidedSignOff(review, reviewed, row.locale) !== undefined;
    return html`<tr>!${index === 0 ? name : ""}!${cellsHtml(page, row, changed)}</tr>`;
  });
  return html`<tbody>!${lines}</tbody>`;
}

function cellsHtml(page: Page, row: OverviewRow, changed: boolean): string {
  const { say, day } = page;
  const cell = (column: string, content: string) => html`<td data-column="${say(`column.${column}`)}">!${content}</td>`;
  const signed = changed ? html`<span class="voided">${say("state.changed")}</span>` : html`${row.signedBy ?? "–"}`;
  return [
    cell("language", html`<abbr title="${page.translate(row.locale, "review.languageName")}">${row.locale}</abbr>`),
    cell("state", stateHtml(page, row.status)),
    cell("factsTo", html`${day(row.factsTo)}`),
    cell("checkedOn", html`${day(row.checkedOn)}`),
    cell("validUntil", html`${day(row.validUntil)}`),
    cell("signedBy", signed),
    cell("sms", html`${say("segments", { count: row.segments })}`),
  ].join("");
}

export function stateHtml({ say }: Page, status: OverviewRow["status"]): string {
  return html`<span class="state state-${status}">${say(`state.${status}`)}</span>`;
}
