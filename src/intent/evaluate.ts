import type { Reply } from "../core/reply.ts";

/** One labelled question: a line of `test/fixtures/questions.jsonl`. */
export interface LabelledQuestion {
  readonly id: string;
  readonly lang: string;
  readonly text: string;
  readonly kind: "in_scope" | "urgent" | "out_of_scope" | "unsupported_language";
  /** Every topic whose answer truly serves the asker; none for what has no answer here. */
  readonly accept: readonly string[];
  readonly style: string;
}

/** What came of one question. */
export interface Scored {
  readonly question: LabelledQuestion;
  readonly outcome: "right" | "assisted" | "missed" | "fallback" | "harmful";
  /** The topics answered or offered. */
  readonly topics: readonly string[];
  /** The reply carries the way to 911, or is a danger text. */
  readonly dangerRoute: boolean;
}

/** The topic that a command's reply stands for. */
const TOPIC_OF_COMMAND: Readonly<Record<string, string>> = {
  stop: "about/updates",
  start: "about/updates",
  updates: "about/updates",
  notify: "about/updates",
  delete: "about/privacy",
  person: "about/talk-to-a-person",
  lawyer: "get-help/free-legal-help",
  place: "get-help/free-legal-help",
};

/**
 * Scores a reply. A topic answered that does not serve the asker is harmful; three offered with the right one among them
 * are help; saying nothing of substance is a miss. To a question without an answer here, any answer is harmful; so is an
 * urgent question's reply without a way to 911.
 */
export function scoreReply(question: LabelledQuestion, reply: Reply | undefined): Scored {
  const text = (reply?.messages ?? []).map((message) => `${message.text} ${message.closing ?? ""}`).join(" ");
  const dangerRoute = reply?.kind === "danger" || /\b911\b/.test(text);
  const topics = topicsOf(reply);
  const answered = reply !== undefined && reply.kind !== "clarify" && reply.kind !== "none" && topics.length > 0;
  const serves = topics.some((topic) => question.accept.includes(topic));
  const scored = (outcome: Scored["outcome"]): Scored => ({ question, outcome, topics, dangerRoute });
  if (question.kind === "out_of_scope" || question.kind === "unsupported_language") {
    return scored(answered ? "harmful" : "fallback");
  }
  if (question.kind === "urgent" && !dangerRoute) return scored("harmful");
  if (answered) return scored(serves ? "right" : "harmful");
  if (reply?.kind === "clarify") return scored(serves ? "assisted" : "missed");
  return scored("fallback");
}

function topicsOf(reply: Reply | undefined): readonly string[] {
  if (reply === undefined) return [];
  if (reply.kind !== "command") return reply.kind === "none" ? [] : reply.topics;
  const [word = "", name = ""] = (reply.evidence?.decidedBy ?? "").split(" ");
  const topic = TOPIC_OF_COMMAND[word === "place" ? "place" : name];
  return topic === undefined ? [] : [topic];
}

/** Shares of a group of questions. */
export interface Shares {
  readonly n: number;
  readonly right: number;
  readonly assisted: number;
  readonly harmful: number;
  readonly fallback: number;
  readonly danger_route: number;
}

export function sharesOf(scored: readonly Scored[]): Shares {
  const n = scored.length;
  const share = (count: number) => (n === 0 ? 0 : Math.round((count / n) * 10_000) / 10_000);
  const of = (...outcomes: readonly Scored["outcome"][]) =>
    scored.filter(({ outcome }) => outcomes.includes(outcome)).length;
  return {
    n,
    right: share(of("right")),
    assisted: share(of("right", "assisted")),
    harmful: share(of("harmful")),
    fallback: share(of("fallback", "missed")),
    danger_route: share(scored.filter(({ dangerRoute }) => dangerRoute).length),
  };
}

/** Shares by a property of the questions, its values in alphabetical order. */
export function sharesBy(scored: readonly Scored[], by: (one: Scored) => string): Readonly<Record<string, Shares>> {
  const groups = Object.groupBy(scored, by);
  return Object.fromEntries(
    Object.keys(groups)
      .sort((a, b) => a.localeCompare(b))
      .map((key) => [key, sharesOf(groups[key] ?? [])]),
  );
}
