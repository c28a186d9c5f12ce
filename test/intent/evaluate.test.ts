import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createAnswering } from "../../src/answering.ts";
import { loadConfig } from "../../src/config.ts";
import { NEW_CONVERSATION } from "../../src/core/turn.ts";
import { type LabelledQuestion, scoreReply, sharesOf } from "../../src/intent/evaluate.ts";
import { createRandom, misspell } from "../../src/intent/random.ts";

/** A line said after an answer: what it should lead to then; nothing for what has no answer here. */
type FollowUp = Pick<LabelledQuestion, "id" | "lang" | "text" | "accept"> & { readonly after: string };

const questions = linesOf<LabelledQuestion>("questions");
const outOfScope = linesOf<LabelledQuestion>("out-of-scope");
const danger = linesOf<LabelledQuestion>("danger");
/** Ids that begin with a were looked at while the rules were widened, those with b were not. */
const dangerBlind = linesOf<LabelledQuestion>("danger-blind");
const unseen = linesOf<LabelledQuestion>("unseen");
const followUps = linesOf<FollowUp>("follow-ups");
const answering = await createAnswering({ ...loadConfig({ MODEL_DIR: process.env["MODEL_DIR"] }), logLevel: "error" });
await answering.matcher.ready;
const tree = answering.tree();
const now = Math.max(...[...tree.topics.values()].map((topic) => Date.parse(topic.checkedOn)));

function linesOf<T>(name: string): T[] {
  return readFileSync(`test/fixtures/${name}.jsonl`, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

function reply(text: string, after?: { readonly locale: string; readonly topic: string }) {
  const context = after && {
    context: { at: now, topic: after.topic, choices: [], pagesSent: 0 },
    locale: after.locale,
  };
  return answering.respond({
    state: { ...NEW_CONVERSATION, welcomed: true, ...context },
    utterance: { text },
    now,
    tree,
    contact: { optedOut: false, subscriptions: [] },
    channel: "sms",
  }).reply;
}

function scored(
  lines: readonly LabelledQuestion[],
  kind: LabelledQuestion["kind"],
  change: (text: string) => string = (text) => text,
) {
  const ofKind = lines.filter((line) => line.kind === kind);
  return sharesOf(ofKind.map((line) => scoreReply(line, reply(change(line.text)))));
}

describe("the project's own questions", () => {
  it("number at least 400 and cover every topic", () => {
    expect(questions.length).toBeGreaterThanOrEqual(400);
    const covered = new Set(questions.filter(({ kind }) => kind === "in_scope").flatMap(({ accept }) => accept));
    expect([...tree.topics.keys()].filter((topic) => !covered.has(topic))).toEqual([]);
    for (const { accept } of [...questions, ...danger, ...dangerBlind, ...followUps])
      for (const topic of accept) expect(tree.topics.has(topic)).toBe(true);
  });

  it("are not among the lines that matching learns from", () => {
    const bare = (text: string) =>
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, " ")
        .trim();
    const learned = new Set(
      [...[...tree.topics.values()].map((topic) => topic.questions), ...tree.outOfScope.map(({ examples }) => examples)]
        .flatMap((perLocale) => Object.values(perLocale).flat())
        .map(bare),
    );
    const own = [...questions, ...outOfScope, ...danger, ...dangerBlind, ...unseen];
    expect(own.filter(({ text }) => bare(text) !== "" && learned.has(bare(text))).map(({ id }) => id)).toEqual([]);
  });

  it("are answered right, or asked back about, and hardly ever answered wrong", () => {
    const inScope = scored(questions, "in_scope");
    expect(inScope.right).toBeGreaterThanOrEqual(0.9);
    expect(inScope.assisted).toBeGreaterThanOrEqual(0.95);
    expect(inScope.harmful).toBeLessThanOrEqual(0.04);
  });

  it("get the way to 911 whenever someone is in danger", () => {
    const urgent = scored(questions, "urgent");
    expect(urgent.right).toBeGreaterThanOrEqual(0.9);
    expect(urgent.danger_route).toBe(1);
  });

  it("are refused when they are out of scope or in a language without answers", () => {
    expect(scored(questions, "out_of_scope").harmful).toBeLessThanOrEqual(0.04);
    expect(scored(questions, "unsupported_language").harmful).toBeLessThanOrEqual(0.04);
  });

  it("lose at most 10 points of help to two slips of the finger", () => {
    const clean = scored(questions, "in_scope").assisted;
    for (const seed of [1, 2, 3]) {
      const random = createRandom(seed);
      const misspelt = scored(questions, "in_scope", (text) => (text.length >= 20 ? misspell(text, 2, random) : text));
      expect(clean - misspelt.assisted).toBeLessThanOrEqual(0.1);
    }
  });
});

describe("questions written without sight of what is learned from", () => {
  it("are answered right, or asked back about, and seldom answered wrong, in both languages", () => {
    for (const lang of ["es", "en"]) {
      const lines = unseen.filter((line) => line.lang === lang);
      const inScope = scored(lines, "in_scope");
      expect(inScope.n).toBeGreaterThanOrEqual(200);
      expect(inScope.right).toBeGreaterThanOrEqual(0.8);
      expect(inScope.assisted).toBeGreaterThanOrEqual(0.94);
      expect(inScope.harmful).toBeLessThanOrEqual(0.04);
      expect(scored(lines, "out_of_scope").harmful).toBeLessThanOrEqual(0.04);
      expect(scored(lines, "urgent").danger_route).toBe(1);
    }
  });
});

describe("what has no answer here", () => {
  it("is refused or asked back about: visas, other countries, lies, hiding, predictions, orders to a machine, small talk", () => {
    expect(outOfScope.length).toBeGreaterThanOrEqual(180);
    expect(scored(outOfScope, "out_of_scope").harmful).toBeLessThanOrEqual(0.03);
  });
});

describe("danger told in few words, sideways, or by someone who is watched", () => {
  it("gets the danger text", () => {
    const urgent = scored(danger, "urgent");
    expect(urgent.n).toBeGreaterThanOrEqual(60);
    expect(urgent.right).toBeGreaterThanOrEqual(0.95);
    expect(urgent.danger_route).toBe(1);
  });

  it("is not heard in a calm question about danger", () => {
    const calm = danger.filter(({ kind }) => kind === "in_scope");
    expect(calm.length).toBeGreaterThanOrEqual(40);
    expect(calm.filter(({ text }) => reply(text)?.kind === "danger").map(({ id }) => id)).toEqual([]);
    const inScope = scored(danger, "in_scope");
    expect(inScope.assisted).toBeGreaterThanOrEqual(0.85);
    expect(inScope.harmful).toBeLessThanOrEqual(0.08);
  });
});

describe("danger written without sight of the rules", () => {
  it.each(["a", "b"])("gets the danger text, and calm mentions of danger seldom do: half %s", (half) => {
    const lines = dangerBlind.filter(({ id }) => id.startsWith(half));
    const urgent = scored(lines, "urgent");
    expect(urgent.n).toBeGreaterThanOrEqual(100);
    expect(urgent.right).toBeGreaterThanOrEqual(0.92);
    expect(urgent.harmful).toBeLessThanOrEqual(0.04);
    expect(urgent.danger_route).toBeGreaterThanOrEqual(0.99);
    const calm = lines.filter(({ kind }) => kind !== "urgent");
    expect(calm.length).toBeGreaterThanOrEqual(45);
    expect(calm.filter(({ text }) => reply(text)?.kind === "danger").length).toBeLessThanOrEqual(2);
    const inScope = scored(lines, "in_scope");
    expect(inScope.assisted).toBeGreaterThanOrEqual(0.85);
    expect(inScope.harmful).toBeLessThanOrEqual(0.12);
  });
});

describe("short lines after an answer", () => {
  it("lean on what was answered", () => {
    const outcomes = followUps.map(({ lang, text, after, accept, id }) => {
      const question: LabelledQuestion = {
        id,
        lang,
        text,
        accept,
        style: "sms",
        kind: accept.length > 0 ? "in_scope" : "out_of_scope",
      };
      return scoreReply(question, reply(text, { locale: lang, topic: after }));
    });
    const asked = sharesOf(outcomes.filter(({ question }) => question.kind === "in_scope"));
    expect(asked.right).toBeGreaterThanOrEqual(0.48);
    expect(asked.assisted).toBeGreaterThanOrEqual(0.85);
    expect(asked.harmful).toBeLessThanOrEqual(0.05);
    const others = outcomes.filter(({ question }) => question.kind === "out_of_scope");
    expect(others.filter(({ outcome }) => outcome === "harmful")).toEqual([]);
  });
});
