import type { Choice, ReplyMessage } from "../core/reply.ts";
import type { Locale, TopicId } from "../core/words.ts";
import type { Translate } from "../locale/translate.ts";
import { getTopic, inLocale, type Tree } from "./tree.ts";

/** A menu's entries answer to one digit, on every channel. */
export const MENU_ENTRIES = 9;

/** The top menu: the sections, as numbered choices. */
export function topMenu(tree: Tree, locale: Locale, translate: Translate): ReplyMessage {
  const choices = tree.sections
    .slice(0, MENU_ENTRIES)
    .map(({ id, title }): Choice => ({ label: inLocale(title, locale), target: { kind: "section", section: id } }));
  return { text: translate(locale, "menu.top"), choices };
}

/**
 * A page of a section's topics, pages from 0. A page that is not the last ends with an entry that leads to the next.
 * A page that does not exist is the first; a section that does not exist, as an old menu may name, is the top menu.
 */
export function sectionMenu(
  tree: Tree,
  sectionId: string,
  page: number,
  locale: Locale,
  translate: Translate,
): ReplyMessage {
  const section = tree.sections.find(({ id }) => id === sectionId);
  if (section === undefined) return topMenu(tree, locale, translate);
  const pages = menuPages(section.topics);
  const index = page in pages ? page : 0;
  const choices = (pages[index] ?? []).map(
    (topic): Choice => ({
      label: inLocale(getTopic(tree, topic).texts, locale).label,
      target: { kind: "topic", topic },
    }),
  );
  const next: Choice = {
    label: translate(locale, "menu.next"),
    target: { kind: "section", section: sectionId, page: index + 1 },
  };
  return {
    text: inLocale(section.title, locale),
    choices: index + 1 < pages.length ? [...choices, next] : choices,
    closing: translate(locale, "menu.back"),
  };
}

/** Topics in pages that leave room for the entry leading on: 8 and "more" while over 9 remain. */
export function menuPages(topics: readonly TopicId[]): (readonly TopicId[])[] {
  if (topics.length <= MENU_ENTRIES) return [topics];
  return [topics.slice(0, MENU_ENTRIES - 1), ...menuPages(topics.slice(MENU_ENTRIES - 1))];
}
