import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createAnswering } from "../../src/answering.ts";
import { loadConfig } from "../../src/config.ts";
import { NEW_CONVERSATION } from "../../src/core/turn.ts";
import { type LabelledQuestion, scoreReply, sharesOf } from "../../src/intent/evaluate.ts";
import { createRandom, misspell } from "../../src/intent/random.ts";

const questions = readFileSync("test/fixtures/questions.jsonl", "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as LabelledQuestion);
const answering = await createAnswering({ ...loadConfig({ MODEL_DIR: process.env["MODEL_DIR"] }), logLevel: "error" });
await answering.matcher.ready;
const tree = answering.tree();
const now = Math.max(...[...tree.topics.values()].map((topic) => Date.parse(topic.checkedOn)));

function scored(kind: LabelledQuestion["kind"], change: (text: string) => string = (text) => text) {
  const ofKind = questions.filter((question) => question.kind === kind);
  return sharesOf(
    ofKind.map((question) => {
      const { reply } = answering.respond({
        state: { ...NEW_CONVERSATION, welcomed: true },
        utterance: { text: change(question.text) },
        now,
        tree,
        contact: { optedOut: false, subscriptions: [] },
        channel: "sms",
      });
      return scoreReply(question, reply);
    }),
  );
}

describe("the project's own questions", () => {
  it("number at least 400 and cover every topic", () => {
    expect(questions.length).toBeGreaterThanOrEqual(400);
    const covered = new Set(questions.filter(({ kind }) => kind === "in_scope").flatMap(({ accept }) => accept));
    expect([...tree.topics.keys()].filter((topic) => !covered.has(topic))).toEqual([]);
    for (const { accept } of questions) for (const topic of accept) expect(tree.topics.has(topic)).toBe(true);
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
    expect(questions.filter(({ text }) => bare(text) !== "" && learned.has(bare(text))).map(({ id }) => id)).toEqual(
      [],
    );
  });

  it("are answered right, or asked back about, and hardly ever answered wrong", () => {
    const inScope = scored("in_scope");
    expect(inScope.right).toBeGreaterThanOrEqual(0.9);
    expect(inScope.assisted).toBeGreaterThanOrEqual(0.95);
    expect(inScope.harmful).toBeLessThanOrEqual(0.04);
  });

  it("get the way to 911 whenever someone is in danger", () => {
    const urgent = scored("urgent");
    expect(urgent.right).toBeGreaterThanOrEqual(0.9);
    expect(urgent.danger_route).toBe(1);
  });

  it("are refused when they are out of scope or in a language without answers", () => {
    expect(scored("out_of_scope").harmful).toBeLessThanOrEqual(0.04);
    expect(scored("unsupported_language").harmful).toBeLessThanOrEqual(0.04);
  });

  it("lose at most 10 points of help to two slips of the finger", () => {
    const clean = scored("in_scope").assisted;
    for (const seed of [1, 2, 3]) {
      const random = createRandom(seed);
      const misspelt = scored("in_scope", (text) => (text.length >= 20 ? misspell(text, 2, random) : text));
      expect(clean - misspelt.assisted).toBeLessThanOrEqual(0.1);
    }
  });
});
