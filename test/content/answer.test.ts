import { beforeAll, describe, expect, test } from "vitest";
import { composeAnswer, formatMonth } from "../../src/content/answer.ts";
import { getTopic, inLocale, type Tree } from "../../src/content/tree.ts";
import { countSegments } from "../../src/core/segments.ts";
import type { Translate } from "../../src/locale/translate.ts";
import { fixtureTranslate, fixtureTree, TODAY } from "./fixture.ts";

const TURNED = "port-of-entry/turned-back";
const WORDS = "port-of-entry/what-to-say";
const LATER = Date.parse("2030-01-01");

let translate: Translate;
let tree: Tree;
beforeAll(async () => {
  translate = await fixtureTranslate();
  tree = await fixtureTree();
});

const compose = (
  id: string,
  locale: string,
  { from = tree, now = TODAY, kind = "answer" as "answer" | "danger" } = {},
) => composeAnswer(from, id, locale, now, { kind, translate });
const text = (id: string, locale: string) => inLocale(getTopic(tree, id).texts, locale);
const held = (status: "held" | "withdrawn", id = WORDS): Tree => ({ ...tree, held: new Map([[id, status]]) });

describe("a current answer", () => {
  test("is the short text with its related topics as choices", () => {
    expect(compose(WORDS, "es")).toMatchObject({
      kind: "answer",
      locale: "es",
      topics: [WORDS],
      messages: [
        {
          text: text(WORDS, "es").short,
          choices: [
            { label: "No me dejaron pasar", target: { kind: "topic", topic: TURNED } },
            { label: "Ayuda legal", target: { kind: "topic", topic: "get-help/free-legal-help" } },
          ],
        },
      ],
    });
  });

  test("has the whole answer on its card: words to say, steps, sources, dates, related topics", () => {
    const { card } = compose(TURNED, "es");
    expect(card).toMatchObject({
      topic: TURNED,
      title: "Un oficial no me dejó pasar",
      status: "checked",
      factsTo: "2026-06-25",
      checkedOn: "2026-11-01",
      validUntil: "2026-12-31",
      wordsToSay: ["I am afraid to go back."],
      related: [{ label: "Qué decir" }, { label: "Ayuda legal" }],
    });
    expect(card?.blocks).toEqual(text(TURNED, "es").blocks);
    expect(card?.steps).toHaveLength(3);
    expect(card?.steps[1]).toBe(
      'Si es verdad, diga: "I am afraid to go back." (Tengo miedo de volver.) Suena: ai am afréid tu gou bak.',
    );
    expect(card?.sources).toEqual([
      { id: "al-otro-lado-scotus", title: "Mullin v. Al Otro Lado (2026)", date: "2026-06-25" },
      { id: "usc-8-1158", title: "8 U.S.C. 1158, asylum", url: expect.stringContaining("https://uscode.house.gov/") },
    ]);
  });

  test("needs files only in a third language", () => {
    const reply = compose(WORDS, "pt");
    expect(reply.messages[0]?.text).toContain("fale primeiro");
    expect(reply.messages[0]?.choices.map(({ label }) => label)).toEqual(["Fui mandado embora", "Ajuda legal"]);
    expect(compose(WORDS, "pt", { now: LATER }).messages[0]?.text).toMatch(/^Nossas fontes vão até jun\. de 2026; /);
  });
});

describe("an answer that is not current", () => {
  const oldBody = () => compose(WORDS, "es").card?.steps[0] ?? "";

  test("says how far its sources reach, what stays true, and who to ask, when it has expired", () => {
    const { kind, messages, card } = compose(WORDS, "es", { now: LATER });
    expect(kind).toBe("answer");
    expect(messages).toEqual([
      {
        text: `Nuestras fuentes llegan a jun 2026; esto pudo cambiar. Con cualquier regla:\n${text(WORDS, "es").always}\nAntes de decidir, pregunte:`,
        choices: [{ label: "Ayuda legal", target: { kind: "topic", topic: "get-help/free-legal-help" } }],
        closing: "En peligro: llame al 911.",
      },
    ]);
    expect(card?.status).toBe("expired");
  });

  test("shows nothing of the old text on its card either", () => {
    for (const [from, now] of [
      [tree, LATER],
      [held("held"), TODAY],
      [held("withdrawn"), TODAY],
      [{ ...tree, require: "signed" as const }, TODAY],
    ] as const) {
      const reply = compose(WORDS, "es", { from, now });
      expect(JSON.stringify(reply)).not.toContain(oldBody());
      expect(JSON.stringify(reply)).not.toContain(JSON.stringify(text(WORDS, "es").short).slice(1, -1));
      expect(reply.card?.steps).toEqual([]);
      expect(reply.card?.related.map(({ label }) => label)).toEqual(["Ayuda legal"]);
    }
  });

  test("says that it is being checked, when it is held or withdrawn", () => {
    expect(compose(WORDS, "es", { from: held("withdrawn") }).messages[0]?.text).toBe(
      `Quitamos esa respuesta para revisarla. No se guíe por ella.\n${text(WORDS, "es").always}\nAntes de decidir, pregunte:`,
    );
    expect(compose(WORDS, "en", { from: held("held") }).messages[0]?.text).toMatch(
      /^We are checking that answer\. Do not rely on it\.\n/,
    );
  });

  test("says that no lawyer has signed it, where a signature is required", () => {
    const from: Tree = { ...tree, require: "signed" };
    expect(compose(WORDS, "en", { from }).messages[0]?.text).toMatch(/^No lawyer has signed that answer yet\./);
  });

  test("carries the way to 911 once, its own where it has one", () => {
    expect(compose(WORDS, "en", { now: LATER }).messages[0]?.closing).toContain("911");
    expect(compose(TURNED, "en", { now: LATER }).messages[0]).not.toHaveProperty("closing");
  });

  test("does not send people from legal help to legal help", () => {
    const [message] = compose("get-help/free-legal-help", "es", { now: LATER }).messages;
    expect(message?.choices).toEqual([]);
    expect(message?.text).not.toContain("pregunte:");
  });
});

describe("an answer that a danger rule led to", () => {
  test.each(["es", "en", "pt"])("is its always text alone in every state (%s)", (locale) => {
    const unsigned: Tree = { ...tree, require: "signed" };
    for (const [from, now] of [
      [tree, TODAY],
      [tree, LATER],
      [held("held", TURNED), TODAY],
      [held("withdrawn", TURNED), LATER],
      [unsigned, TODAY],
    ] as const) {
      const reply = compose(TURNED, locale, { from, now, kind: "danger" });
      expect(reply).toMatchObject({ kind: "danger", messages: [{ text: text(TURNED, locale).always, choices: [] }] });
      expect(reply.messages).toHaveLength(1);
      expect(reply.card?.related).toEqual([]);
    }
  });
});

describe("a draft", () => {
  test("is not in the tree: no menu, choice or question leads to it", async () => {
    const draft = await fixtureTree({
      [`${WORDS}/topic.yaml`]: (yaml) => yaml.replace("state: checked", "state: draft"),
    });
    expect(draft.topics.has(WORDS)).toBe(false);
    expect(draft.sections.flatMap(({ topics }) => topics)).not.toContain(WORDS);
    expect(compose(TURNED, "es", { from: draft }).messages[0]?.choices.map(({ label }) => label)).toEqual([
      "Ayuda legal",
    ]);
    expect(() => compose(WORDS, "es", { from: draft })).toThrow(WORDS);
  });
});

test("dates are shown on phones as a short month and a year", () => {
  expect([formatMonth("2026-07-02", "es"), formatMonth("2026-07", "en"), formatMonth("2026", "es")]).toEqual([
    "jul 2026",
    "Jul 2026",
    "2026",
  ]);
});

describe("for a volunteer", () => {
  const open = (from: Tree, now = TODAY, locale = "es") =>
    composeAnswer(from, WORDS, locale, now, { kind: "answer", translate, audience: "volunteer" });

  test("the old text of an expired or held answer lies apart, behind a warning; the message stays as for everyone", () => {
    for (const [from, now, warning] of [
      [tree, LATER, /fuentes llegan a jun 2026/],
      [held("held"), TODAY, /puede tener un error/],
      [{ ...tree, require: "signed" as const }, TODAY, /Ningún abogado/],
    ] as const) {
      const reply = open(from, now);
      const { messages, card } = compose(WORDS, "es", { from, now });
      expect(reply.messages).toEqual(messages);
      expect(reply.card).toMatchObject({ ...card, old: { short: text(WORDS, "es").short } });
      expect(reply.card?.old?.warning).toMatch(warning);
      expect(reply.card?.old?.blocks).toEqual(text(WORDS, "es").blocks);
      expect(reply.card?.old?.steps).toHaveLength(3);
      expect(reply.card?.old?.wordsToSay).toEqual(["I want to ask for asylum."]);
    }
  });

  test("a current answer has no old text, and a withdrawn one shows it to nobody", () => {
    expect(open(tree).card).not.toHaveProperty("old");
    expect(open(held("withdrawn")).card).not.toHaveProperty("old");
  });
});

describe("notices", () => {
  const notice = (id: string, change: Partial<Tree["notices"][number]> = {}) => ({
    ...{ id, on: "2026-11-20", topics: [WORDS], places: [], until: TODAY },
    ...{ text: { es: `Aviso ${id}.`, en: `Notice ${id}.` } },
    ...change,
  });
  const withNotices = (...notices: Tree["notices"]): Tree => ({ ...tree, notices });

  test("stand before the answer as a message of their own, dated, and on the card", () => {
    const reply = compose(WORDS, "es", { from: withNotices(notice("1")) });
    expect(reply.messages).toEqual([{ text: "20 nov 2026: Aviso 1.", choices: [] }, ...compose(WORDS, "es").messages]);
    expect(reply.card?.notices).toEqual(["20 nov 2026: Aviso 1."]);
  });

  test("stand before an answer that is not current too, never before one to danger", () => {
    const from = withNotices(notice("1", { until: LATER }));
    expect(compose(WORDS, "en", { from, now: LATER }).messages[0]?.text).toBe("Nov 20, 2026: Notice 1.");
    const danger = compose(WORDS, "en", { from, kind: "danger" });
    expect([danger.messages, danger.card?.notices]).toEqual([[{ text: text(WORDS, "en").always, choices: [] }], []]);
  });

  test("of other topics, past their end or in no such language stay away; of many, the two newest come", () => {
    const from = withNotices(
      notice("1", { until: TODAY - 1 }),
      notice("2", { topics: [TURNED] }),
      notice("3", { on: "2026-11-18" }),
      notice("4", { on: "2026-11-21" }),
      notice("5", { on: "2026-11-19" }),
    );
    expect(compose(WORDS, "es", { from }).card?.notices).toEqual(["21 nov 2026: Aviso 4.", "19 nov 2026: Aviso 5."]);
    expect(compose(WORDS, "pt", { from }).card?.notices).toEqual([]);
  });

  test("two of the longest that may be written fit one message of two SMS segments", () => {
    const line = (id: string) => notice(id, { text: { es: "x".repeat(150 - "20 nov 2026: ".length) } });
    const [message] = compose(WORDS, "es", { from: withNotices(line("1"), line("2")) }).messages;
    expect(countSegments(message?.text ?? "").segments).toBe(2);
  });
});
