import { html } from "ghtml";
import { inLocale, type Topic, type TopicText, type Tree } from "../content/tree.ts";
import { foldForSms } from "../core/fold.ts";
import type { Block, Inline } from "../core/reply.ts";
import { countSegments } from "../core/segments.ts";
import type { Locale } from "../core/words.ts";
import type { Page } from "./content-frame.ts";

/** The whole answer as the page shows it. */
export function bodyHtml(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      if (block.kind === "paragraph") return html`<p>!${inlinesHtml(block.inlines)}</p>`;
      const items = block.items.map((item) => html`<li>!${inlinesHtml(item)}</li>`);
      return block.ordered ? html`<ol>!${items}</ol>` : html`<ul>!${items}</ul>`;
    })
    .join("\n");
}

function inlinesHtml(inlines: readonly Inline[]): string {
  return inlines
    .map(({ text, bold, href }) => {
      const plain = html`${text}`;
      const marked = bold ? `<strong>${plain}</strong>` : plain;
      return href === undefined ? marked : html`<a href="${href}" rel="noreferrer">!${marked}</a>`;
    })
    .join("");
}

/** A text with its line breaks. */
export function linesHtml(text: string): string {
  return text
    .split("\n")
    .map((line) => html`<span class="line">${line}</span>`)
    .join("");
}

/** `short` as an SMS brings it: folded, with its numbered choices, and what it costs. */
export function smsHtml(page: Page, tree: Tree, topic: Topic, text: TopicText, locale: Locale): string {
  const labels = topic.related.flatMap((id) => {
    const related = tree.topics.get(id);
    return related === undefined ? [] : [inLocale(related.texts, locale).label];
  });
  const message = foldForSms([text.short, ...labels.map((label, at) => `${at + 1} ${label}`)].join("\n"));
  return html`<div class="bubble" lang="${locale}">!${linesHtml(message)}</div>!${costHtml(page, message)}`;
}

export function costHtml({ say }: Page, text: string): string {
  const { encoding, units, segments } = countSegments(text);
  const parts = [encoding, say("units", { count: units }), say("segments", { count: segments })];
  return html`<p class="cost">${parts.join(" · ")}</p>`;
}
