import { addDays, answerStatus, dayOf, isCurrent } from "../content/state.ts";
import type { Tree } from "../content/tree.ts";
import type { NoticeRecord } from "../core/desk.ts";
import { OperatorError } from "../core/errors.ts";
import type { Locale } from "../core/words.ts";
import { type Desk, demandTopic } from "./desk.ts";
import { judgeNotice } from "./notice-rules.ts";
import type { Person } from "./people.ts";
import { demand } from "./permissions.ts";

const DAY_MS = 86_400_000;
/** What is true for longer belongs in an answer: as long as an answer in flux is valid. */
const LONGEST_DAYS = 60;

export interface NoticeDraft {
  readonly texts: Readonly<Record<Locale, string>>;
  /** Answers before which it stands; a section's id means all of its answers. */
  readonly topics: readonly string[];
  /** Places before whose help it stands. */
  readonly places: readonly string[];
  /** ISO day: the last on which it is shown (UTC). */
  readonly until: string;
  /** An https address where it can be read. Needed for what speaks of law and leads to no answer. */
  readonly source?: string;
}

/**
 * Writes a notice that somebody else has to approve.
 *
 * @returns its number.
 * @throws OperatorError naming everything that is wrong with it.
 */
export async function draftNotice(desk: Desk, person: Person, draft: NoticeDraft): Promise<number> {
  demand(desk.people, person, "draft-notice");
  const tree = desk.tree();
  const now = desk.clock.now();
  const topics = [
    ...new Set(draft.topics.flatMap((id) => tree.sections.find((section) => section.id === id)?.topics ?? id)),
  ];
  for (const topic of topics) demandTopic(tree, topic);
  const problems = [
    ...judgeNotice(tree, draft.texts, dayOf(now)).problems,
    ...placementProblems(tree, draft, topics, now),
  ];
  if (problems.length > 0) throw new OperatorError(["The notice cannot be used:", ...problems].join("\n  - "));
  const until = Date.parse(draft.until) + DAY_MS - 1;
  const { texts, places, source } = draft;
  return desk.stores.notices.draft({
    ...{ texts, topics, places, until, draftedBy: person.id },
    ...(source !== undefined && { source }),
  });
}

function placementProblems(tree: Tree, draft: NoticeDraft, topics: readonly string[], now: number): string[] {
  const problems: string[] = [];
  if (topics.length === 0 && draft.places.length === 0)
    problems.push("Name the answers it stands before (--topic) or the places it is about (--place).");
  for (const place of draft.places)
    if (!tree.places.some(({ id }) => id === place)) problems.push(`There is no place "${place}" in places.yaml.`);
  const last = addDays(dayOf(now), LONGEST_DAYS);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(draft.until) || Number.isNaN(Date.parse(draft.until)))
    problems.push("Its last day is written as 2026-12-31.");
  else if (draft.until < dayOf(now)) problems.push("Its last day has passed.");
  else if (draft.until > last)
    problems.push(`Its last day is ${last} at the latest: what lasts longer belongs in an answer.`);
  if (draft.source !== undefined && !(URL.canParse(draft.source) && draft.source.startsWith("https://")))
    problems.push("Its source is an address that begins with https://.");
  return problems;
}

/**
 * Puts a notice before answers. The approver is another person than the author; what speaks of law, ports, deadlines,
 * fees or papers leads to an answer that is served as current, or has a source and is approved by an editor.
 *
 * @throws OperatorError
 */
export async function approveNotice(desk: Desk, person: Person, noticeId: number): Promise<NoticeRecord> {
  demand(desk.people, person, "approve-notice");
  const notice = await findNotice(desk, noticeId);
  const now = desk.clock.now();
  const tree = desk.tree();
  const state = noticeState(notice, now);
  if (state !== "draft") throw new OperatorError(`Notice ${noticeId} is ${state}: there is nothing to approve.`);
  if (notice.draftedBy === person.id) {
    const others = desk.people.all.filter(
      ({ id, roles }) => id !== person.id && roles.some((role) => role !== "volunteer"),
    );
    const who = others.length > 0 ? ` Ask one of ${others.map(({ name }) => name).join(", ")}.` : "";
    throw new OperatorError(`${person.name} wrote notice ${noticeId}: somebody else approves it.${who}`);
  }
  const { problems, legal } = judgeNotice(tree, notice.texts, dayOf(now));
  if (problems.length > 0) throw new OperatorError([`Notice ${noticeId} cannot be used:`, ...problems].join("\n  - "));
  if (legal && !leadsToAnswer(tree, notice, now)) {
    demand(desk.people, person, "approve-legal-notice");
    if (notice.source === undefined)
      throw new OperatorError(
        `Notice ${noticeId} speaks of law, ports, deadlines, fees or papers and leads to no answer that is current: end it, and draft it again with --topic or --source.`,
      );
  }
  if (!(await desk.stores.notices.approve(noticeId, person.id)))
    throw new OperatorError(`Notice ${noticeId} was approved or ended by somebody else just now.`);
  return notice;
}

/** Takes a notice away before its last day, or a draft out of the list. */
export async function endNotice(desk: Desk, person: Person, noticeId: number): Promise<void> {
  demand(desk.people, person, "end-notice");
  await findNotice(desk, noticeId);
  if (!(await desk.stores.notices.end(noticeId, person.id)))
    throw new OperatorError(`Notice ${noticeId} had ended before.`);
}

export type NoticeState = "draft" | "shown" | "over" | "ended";

export function noticeState({ approvedAt, endedAt, until }: NoticeRecord, now: number): NoticeState {
  if (endedAt !== undefined) return "ended";
  if (now > until) return "over";
  return approvedAt === undefined ? "draft" : "shown";
}

async function findNotice(desk: Desk, noticeId: number): Promise<NoticeRecord> {
  const notice = await desk.stores.notices.find(noticeId);
  if (notice === undefined) throw new OperatorError(`There is no notice ${noticeId}.`);
  return notice;
}

function leadsToAnswer(tree: Tree, { topics, texts }: NoticeRecord, now: number): boolean {
  return topics.some((id) => {
    const topic = tree.topics.get(id);
    if (topic === undefined) return false;
    return Object.keys(texts).every((locale) => isCurrent(answerStatus(tree, topic, locale, now).status, tree.require));
  });
}
