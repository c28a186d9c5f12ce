import { addDays, answerStatus, dayOf, isCurrent } from "../content/state.ts";
import type { Tree } from "../content/tree.ts";
import type { NoticeRecord } from "../core/desk.ts";
import type { Locale } from "../core/words.ts";
import { RefusedError, type Sentence } from "../locale/sentence.ts";
import { type Desk, demandTopic } from "./desk.ts";
import { judgeNotice } from "./notice-rules.ts";
import type { Person } from "./people.ts";
import { demand, namesOf, whoCan } from "./permissions.ts";

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
 * @throws RefusedError naming everything that is wrong with it.
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
  if (problems.length > 0) throw new RefusedError("desk.notice.problems", {}, problems);
  const until = Date.parse(draft.until) + DAY_MS - 1;
  const { texts, places, source } = draft;
  return desk.stores.notices.draft({
    ...{ texts, topics, places, until, draftedBy: person.id },
    ...(source !== undefined && { source }),
  });
}

function placementProblems(tree: Tree, draft: NoticeDraft, topics: readonly string[], now: number): Sentence[] {
  const problems: Sentence[] = [];
  if (topics.length === 0 && draft.places.length === 0) problems.push({ key: "desk.notice.noPlacement" });
  for (const place of draft.places)
    if (!tree.places.some(({ id }) => id === place)) problems.push({ key: "desk.rule.noPlace", values: { place } });
  const last = addDays(dayOf(now), LONGEST_DAYS);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(draft.until) || Number.isNaN(Date.parse(draft.until)))
    problems.push({ key: "desk.notice.day" });
  else if (draft.until < dayOf(now)) problems.push({ key: "desk.notice.past" });
  else if (draft.until > last) problems.push({ key: "desk.notice.latest", values: { day: last } });
  if (draft.source !== undefined && !(URL.canParse(draft.source) && draft.source.startsWith("https://")))
    problems.push({ key: "desk.rule.source" });
  return problems;
}

/**
 * Puts a notice before answers. The approver is another person than the author; what speaks of law, ports, deadlines,
 * fees or papers leads to an answer that is served as current, or has a source and is approved by an editor.
 *
 * @throws RefusedError
 */
export async function approveNotice(desk: Desk, person: Person, noticeId: number): Promise<NoticeRecord> {
  demand(desk.people, person, "approve-notice");
  const notice = await findNotice(desk, noticeId);
  const now = desk.clock.now();
  const tree = desk.tree();
  const id = noticeId;
  if (noticeState(notice, now) !== "draft") throw new RefusedError("desk.notice.notDraft", { id });
  if (notice.draftedBy === person.id) {
    const others = whoCan(desk.people, "approve-notice").filter((one) => one.id !== person.id);
    throw new RefusedError("desk.notice.own", { id, people: namesOf(others) });
  }
  const { problems, legal } = judgeNotice(tree, notice.texts, dayOf(now));
  if (problems.length > 0) throw new RefusedError("desk.notice.problemsOf", { id }, problems);
  if (legal && !leadsToAnswer(tree, notice, now)) {
    demand(desk.people, person, "approve-legal-notice");
    if (notice.source === undefined) throw new RefusedError("desk.notice.law", { id });
  }
  if (!(await desk.stores.notices.approve(noticeId, person.id))) throw new RefusedError("desk.notice.justNow", { id });
  return notice;
}

/** Takes a notice away before its last day, or a draft out of the list. */
export async function endNotice(desk: Desk, person: Person, noticeId: number): Promise<void> {
  demand(desk.people, person, "end-notice");
  await findNotice(desk, noticeId);
  if (!(await desk.stores.notices.end(noticeId, person.id)))
    throw new RefusedError("desk.notice.ended", { id: noticeId });
}

export type NoticeState = "draft" | "shown" | "over" | "ended";

export function noticeState({ approvedAt, endedAt, until }: NoticeRecord, now: number): NoticeState {
  if (endedAt !== undefined) return "ended";
  if (now > until) return "over";
  return approvedAt === undefined ? "draft" : "shown";
}

async function findNotice(desk: Desk, noticeId: number): Promise<NoticeRecord> {
  const notice = await desk.stores.notices.find(noticeId);
  if (notice === undefined) throw new RefusedError("desk.notice.gone", { id: noticeId });
  return notice;
}

function leadsToAnswer(tree: Tree, { topics, texts }: NoticeRecord, now: number): boolean {
  return topics.some((id) => {
    const topic = tree.topics.get(id);
    if (topic === undefined) return false;
    return Object.keys(texts).every((locale) => isCurrent(answerStatus(tree, topic, locale, now).status, tree.require));
  });
}
