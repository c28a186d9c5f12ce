import { describe, expect, it } from "vitest";
import { createAnswering } from "../../src/answering.ts";
import { loadConfig } from "../../src/config.ts";
import { createMatcher } from "../../src/intent/matcher.ts";

const answering = await createAnswering({ ...loadConfig({ MODEL_DIR: process.env["MODEL_DIR"] }), logLevel: "error" });
await answering.matcher.ready;
const tree = answering.tree();

describe.each([
  ["tf-idf", createMatcher(tree)],
  ["model", answering.matcher.current()],
])("the %s matcher", (method, matcher) => {
  const match = (text: string, topic?: string) => matcher.match(text, undefined, topic === undefined ? {} : { topic });

  it("says which method it is", () => {
    expect(matcher.method).toBe(method);
  });

  it.each([
    ["¿Qué es la entrevista de miedo creíble?", "credible-fear/what-is-it"],
    ["como saco mi permiso de trabajo", "asylum-basics/work-permit"],
    ["how do i find my husband ice took him", "parole-and-detention/find-detained-person"],
    ["me mude como cambio mi direccion en la corte", "immigration-court/change-address"],
  ])("answers %j", (text, topic) => {
    const found = match(text);
    const topics = found.kind === "answer" ? [found.topic] : found.kind === "clarify" ? found.topics : [];
    expect(topics).toContain(topic);
  });

  it("shows what decided, the likeliest first", () => {
    const { evidence } = match("¿Puedo pedir asilo en el puente?");
    expect(evidence.decidedBy).toBe(method);
    expect(evidence.candidates.length).toBeGreaterThan(1);
    expect(evidence.candidates[0]?.score).toBeGreaterThanOrEqual(evidence.candidates[1]?.score ?? 1);
  });

  it("does not answer what it has no answer to", () => {
    for (const text of [
      "receta de arepas",
      "where can i buy a fake passport",
      "who won the game",
      "asdkjh qwe",
      "???",
      "",
    ]) {
      expect(match(text).kind).not.toBe("answer");
    }
  });

  it("offers two or three topics when it asks back", () => {
    const vague = ["asilo", "entrevista", "papeles", "mi hijo", "court"].map((text) => match(text));
    for (const found of vague) {
      if (found.kind === "clarify") expect(found.topics.length).toBeGreaterThanOrEqual(2);
      if (found.kind === "clarify") expect(found.topics.length).toBeLessThanOrEqual(3);
    }
  });

  it("leans a short follow-up on the last topic, and not a whole question", () => {
    const score = (topic?: string) =>
      match("y mis hijos?", topic).evidence.candidates.find((one) => one.topic === "port-of-entry/family-together")
        ?.score ?? 0;
    expect(score("port-of-entry/turned-back")).toBeGreaterThan(score());
    const question = "¿Qué es la entrevista de miedo creíble y por qué la hacen?";
    expect(match(question, "about/cost").evidence.candidates).toEqual(match(question).evidence.candidates);
  });

  it("takes a place and nothing else as said about the last topic", () => {
    for (const text of ["en tijuana", "ando en reynosa", "we are in el paso"])
      expect(match(text, "get-help/shelter-and-food")).toMatchObject({
        kind: "answer",
        topic: "get-help/shelter-and-food",
      });
  });

  it("gives the same answer to the same question", () => {
    expect(match("me negaron el parole")).toEqual(match("me negaron el parole"));
  });
});
