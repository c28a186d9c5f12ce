import type { ReplyMessage } from "../core/reply.ts";
import type { Locale } from "../core/words.ts";
import type { Tree } from "./tree.ts";

/** With two lines of 150 septets a message of notices stays within two SMS segments (2 x 153). */
const MAX_SHOWN = 2;

/**
 * The notices about a topic or a place (by its id) that have not ended, as dated lines, newest first: at most two, for
 * more would hide the answer.
 */
export function noticesFor(tree: Tree, topicOrPlace: string, locale: Locale, now: number): string[] {
  return tree.notices
    .filter(({ until, topics, places }) => now <= until && [...topics, ...places].includes(topicOrPlace))
    .toSorted((a, b) => (a.on < b.on ? 1 : -1))
    .flatMap(({ on, text }) => (text[locale] === undefined ? [] : [noticeLine(on, text[locale], locale)]))
    .slice(0, MAX_SHOWN);
}

/** A notice's text after the day it was approved, as people read dates: "21 nov 2026: ...", "Nov 21, 2026: ...". */
export function noticeLine(on: string, text: string, locale: Locale): string {
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  return `${day.format(Date.parse(on))}: ${text}`;
}

/** Notices go before an answer as a message of their own: the answer keeps the room of its two SMS segments. */
export function noticeMessage(lines: readonly string[]): ReplyMessage {
  return { text: lines.join("\n"), choices: [] };
}
