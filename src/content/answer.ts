import type { Block, Card, Choice, CitedSource, OldAnswer, Reply, ReplyMessage } from "../core/reply.ts";
import type { Locale, TopicId } from "../core/words.ts";
import type { Translate } from "../locale/translate.ts";
import { textOf } from "./markdown.ts";
import { noticeMessage, noticesFor } from "./notices.ts";
import { type AnswerState, answerStatus, isCurrent } from "./state.ts";
import { getTopic, inLocale, type Topic, type TopicText, type Tree } from "./tree.ts";

/** Where an answer that is not current sends people instead. */
const HUMAN_ROUTE: TopicId = "get-help/free-legal-help";
/** After an answer: at most two next steps. */
const MAX_RELATED = 2;

export interface ComposeOptions {
  /** `danger` when a danger rule led here. */
  readonly kind: "answer" | "danger";
  readonly translate: Translate;
  /** A `volunteer` can open, behind a warning, what an expired or held answer said. Default: the person who asks. */
  readonly audience?: "person" | "volunteer";
}

/**
 * The only composer of answers: what Puente says about a topic at a moment, in words that are all from the content
 * tree or, around them, from `locales/`.
 *
 * - Reached by a danger rule: the topic's `always` and nothing else, whatever its state.
 * - Current: its `short`, and up to two related topics.
 * - Expired, held, withdrawn, or unsigned where a signature is required: that this is so, its `always`, and the way to
 *   people who help. The card then holds no more than that. For a volunteer it also holds the old text, apart and behind
 *   a warning, unless the answer was withdrawn: that one was judged wrong.
 *
 * Notices about the topic come first, as a message of their own, but never before an answer to danger.
 */
export function composeAnswer(tree: Tree, id: TopicId, locale: Locale, now: number, options: ComposeOptions): Reply {
  const topic = getTopic(tree, id);
  const text = inLocale(topic.texts, locale);
  const state = answerStatus(tree, topic, locale, now);
  const { kind, audience } = options;
  const danger = kind === "danger";
  const related = danger ? [] : nextSteps(tree, topic, locale, state);
  const notices = danger ? [] : noticesFor(tree, id, locale, now);
  const message = danger
    ? { text: text.always, choices: [] }
    : messageOf(tree, topic, text, locale, state, related, options);
  const before = notices.length === 0 ? [] : [noticeMessage(notices)];
  const old = audience === "volunteer" ? oldAnswer(tree, topic, text, locale, state, options) : undefined;
  const card = { ...cardOf(tree, topic, text, state), related, notices, ...(old !== undefined && { old }) };
  return { kind, locale, topics: [id], messages: [...before, message], card };
}

/** A date as people on phones see it: "jul 2026", "Jul 2026". Takes YYYY, YYYY-MM or YYYY-MM-DD. */
export function formatMonth(date: string, locale: Locale): string {
  if (date.length < 7) return date;
  return new Intl.DateTimeFormat(locale, { month: "short", year: "numeric", timeZone: "UTC" }).format(Date.parse(date));
}

function nextSteps(tree: Tree, topic: Topic, locale: Locale, { status }: AnswerState): Choice[] {
  if (isCurrent(status, tree.require)) return choicesOf(tree, topic.related.slice(0, MAX_RELATED), locale);
  return topic.id === HUMAN_ROUTE ? [] : choicesOf(tree, [HUMAN_ROUTE], locale);
}

function messageOf(
  tree: Tree,
  topic: Topic,
  { short, always }: TopicText,
  locale: Locale,
  { status }: AnswerState,
  choices: readonly Choice[],
  { translate }: ComposeOptions,
): ReplyMessage {
  if (isCurrent(status, tree.require)) return { text: short, choices };
  const lines = [translate(locale, `answer.before.${status}`, { date: formatMonth(topic.factsTo, locale) }), always];
  if (choices.length > 0) lines.push(translate(locale, "answer.askFirst"));
  // Whatever is not an answer carries the way to 911; most `always` texts have it already.
  const danger = always.includes("911") ? {} : { closing: translate(locale, "reply.danger") };
  return { text: lines.join("\n"), choices, ...danger };
}

function cardOf(tree: Tree, topic: Topic, text: TopicText, state: AnswerState): Omit<Card, "related" | "notices"> {
  const current = isCurrent(state.status, tree.require);
  return {
    topic: topic.id,
    title: text.title,
    status: state.status,
    current,
    factsTo: topic.factsTo,
    checkedOn: topic.checkedOn,
    validUntil: state.validUntil,
    ...(state.signedBy !== undefined && { signedBy: `${state.signedBy.reviewer}, ${state.signedBy.role}` }),
    ...(current ? bodyOf(text.short, text.blocks) : bodyOf(text.always, paragraphsOf(text.always))),
    sources: citedSources(tree, topic),
  };
}

/** Undefined where there is no old text to show: a current answer is not old, a withdrawn one was judged wrong. */
function oldAnswer(
  tree: Tree,
  topic: Topic,
  text: TopicText,
  locale: Locale,
  { status }: AnswerState,
  { translate }: ComposeOptions,
): OldAnswer | undefined {
  if (isCurrent(status, tree.require) || status === "withdrawn") return undefined;
  const warning = translate(locale, `desk.old.${status}`, { date: formatMonth(topic.factsTo, locale) });
  return { warning, short: text.short, ...bodyOf(text.short, text.blocks) };
}

function bodyOf(short: string, blocks: readonly Block[]): Pick<Card, "blocks" | "wordsToSay" | "steps"> {
  const passages = blocks.flatMap((block) => (block.kind === "list" ? block.items : [block.inlines])).map(textOf);
  return {
    blocks,
    wordsToSay: wordsToSay([short, ...passages].join("\n")),
    steps: blocks.flatMap((block) => (block.kind === "list" && block.ordered ? block.items.map(textOf) : [])),
  };
}

/** Straight double quotes hold words to say aloud, and nothing else does. */
export function wordsToSay(text: string): string[] {
  return [...new Set([...text.matchAll(/"([^"\n]+)"/g)].map(([, words = ""]) => words))];
}

function paragraphsOf(text: string): Block[] {
  return text.split("\n").map((line) => ({ kind: "paragraph", inlines: [{ text: line }] }));
}

function citedSources(tree: Tree, topic: Topic): CitedSource[] {
  const ids = new Set(topic.claims.flatMap(({ sources }) => sources));
  return [...ids].flatMap((id): CitedSource[] => {
    const source = tree.sources.get(id);
    if (source === undefined) return [];
    const { title, url, date } = source;
    return [{ id, title, ...(url !== undefined && { url }), ...(date !== undefined && { date }) }];
  });
}

function choicesOf(tree: Tree, ids: readonly TopicId[], locale: Locale): Choice[] {
  return ids.flatMap((id): Choice[] => {
    const topic = tree.topics.get(id);
    return topic === undefined
      ? []
      : [{ label: inLocale(topic.texts, locale).label, target: { kind: "topic", topic: id } }];
  });
}
