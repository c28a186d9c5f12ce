import { inLocale, type Tree } from "../content/tree.ts";
import type { Locale, TopicId } from "../core/words.ts";
import { words } from "../intent/normalise.ts";

/**
 * Answers for what somebody has typed so far: first those whose title holds the beginning of every word, then those that
 * the matching thinks of, the likeliest first. For nothing typed, all in the order of the tree.
 */
export function suggestTopics(
  tree: Tree,
  typed: string,
  likely: readonly TopicId[],
  locale: Locale,
): readonly { readonly topic: TopicId; readonly title: string }[] {
  const begun = words(typed);
  const titled = tree.sections
    .flatMap(({ topics }) => topics)
    .flatMap((topic) => {
      const texts = tree.topics.get(topic)?.texts;
      return texts === undefined ? [] : [{ topic, title: inLocale(texts, locale).title }];
    });
  const fits = titled.filter(({ title }) => {
    const known = words(title);
    return begun.every((word) => known.some((one) => one.startsWith(word)));
  });
  const thought = likely.flatMap((topic) => titled.filter((one) => one.topic === topic));
  return [...new Set([...fits, ...thought])];
}
