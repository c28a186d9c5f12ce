import { html } from "ghtml";
import { formatMonth } from "../content/answer.ts";
import { type Phrase, phrasesOf } from "../content/phrases.ts";
import { answerStatus, isCurrent } from "../content/state.ts";
import { inLocale, type Topic, type Tree } from "../content/tree.ts";
import type { Locale } from "../core/words.ts";
import type { Translate } from "../locale/translate.ts";

export interface PocketCardsOptions {
  readonly tree: Tree;
  /** The reader's language: what the words mean and how they sound. */
  readonly locale: Locale;
  readonly translate: Translate;
  readonly now: number;
  /** One section's only. */
  readonly section?: string;
}

/**
 * Cards to cut out and carry: the words an officer must hear, in English, each with its meaning and its sound. Of
 * answers that are served as current only, with how far their sources reach.
 *
 * @returns the cards' HTML; empty when no answer of the section has words to say.
 */
export function pocketCards({ tree, locale, translate, now, section }: PocketCardsOptions): string {
  return tree.sections
    .filter(({ id }) => section === undefined || id === section)
    .flatMap(({ topics }) => topics)
    .flatMap((id) => tree.topics.get(id) ?? [])
    .flatMap((topic) => {
      const { status } = answerStatus(tree, topic, locale, now);
      const phrases = isCurrent(status, tree.require) ? phrasesOf(inLocale(topic.texts, locale).blocks) : [];
      return phrases.length === 0 ? [] : [cardHtml(topic, phrases, locale, translate, status === "signed")];
    })
    .join("\n");
}

function cardHtml(
  topic: Topic,
  phrases: readonly Phrase[],
  locale: Locale,
  translate: Translate,
  signed: boolean,
): string {
  const say = (key: string, values = {}) => translate(locale, `review.cards.${key}`, values);
  const lines = phrases.map(
    ({ words, meaning, sound }) =>
      html`<li><p class="words" lang="en">${words}</p>!${meaning === undefined ? "" : html`<p class="meaning">${meaning}</p>`}!${sound === undefined ? "" : html`<p class="sound"><span>${say("sounds")}</span> ${sound}</p>`}</li>`,
  );
  const foot = [
    say("factsTo", { date: formatMonth(topic.factsTo, locale) }),
    say("notAdvice"),
    ...(signed ? [] : [translate(locale, "reply.notSigned")]),
  ].join(" ");
  return html`<section class="card" lang="${locale}">
<h2>${inLocale(topic.texts, locale).title}</h2>
<p class="if-true">${say("ifTrue")}</p>
<ul>!${lines}</ul>
<p class="foot"><strong>${translate(locale, "reply.danger")}</strong> ${foot}</p>
</section>`;
}

/** The cards as a file of their own, to print from any machine. */
export function pocketCardsFile(
  options: PocketCardsOptions & { readonly css: string; readonly cards: string },
): string {
  const { locale, translate, css, cards } = options;
  const title = translate(locale, "review.cards.title");
  return html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Puente</title>
<style>!${css}</style>
</head>
<body class="cards">
<main>
<h1>${title}</h1>
<p class="lead">${translate(locale, "review.cards.how")}</p>
<div class="cut">!${cards}</div>
</main>
</body>
</html>`;
}
