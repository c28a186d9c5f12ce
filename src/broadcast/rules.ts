import { hardToRead } from "../content/check/reading-level.ts";
import { answerStatus, isCurrent } from "../content/state.ts";
import type { Tree } from "../content/tree.ts";
import type { BroadcastContent } from "../core/broadcast.ts";
import { inText, judgeAnnouncement } from "../desk/notice-rules.ts";
import type { Sentence } from "../locale/sentence.ts";
import { type FormOptions, FULL_BUDGET, fullText, problemInTemplate } from "./forms.ts";

/** Nobody plans further ahead, and what was written may be wrong by then. */
const LONGEST_AHEAD_MS = 30 * 86_400_000;

export interface Verdict {
  /** Each is a reason why it cannot go out. */
  readonly problems: readonly Sentence[];
  /** For the one who writes it to think about. */
  readonly warnings: readonly Sentence[];
  /** It speaks of law, ports, deadlines, fees or papers, and leads to no answer that is current: an editor approves it. */
  readonly needsEditor: boolean;
}

/**
 * Holds a broadcast against the rules that apply whoever approves it: complete, in every language of its audience, short
 * enough, a time to come, and for what speaks of law an answer or a source and an end.
 */
export function judgeBroadcast(
  tree: Tree,
  content: BroadcastContent,
  { now, translate, name, templates }: FormOptions & { readonly now: number },
): Verdict {
  const { texts, audience, topic, source, until, sendAt } = content;
  const problems = [...audienceProblems(tree, content)];
  const { problems: inTexts, legal } = judgeAnnouncement(tree, {
    texts,
    locales: audience.locales,
    missing: "broadcast.rule.textMissing",
    asSent: (text, locale) => fullText(translate, name, text, locale),
    budget: FULL_BUDGET,
  });
  problems.push(...inTexts);
  if (topic !== undefined && !tree.topics.has(topic)) problems.push({ key: "desk.refused.noTopic", values: { topic } });
  const leads = topic !== undefined && leadsToAnswer(tree, content, now);
  if (topic !== undefined && tree.topics.has(topic) && !leads)
    problems.push({ key: "broadcast.rule.leadsNowhere", values: { topic } });
  const needsEditor = legal && !leads;
  if (needsEditor && (source === undefined || until === undefined)) problems.push({ key: "broadcast.rule.law" });
  if (source !== undefined && !(URL.canParse(source) && source.startsWith("https://")))
    problems.push({ key: "desk.rule.source" });
  if (sendAt !== undefined && sendAt < now) problems.push({ key: "broadcast.rule.past" });
  if (sendAt !== undefined && sendAt > now + LONGEST_AHEAD_MS) problems.push({ key: "broadcast.rule.tooFar" });
  if (until !== undefined && until <= Math.max(now, sendAt ?? now))
    problems.push({ key: "broadcast.rule.untilTooSoon" });
  const unfit = templates && audience.channels.includes("whatsapp") ? problemInTemplate(name) : undefined;
  if (unfit !== undefined) problems.push({ key: "broadcast.rule.name", values: { why: unfit } });
  const warnings = Object.entries(texts).flatMap(([locale, text]) =>
    hardToRead(text, locale).map((warning) => inText(locale, warning)),
  );
  return { problems, warnings, needsEditor };
}

function audienceProblems(tree: Tree, { audience, texts }: BroadcastContent): Sentence[] {
  const problems: Sentence[] = [];
  if (audience.places.length === 0) problems.push({ key: "broadcast.rule.noPlaces" });
  if (audience.locales.length === 0) problems.push({ key: "broadcast.rule.noLanguages" });
  if (audience.channels.length === 0) problems.push({ key: "broadcast.rule.noChannels" });
  for (const id of audience.places) {
    const place = tree.places.find((one) => one.id === id);
    if (place === undefined) problems.push({ key: "desk.rule.noPlace", values: { place: id } });
    else if (!isTimeZone(place.timeZone))
      problems.push({ key: "broadcast.rule.noZone", values: { place: { texts: place.names } } });
  }
  for (const locale of Object.keys(texts))
    if (!audience.locales.includes(locale))
      problems.push({ key: "broadcast.rule.textUnread", values: { language: { language: locale } } });
  return problems;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

function leadsToAnswer(tree: Tree, { topic: id, audience }: BroadcastContent, now: number): boolean {
  const topic = id === undefined ? undefined : tree.topics.get(id);
  return (
    topic !== undefined &&
    audience.locales.every(
      (locale) =>
        topic.texts[locale] !== undefined && isCurrent(answerStatus(tree, topic, locale, now).status, tree.require),
    )
  );
}
