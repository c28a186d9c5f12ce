import type { AnswerStatus } from "../core/reply.ts";
import type { Locale } from "../core/words.ts";
import { inLocale, type SignOff, type Topic, type Tree } from "./tree.ts";

/** How far one answer may be trusted at one moment. */
export interface AnswerState {
  readonly status: AnswerStatus;
  /** The last day on which it is shown as current (ISO date). */
  readonly validUntil: string;
  /** Who signed the text as it stands. Absent when nobody has. */
  readonly signedBy?: SignOff;
}

const DAY_MS = 86_400_000;

/**
 * The state of an answer. Days are ISO dates and count to their end in UTC: valid until 2026-12-31 means to the last
 * millisecond of that day. A held or withdrawn topic is that before anything else; a draft is a draft; then it expires
 * at the earliest of `validUntil`, `checkedOn` + `validDays` and the end of its sign-off; else it is signed, or checked.
 *
 * A sign-off counts only while its hash is the text's: one changed letter voids it. Of several, the one that lasts
 * longest counts.
 */
export function answerStatus(tree: Tree, topic: Topic, locale: Locale, now: number): AnswerState {
  const signedBy = signOffOf(tree, topic, locale, now);
  const ends = [addDays(topic.checkedOn, topic.validDays), topic.validUntil, signedBy?.validUntil];
  const validUntil = ends.filter((end) => end !== undefined).reduce((a, b) => (a < b ? a : b));
  return { status: statusOf(tree, topic, validUntil, signedBy, now), validUntil, ...(signedBy && { signedBy }) };
}

/** True when an answer in this state is served as current under what the operator demands (`CONTENT_REQUIRE`). */
export function isCurrent(status: AnswerStatus, require: Tree["require"]): boolean {
  return status === "signed" || (status === "checked" && require === "checked");
}

/** The ISO day of a moment, in UTC. */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

/** The ISO day so many days after another. */
export function addDays(day: string, days: number): string {
  return dayOf(Date.parse(day) + days * DAY_MS);
}

function statusOf(
  tree: Tree,
  topic: Topic,
  validUntil: string,
  signedBy: SignOff | undefined,
  now: number,
): AnswerStatus {
  if (topic.state === "draft") return "draft";
  const held = tree.held.get(topic.id);
  if (held !== undefined) return held;
  if (dayOf(now) > validUntil) return "expired";
  return signedBy === undefined ? "checked" : "signed";
}

function signOffOf(tree: Tree, topic: Topic, locale: Locale, now: number): SignOff | undefined {
  const { sha256 } = inLocale(topic.texts, locale);
  return tree.signOffs
    .filter(
      (line) => line.topic === topic.id && line.locale === locale && line.sha256 === sha256 && line.on <= dayOf(now),
    )
    .sort((a, b) => (a.validUntil < b.validUntil ? 1 : -1))[0];
}
