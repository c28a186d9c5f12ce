import { addDays, answerStatus, dayOf, isCurrent } from "../content/state.ts";
import { inLocale, type Tree } from "../content/tree.ts";
import type { HomePage } from "../core/front-desk.ts";
import type { AnswerStatus } from "../core/reply.ts";
import type { Locale } from "../core/words.ts";

const SOON_DAYS = 30;

/** How the answers of the tree are at a moment, in one language. */
export function contentHealth(
  tree: Tree,
  locale: Locale,
  now: number,
): Pick<HomePage, "health" | "expiring" | "stopped"> {
  const answers = [...tree.topics.values()].map((topic) => ({
    topic: topic.id,
    title: inLocale(topic.texts, locale).title,
    ...answerStatus(tree, topic, locale, now),
  }));
  const health: Record<AnswerStatus, number> = { draft: 0, checked: 0, signed: 0, expired: 0, held: 0, withdrawn: 0 };
  for (const { status } of answers) health[status] += 1;
  const soon = addDays(dayOf(now), SOON_DAYS);
  return {
    health,
    expiring: answers
      .filter(({ status, validUntil }) => isCurrent(status, tree.require) && validUntil <= soon)
      .toSorted((a, b) => (a.validUntil < b.validUntil ? -1 : 1))
      .map(({ topic, title, validUntil }) => ({ topic, title, validUntil })),
    stopped: answers
      .filter(({ status }) => !isCurrent(status, tree.require))
      .map(({ topic, title, status }) => ({ topic, title, status })),
  };
}
