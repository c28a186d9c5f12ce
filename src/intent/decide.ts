import type { Topic, Tree } from "../content/tree.ts";
import type { Locale, TopicId } from "../core/words.ts";
import type { Label } from "./examples.ts";
import type { Match } from "./intent.ts";
import { words } from "./normalise.ts";

/** The rule from probabilities to a decision. One set for every question; how they were chosen: docs/answering.md. */
export interface Thresholds {
  /** A topic at least this probable is answered, */
  readonly answer: number;
  /** while what is not covered is together less probable than this. */
  readonly doubt: number;
  /** Topics for people in danger, together at least this probable: the best of them is answered, if nothing is likelier. */
  readonly danger: number;
  /** Kinds of question that are not covered, together at least this probable, end in the vetted redirect. */
  readonly outOfScope: number;
  /** Below this the best topic is not even offered. */
  readonly offer: number;
}

export interface Context {
  readonly topic?: TopicId;
}

/** Answer, ask back with up to three topics, or say honestly that it is not known. */
export function decide(
  labels: readonly Label[],
  probability: Float32Array,
  thresholds: Thresholds,
  method: string,
  inDanger: ReadonlySet<TopicId>,
): Match {
  const topics: { topic: TopicId; score: number }[] = [];
  let outside = 0;
  let likeliest: { id: string; score: number } | undefined;
  labels.forEach((label, k) => {
    const score = probability[k] ?? 0;
    if (label.kind === "topic") topics.push({ topic: label.topic, score });
    else {
      outside += score;
      if (likeliest === undefined || score > likeliest.score) likeliest = { id: label.id, score };
    }
  });
  topics.sort((a, b) => b.score - a.score);
  const candidates = topics.slice(0, 5);
  const [first] = candidates;
  const evidence = { decidedBy: method, candidates };
  if (first === undefined || outside >= thresholds.outOfScope) {
    const id = likeliest?.id;
    return {
      kind: "none",
      reason: "out-of-scope",
      ...(id !== undefined && { outOfScope: id }),
      evidence: { ...evidence, confidence: outside },
    };
  }
  const sure = { ...evidence, confidence: first.score };
  const threat = topics.reduce((sum, { topic, score }) => (inDanger.has(topic) ? sum + score : sum), 0);
  const clear = first.score >= thresholds.answer && outside < thresholds.doubt;
  if (clear || (inDanger.has(first.topic) && threat >= thresholds.danger)) {
    return { kind: "answer", topic: first.topic, evidence: sure };
  }
  if (first.score < thresholds.offer) return { kind: "none", reason: "unknown", evidence: sure };
  return { kind: "clarify", topics: candidates.slice(0, 3).map(({ topic }) => topic), evidence: sure };
}

/** How much likelier the last topic's neighbours become for a follow-up (factors on the probability). */
const LEAN = { same: 1, related: 4, section: 3 };
/** "and my kids?": that many words at most lean on what was said before. */
const SHORT = 7;

/** The topic a short utterance within a conversation leans on, or undefined. */
export function leansOn(text: string, context: Context, tree: Pick<Tree, "topics">): Topic | undefined {
  const last = context.topic === undefined ? undefined : tree.topics.get(context.topic);
  return words(text).length > SHORT ? undefined : last;
}

/** A follow-up as somebody would say it who had not asked before: "how long does it take?" with the last topic's names. */
export function inFull(text: string, last: Topic, tree: Pick<Tree, "sections">, locale: Locale | undefined): string {
  const said = locale !== undefined && last.texts[locale] !== undefined ? locale : Object.keys(last.texts)[0];
  const section = tree.sections.find(({ id }) => id === last.section);
  return [text, section?.title[said ?? ""], last.texts[said ?? ""]?.label].join(" ");
}

/**
 * The probabilities with the last topic's section and related topics made likelier: "y mis hijos?" after a question about
 * the bridge is about the bridge.
 */
export function leanOn(
  last: Topic,
  tree: Pick<Tree, "topics">,
  labels: readonly Label[],
  probability: Float32Array,
): Float32Array {
  const related = new Set(last.related);
  const leaning = probability.map((value, k) => {
    const label = labels[k];
    const topic = label?.kind === "topic" ? tree.topics.get(label.topic) : undefined;
    if (topic === undefined) return value;
    if (topic.id === last.id) return value * LEAN.same;
    if (related.has(topic.id)) return value * LEAN.related;
    return topic.section === last.section ? value * LEAN.section : value;
  });
  const sum = leaning.reduce((all, value) => all + value, 0);
  return leaning.map((value) => value / sum);
}
