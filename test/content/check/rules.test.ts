import { describe, expect, test } from "vitest";
import { checkLoaded } from "../../../src/content/check/check.ts";
import { type Changes, findingsOf, fixtureContent, TODAY } from "../fixture.ts";

const replace = (from: string | RegExp, to: string) => (text: string) => text.replace(from, to);
const TURNED = "port-of-entry/turned-back";

/** One thing broken, the rule that must say so, and the file, line and words by which an editor finds it. */
interface Broken {
  readonly what: string;
  readonly rule: string;
  readonly changes: Changes;
  readonly file: string;
  readonly line: number;
  readonly says: string;
}

const BROKEN: readonly Broken[] = [
  {
    what: "an answer without claims",
    rule: "claims",
    changes: { [`${TURNED}/topic.yaml`]: replace(/claims:[\s\S]*/, "claims: []\n") },
    file: `${TURNED}/topic.yaml`,
    line: 9,
    says: "has no claims",
  },
  {
    what: "a claim without a source",
    rule: "claims",
    changes: { [`${TURNED}/topic.yaml`]: replace("sources: [usc-8-1158]", "sources: []") },
    file: `${TURNED}/topic.yaml`,
    line: 12,
    says: "names no source",
  },
  {
    what: "a claim whose source is not listed",
    rule: "claims",
    changes: { [`${TURNED}/topic.yaml`]: replace("[usc-8-1158]", "[usc-8-1185]") },
    file: `${TURNED}/topic.yaml`,
    line: 12,
    says: "sources.yaml has no 'usc-8-1185'",
  },
  {
    what: "facts that reach past the day they were checked",
    rule: "claims",
    changes: { [`${TURNED}/topic.yaml`]: replace("factsTo: 2026-06-25", "factsTo: 2026-11-15") },
    file: `${TURNED}/topic.yaml`,
    line: 4,
    says: "factsTo is later than checkedOn",
  },
  {
    what: "facts that reach past the newest source",
    rule: "claims",
    changes: { [`${TURNED}/topic.yaml`]: replace("factsTo: 2026-06-25", "factsTo: 2026-08-01") },
    file: `${TURNED}/topic.yaml`,
    line: 4,
    says: "the newest dated source cited is of 2026-06-25",
  },
  {
    what: "an id used twice",
    rule: "ids",
    changes: { "sources.yaml": replace("- id: help-page", "- id: usc-8-1158") },
    file: "sources.yaml",
    line: 9,
    says: "'usc-8-1158' is used twice",
  },
  {
    what: "words to say that differ between the languages",
    rule: "parity",
    changes: {
      [`${TURNED}/es.md`]: replace('diga: "I am afraid to go back." (', 'diga: "I am very afraid to go back." ('),
    },
    file: `${TURNED}/es.md`,
    line: 1,
    says: "words to say differ",
  },
  {
    what: "words to say that differ in what is always said",
    rule: "parity",
    changes: { [`${TURNED}/es.md`]: replace(/(always: \|-\n.*\n) {2}"I am afraid to go back."/, '$1  "I am afraid."') },
    file: `${TURNED}/es.md`,
    line: 8,
    says: 'In "always" the words to say differ',
  },
  {
    what: "a number that differs",
    rule: "parity",
    changes: { [`${TURNED}/es.md`]: replace("Guarde todo papel que le dieron.\n\n", "Guarde los 2 papeles.\n\n") },
    file: `${TURNED}/es.md`,
    line: 1,
    says: "here: only '2'",
  },
  {
    what: "a date that differs by its month alone",
    rule: "parity",
    changes: { [`${TURNED}/es.md`]: replace("En junio de 2026", "En julio de 2026") },
    file: `${TURNED}/es.md`,
    line: 1,
    says: "dates differ",
  },
  {
    what: "a phone that differs",
    rule: "parity",
    changes: { [`${TURNED}/es.md`]: replace("202-555-0111", "1-202-555-0122") },
    file: `${TURNED}/es.md`,
    line: 1,
    says: "phones differ",
  },
  {
    what: "a link that differs",
    rule: "parity",
    changes: { [`${TURNED}/es.md`]: replace("https://lawyers.example.org/list", "https://www.river.example.org") },
    file: `${TURNED}/es.md`,
    line: 1,
    says: "links differ",
  },
  {
    what: "a step that is missing",
    rule: "parity",
    changes: { [`${TURNED}/es.md`]: replace("3. Guarde todo papel que le dieron.\n", "") },
    file: `${TURNED}/es.md`,
    line: 1,
    says: "2 numbered steps here and 3",
  },
  {
    what: "English that is too hard",
    rule: "reading-level",
    changes: {
      "port-of-entry/what-to-say/en.md": replace(
        "Ask for an interpreter in your best language.",
        "Communicate linguistic necessities immediately. Demonstrate comprehensive understanding. ".repeat(3),
      ),
    },
    file: "port-of-entry/what-to-say/en.md",
    line: 1,
    says: "Flesch-Kincaid grade",
  },
  {
    what: "Spanish that is too hard",
    rule: "reading-level",
    changes: {
      "port-of-entry/what-to-say/es.md": replace(
        "hable primero.\n",
        "comuníquele inmediatamente necesidades extraordinarias, ininterrumpidamente, inequívocamente, responsabilizándose constitucionalmente.\n",
      ),
    },
    file: "port-of-entry/what-to-say/es.md",
    line: 1,
    says: "INFLESZ",
  },
  {
    what: "a sentence of more than 15 words",
    rule: "reading-level",
    changes: {
      [`${TURNED}/en.md`]: replace(
        "- Do not sign what",
        "- Do not ever sign any of it if you have the least of a doubt about what",
      ),
    },
    file: `${TURNED}/en.md`,
    line: 19,
    says: "15 is the limit",
  },
  {
    what: "a short text that is too long",
    rule: "budgets",
    changes: { [`${TURNED}/en.md`]: replace("Keep any paper", `${"Keep it. ".repeat(20)}Keep any paper`) },
    file: `${TURNED}/en.md`,
    line: 4,
    says: "255 is the limit",
  },
  {
    what: "an always text that is too long",
    rule: "budgets",
    changes: { [`${TURNED}/es.md`]: replace("Pida un supervisor.", "Pida un supervisor. ".repeat(9)) },
    file: `${TURNED}/es.md`,
    line: 8,
    says: '"always" takes',
  },
  {
    what: "an emoji in an SMS",
    rule: "budgets",
    changes: { [`${TURNED}/en.md`]: replace("Keep any paper they gave you. Do", "Keep any paper 🙏 Do") },
    file: `${TURNED}/en.md`,
    line: 4,
    says: "holds 🙏",
  },
  {
    what: "a short text that is too long with its choices",
    rule: "budgets",
    changes: {
      "port-of-entry/what-to-say/en.md": replace(
        "You may say that you do not know.",
        `${"Go on. ".repeat(22)}Then go.`,
      ),
      "port-of-entry/turned-back/en.md": replace("label: I was turned away", "label: I was turned away xy"),
      "get-help/free-legal-help/en.md": replace("label: Free legal help", "label: Free legal help xyzw"),
    },
    file: "port-of-entry/what-to-say/en.md",
    line: 4,
    says: "with its choices",
  },
  {
    what: "a long title",
    rule: "budgets",
    changes: {
      [`${TURNED}/en.md`]: replace("title: An officer", `title: ${"A long way to say that ".repeat(3)}an officer`),
    },
    file: `${TURNED}/en.md`,
    line: 2,
    says: "60 is the limit",
  },
  {
    what: "a long label",
    rule: "budgets",
    changes: { [`${TURNED}/es.md`]: replace("label: No me dejaron pasar", "label: No me dejaron pasar nunca") },
    file: `${TURNED}/es.md`,
    line: 3,
    says: "a menu line holds 20",
  },
  {
    what: "a long section title",
    rule: "budgets",
    changes: { "get-help/section.yaml": replace("en: Get help", "en: Get help from somebody") },
    file: "get-help/section.yaml",
    line: 1,
    says: "a menu line holds 20",
  },
  {
    what: "a redirect that is too long",
    rule: "budgets",
    changes: { "out-of-scope.yaml": replace("about driving.", `about driving.${" Or about cars.".repeat(18)}`) },
    file: "out-of-scope.yaml",
    line: 3,
    says: "2 is the limit",
  },
  {
    what: "two topics of a menu with one label",
    rule: "labels",
    changes: { "port-of-entry/what-to-say/en.md": replace("label: What to say", "label: I was turned away") },
    file: "port-of-entry/what-to-say/en.md",
    line: 3,
    says: "is also that of port-of-entry/turned-back",
  },
  {
    what: "a menu that names no topic",
    rule: "menus",
    changes: { "port-of-entry/section.yaml": replace("what-to-say", "what-to-say, what-to-wear") },
    file: "port-of-entry/section.yaml",
    line: 3,
    says: "no topic 'what-to-wear'",
  },
  {
    what: "a topic that is in no menu",
    rule: "menus",
    changes: { "port-of-entry/section.yaml": replace(", what-to-say", "") },
    file: "port-of-entry/section.yaml",
    line: 3,
    says: "'port-of-entry/what-to-say' is in no menu",
  },
  {
    what: "a section without its place in the menu",
    rule: "menus",
    changes: { "get-help/section.yaml": replace("order: 2\n", "") },
    file: "get-help/section.yaml",
    line: 1,
    says: 'no "order"',
  },
  {
    what: "a word whose meaning hangs on an accent",
    rule: "folding",
    changes: { "port-of-entry/what-to-say/es.md": replace("hable primero", "diga que sí") },
    file: "port-of-entry/what-to-say/es.md",
    line: 4,
    says: "'sí', which a phone shows as 'si'",
  },
  {
    what: "está in what is always said",
    rule: "folding",
    changes: { [`${TURNED}/es.md`]: replace("Pida un supervisor.", "Si está ahí, pida.") },
    file: `${TURNED}/es.md`,
    line: 8,
    says: "'está'",
  },
  {
    what: "a forbidden sentence, whatever its case, accents and line breaks",
    rule: "forbidden",
    changes: { [`${TURNED}/es.md`]: replace("No es una negativa.", "TIENÉN que\ndejarle entrar.") },
    file: `${TURNED}/es.md`,
    line: 13,
    says: "must not be said",
  },
  {
    what: "a promise in a redirect",
    rule: "forbidden",
    changes: { "out-of-scope.yaml": replace("about driving.", "about driving. You will win.") },
    file: "out-of-scope.yaml",
    line: 3,
    says: "You will win",
  },
  {
    what: "a phone that is not in the directory",
    rule: "contacts",
    changes: { [`${TURNED}/en.md`]: replace("202-555-0111", "202-555-0199") },
    file: `${TURNED}/en.md`,
    line: 22,
    says: "202-555-0199 is not in directory.yaml",
  },
  {
    what: "a short number that is not in the directory",
    rule: "contacts",
    changes: { "get-help/emergency/es.md": replace("Llame al 911. Sirve", "Llame al 912. Sirve") },
    file: "get-help/emergency/es.md",
    line: 9,
    says: "912 is not in directory.yaml",
  },
  {
    what: "a link that is neither in the directory nor a source",
    rule: "contacts",
    changes: { [`${TURNED}/en.md`]: replace("https://lawyers.example.org/list", "https://other.example.org") },
    file: `${TURNED}/en.md`,
    line: 1,
    says: "https://other.example.org",
  },
  {
    what: "a bare address that nothing knows",
    rule: "contacts",
    changes: { [`${TURNED}/en.md`]: replace("It is not a denial.", "See other.example.org.") },
    file: `${TURNED}/en.md`,
    line: 13,
    says: "other.example.org",
  },
  {
    what: "an e-mail address that nothing knows",
    rule: "contacts",
    changes: { [`${TURNED}/en.md`]: replace("It is not a denial.", "Write to us@help.example.org.") },
    file: `${TURNED}/en.md`,
    line: 13,
    says: "us@help.example.org",
  },
  {
    what: "a number without the month it was seen",
    rule: "contacts",
    changes: { [`${TURNED}/es.md`]: replace(", número visto en julio de 2026", "") },
    file: `${TURNED}/es.md`,
    line: 22,
    says: "without the month it was seen (jul 2026)",
  },
  {
    what: "a danger text without a number that works from Mexico",
    rule: "reach",
    changes: { [`${TURNED}/en.md`]: replace("Danger: 911 (U.S. and Mexico)", "Call 1-202-555-0122") },
    file: `${TURNED}/en.md`,
    line: 8,
    says: "works from Mexico",
  },
  {
    what: "a help text without any number",
    rule: "reach",
    changes: { "get-help/free-legal-help/es.md": replace("Peligro: 911 (EE.UU. y México).", "Pregunte antes.") },
    file: "get-help/free-legal-help/es.md",
    line: 6,
    says: "works from the United States",
  },
  {
    what: "a danger text that tells what it is about",
    rule: "reach",
    changes: { [`${TURNED}/en.md`]: replace("If it is true, say calmly:\n", "To ask for asylum, say calmly:\n") },
    file: `${TURNED}/en.md`,
    line: 8,
    says: "first 40 characters",
  },
  {
    what: "a danger rule that leads nowhere",
    rule: "reach",
    changes: { "urgent.yaml": replace("topic: port-of-entry/turned-back", "topic: port-of-entry/turned-away") },
    file: "urgent.yaml",
    line: 1,
    says: "does not exist",
  },
  {
    what: "a danger rule that leads to an ordinary topic",
    rule: "reach",
    changes: { [`${TURNED}/topic.yaml`]: replace("danger: true\n", "") },
    file: `${TURNED}/topic.yaml`,
    line: 1,
    says: 'Add "danger: true"',
  },
  {
    what: "a danger rule that leads to a draft",
    rule: "reach",
    changes: { [`${TURNED}/topic.yaml`]: replace("state: checked", "state: draft") },
    file: `${TURNED}/topic.yaml`,
    line: 1,
    says: "cannot be a draft",
  },
  {
    what: "a danger rule that is deaf in a language",
    rule: "reach",
    changes: { "urgent.yaml": replace("    pt: [estao me mandando de volta]\n", "    pt: []\n") },
    file: "urgent.yaml",
    line: 1,
    says: "no phrases in pt",
  },
  {
    what: "a related topic that does not exist",
    rule: "related",
    changes: { [`${TURNED}/topic.yaml`]: replace("get-help/free-legal-help]", "get-help/lawyers]") },
    file: `${TURNED}/topic.yaml`,
    line: 8,
    says: "no topic 'get-help/lawyers'",
  },
  {
    what: "three related topics",
    rule: "related",
    changes: {
      [`${TURNED}/topic.yaml`]: replace("get-help/free-legal-help]", "get-help/free-legal-help, get-help/emergency]"),
    },
    file: `${TURNED}/topic.yaml`,
    line: 8,
    says: "2 are shown",
  },
  {
    what: "a related topic that is a draft",
    rule: "related",
    changes: { "port-of-entry/what-to-say/topic.yaml": replace("state: checked", "state: draft") },
    file: `${TURNED}/topic.yaml`,
    line: 8,
    says: "is a draft",
  },
  {
    what: "a choice that leads nowhere",
    rule: "related",
    changes: { "out-of-scope.yaml": replace("[get-help/free-legal-help]", "[get-help/cars]") },
    file: "out-of-scope.yaml",
    line: 6,
    says: "no topic 'get-help/cars'",
  },
  {
    what: "a directory entry for an unknown place",
    rule: "places",
    changes: { "directory.yaml": replace("places: [el-paso, ciudad-juarez]", "places: [el-paso, juarez]") },
    file: "directory.yaml",
    line: 10,
    says: "places.yaml has no 'juarez'",
  },
  {
    what: "one name for two places",
    rule: "places",
    changes: { "places.yaml": replace("es: [tj]", "es: [tj, juarez]") },
    file: "places.yaml",
    line: 29,
    says: "'juarez' is already a name of 'ciudad-juarez'",
  },
  {
    what: "one code for two topics",
    rule: "codes",
    changes: { "get-help/emergency/topic.yaml": replace("es: APOYO2", "es: PUERTO1") },
    file: "port-of-entry/turned-back/topic.yaml",
    line: 2,
    says: "already that of get-help/emergency",
  },
  {
    what: "a topic without questions",
    rule: "questions",
    changes: { [`${TURNED}/questions.yaml`]: undefined },
    file: `${TURNED}/questions.yaml`,
    line: 1,
    says: "has no questions",
  },
  {
    what: "one question in two topics",
    rule: "questions",
    changes: {
      "port-of-entry/what-to-say/questions.yaml": replace("¿Qué le digo al oficial?", "me regresaron en el puente!"),
    },
    file: "port-of-entry/what-to-say/questions.yaml",
    line: 4,
    says: "is also in port-of-entry/turned-back",
  },
  {
    what: "curly quotation marks",
    rule: "wording",
    changes: { [`${TURNED}/en.md`]: replace("It is not a denial.", "It is not a “denial”.") },
    file: `${TURNED}/en.md`,
    line: 13,
    says: "curly",
  },
  {
    what: "a phrase to say that is left open",
    rule: "wording",
    changes: { [`${TURNED}/en.md`]: replace("It is not a denial.", 'Say "no.') },
    file: `${TURNED}/en.md`,
    line: 13,
    says: "left open",
  },
  {
    what: "Spanish in the marks of words to say",
    rule: "wording",
    changes: { [`${TURNED}/es.md`]: replace("No es una negativa.", 'Dijo "ya no hay más".') },
    file: `${TURNED}/es.md`,
    line: 13,
    says: "words to say in English",
  },
  {
    what: "a file that nothing reads",
    rule: "files",
    changes: { "port-of-entry/turned-back/topics.yml": "a: 1\n" },
    file: "port-of-entry/turned-back/topics.yml",
    line: 1,
    says: "Nothing reads this file",
  },
];

describe("content check", () => {
  test("has nothing against the fixture but that it has few questions", async () => {
    const findings = checkLoaded(await fixtureContent(), TODAY);
    expect(findings.filter(({ rule }) => rule !== "questions")).toEqual([]);
    expect(findings.every(({ severity }) => severity === "warning")).toBe(true);
  });

  test.each(BROKEN)("finds $what", async ({ rule, changes, file, line, says }) => {
    const findings = await findingsOf(rule, changes);
    const hit = findings.find((finding) => finding.file === file && finding.message.includes(says));
    expect(hit, JSON.stringify(findings, null, 1)).toBeDefined();
    expect(hit?.line).toBe(line);
    expect(hit?.message, "it ends with a remedy").toMatch(/[.)]$/);
  });

  test("does not take another language's sentence for a forbidden one", async () => {
    const changes = { [`${TURNED}/es.md`]: replace("No es una negativa.", "You will win.") };
    expect(await findingsOf("forbidden", changes)).toEqual([]);
  });
});
