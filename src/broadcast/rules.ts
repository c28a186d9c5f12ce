import { hardToRead } from "../content/check/reading-level.ts";
import { answerStatus, isCurrent } from "../content/state.ts";
import type { Tree } from "../content/tree.ts";
import { BROADCAST_CHANNELS, type BroadcastContent } from "../core/broadcast.ts";
import { judgeAnnouncement } from "../desk/notice-rules.ts";
import { type FormOptions, FULL_BUDGET, fullText, problemInTemplate } from "./forms.ts";

/** Nobody plans further ahead, and what was written may be wrong by then. */
const LONGEST_AHEAD_MS = 30 * 86_400_000;

export interface Verdict {
  /** Each is a reason why it cannot go out. */
  readonly problems: readonly string[];
  /** For the one who writes it to think about. */
  readonly warnings: readonly string[];
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
  const { problems: inText, legal } = judgeAnnouncement(tree, {
    texts,
    locales: audience.locales,
    name: "A broadcast",
    asSent: (text, locale) => fullText(translate, name, text, locale),
    budget: FULL_BUDGET,
  });
  problems.push(...inText);
  if (topic !== undefined && !tree.topics.has(topic)) problems.push(`There is no served answer "${topic}".`);
  const leads = topic !== undefined && leadsToAnswer(tree, content, now);
  if (topic !== undefined && tree.topics.has(topic) && !leads)
    problems.push(
      `${topic} is not served as current in every language of the audience: people would be led to nothing.`,
    );
  const needsEditor = legal && !leads;
  if (needsEditor && (source === undefined || until === undefined))
    problems.push(
      "It speaks of law, ports, deadlines, fees or papers: link an answer that is current, or give a source and a last day.",
    );
  if (source !== undefined && !(URL.canParse(source) && source.startsWith("https://")))
    problems.push("Its source is an address that begins with https://.");
  if (sendAt !== undefined && sendAt < now) problems.push("The time to send it has passed. Choose one to come.");
  if (sendAt !== undefined && sendAt > now + LONGEST_AHEAD_MS)
    problems.push("It can be planned 30 days ahead at most.");
  if (until !== undefined && until <= Math.max(now, sendAt ?? now))
    problems.push("Its last day comes before it would be sent.");
  const unfit = templates && audience.channels.includes("whatsapp") ? problemInTemplate(name) : undefined;
  if (unfit !== undefined)
    problems.push(`The organisation's name (ORG_NAME) cannot stand in a WhatsApp template: ${unfit}.`);
  const warnings = Object.entries(texts).flatMap(([locale, text]) =>
    hardToRead(text, locale).map((warning) => `${locale}: ${warning}`),
  );
  return { problems, warnings, needsEditor };
}

function audienceProblems(tree: Tree, { audience, texts }: BroadcastContent): string[] {
  const problems: string[] = [];
  if (audience.places.length === 0) problems.push("It has no audience: name a place, or all of them.");
  if (audience.locales.length === 0) problems.push("It has no audience: name a language, or write a text in one.");
  if (audience.channels.length === 0) problems.push(`It has no audience: choose ${BROADCAST_CHANNELS.join(" or ")}.`);
  for (const id of audience.places) {
    const place = tree.places.find((one) => one.id === id);
    if (place === undefined) problems.push(`There is no place "${id}" in places.yaml.`);
    else if (!isTimeZone(place.timeZone))
      problems.push(`The place ${id} has no time zone in places.yaml: nobody knows when its people sleep.`);
  }
  for (const locale of Object.keys(texts))
    if (!audience.locales.includes(locale))
      problems.push(`There is a ${locale} text, and nobody in the audience reads ${locale}.`);
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
