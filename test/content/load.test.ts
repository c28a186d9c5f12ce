import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ContentError } from "../../src/content/finding.ts";
import { createContentReader, loadTree } from "../../src/content/load.ts";
import { copyOfFixture, FIXTURE, fixtureContent, fixtureTree } from "./fixture.ts";

const TURNED = "port-of-entry/turned-back";

describe("loading the content tree", () => {
  test("reads every file of the folder", async () => {
    const tree = await loadTree(FIXTURE, "signed");
    expect(tree.locales).toEqual(["en", "es", "pt"]);
    expect([...tree.topics.keys()]).toHaveLength(4);
    expect(tree.require).toBe("signed");
    expect(tree.topics.get(TURNED)).toMatchObject({
      section: "port-of-entry",
      danger: true,
      codes: { en: "PORT1", es: "PUERTO1", pt: "PONTE1" },
      questions: { es: ["Me regresaron en el puente"] },
      texts: { es: { label: "No me dejaron pasar" } },
    });
    expect(tree.topics.get("port-of-entry/what-to-say")?.danger).toBe(false);
    expect(tree.sources.get("help-page")?.date).toBe("2025-12");
    expect(tree.urgent[0]?.unless?.["es"]).toEqual(["hace un ano"]);
  });

  test("refuses to start on content it cannot understand, and lists all of it with file and line", async () => {
    const directory = await copyOfFixture();
    await rm(join(directory, TURNED, "es.md"));
    await rm(join(directory, "urgent.yaml"));
    await writeFile(join(directory, "sources.yaml"), "- id: Bad Id\n  title: T\n  kind: court\n  date: soon\n");
    const error = await loadTree(directory, "checked").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ContentError);
    const { findings, message } = error as ContentError;
    expect(findings.map(({ file, line }) => `${file}:${line}`)).toEqual([
      "sources.yaml:1",
      "sources.yaml:4",
      "urgent.yaml:1",
      `${TURNED}/es.md:1`,
    ]);
    expect(message).toContain(`The content in ${directory} has 4 problems:`);
    expect(message).toContain(`${TURNED}/es.md:1 The answer is missing in this language`);
  });

  test("says in a sentence that the folder is not there", async () => {
    await expect(loadTree(join(FIXTURE, "nowhere"), "checked")).rejects.toThrow("CONTENT_DIR must name the folder");
  });

  test("says so when the folder holds no topic", async () => {
    const directory = await mkdtemp(join(tmpdir(), "puente-content-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    await expect(loadTree(directory, "checked")).rejects.toThrow("no topic in this folder");
  });
});

test("a reader reads the folder again when a file in it is changed, added or taken away, and only then", async () => {
  const directory = await copyOfFixture();
  const read = createContentReader(directory);
  const first = await read();
  expect(await read()).toBe(first);
  const spanish = join(directory, TURNED, "es.md");
  await appendFile(spanish, "\nUna línea nueva.\n");
  const edited = await read();
  expect(edited).not.toBe(first);
  expect(edited.tree.topics.get(TURNED)?.texts["es"]?.blocks.at(-1)).toEqual({
    kind: "paragraph",
    inlines: [{ text: "Una línea nueva." }],
  });
  await writeFile(join(directory, "notes.md"), "");
  expect((await read()).unread).toEqual(["notes.md"]);
  await rm(spanish);
  expect((await read()).findings).not.toEqual([]);
});

describe("a file that an editor got wrong", () => {
  const findings = async (file: string, change: (text: string) => string) =>
    (await fixtureContent({ [file]: change })).findings.map(({ line, message }) => `${line}: ${message}`);

  test.each([
    [
      "a misspelt field",
      `${TURNED}/topic.yaml`,
      (text: string) => text.replace("inFlux", "influx"),
      '1: "inFlux" is missing',
    ],
    [
      "an unknown field",
      `${TURNED}/topic.yaml`,
      (text: string) => `${text}colour: red\n`,
      '"colour" is not a field known here',
    ],
    [
      "a day that is none",
      `${TURNED}/topic.yaml`,
      (text: string) => text.replace("2026-11-01", "2026-11-31"),
      '5: "checkedOn" is not written as expected',
    ],
    [
      "a state that is none",
      `${TURNED}/topic.yaml`,
      (text: string) => text.replace("state: checked", "state: done"),
      '1: "state" should be one of: draft, checked',
    ],
    [
      "a list that is a word",
      `${TURNED}/topic.yaml`,
      (text: string) => text.replace(/related: .*/, "related: what-to-say"),
      '8: "related" should be a list',
    ],
    [
      "YAML that is none",
      `${TURNED}/topic.yaml`,
      (text: string) => text.replace("claims:", "claims: ["),
      "not readable as YAML",
    ],
    [
      "a code in small letters",
      `${TURNED}/topic.yaml`,
      (text: string) => text.replace("PORT1", "port1"),
      "capital letters and a number",
    ],
    [
      "a colon in the front matter",
      `${TURNED}/en.md`,
      (text: string) => text.replace("title: An officer", "title: Once: an officer"),
      "2: This is not readable as YAML",
    ],
    [
      "an empty short",
      `${TURNED}/en.md`,
      (text: string) => text.replace(/short: \|-\n(?: .*\n)+/, "short:\n"),
      '"short" should be a text',
    ],
    [
      "no front matter",
      `${TURNED}/en.md`,
      (text: string) => text.replace("---\n", ""),
      '1: The file must begin with a line "---"',
    ],
    [
      "a heading",
      `${TURNED}/en.md`,
      (text: string) => text.replace("1. Ask once", "# Steps\n\n1. Ask once"),
      "15: A heading (#) cannot be shown",
    ],
    [
      "a list in a list",
      `${TURNED}/en.md`,
      (text: string) => text.replace("- In June", "  - In June"),
      "20: A list item holds one paragraph here",
    ],
    [
      "HTML",
      `${TURNED}/en.md`,
      (text: string) => text.replace("It is not a denial.", "It is <b>not</b> a denial."),
      "13: HTML is not used here",
    ],
    [
      "italics",
      `${TURNED}/en.md`,
      (text: string) => text.replace("It is not", "It is *not*"),
      "13: Italics are not used here",
    ],
    [
      "a link without https",
      `${TURNED}/en.md`,
      (text: string) => text.replace("https://lawyers", "http://lawyers"),
      "22: A link must begin with https://",
    ],
    ["a place without its zone", "places.yaml", (text: string) => text.replace("America/Denver", "Texas"), "IANA name"],
    [
      "a pattern with an open bracket",
      "forbidden.yaml",
      (text: string) => text.replace("you will win", "you (will win"),
      "not a regular expression",
    ],
    [
      "a title without a language",
      "port-of-entry/section.yaml",
      (text: string) => text.replace(", pt: Na ponte", ""),
      '1: "title" lacks the language pt',
    ],
    [
      "a redirect without a language",
      "out-of-scope.yaml",
      (text: string) => text.replace(/ {4}pt: Nada.*\n/, ""),
      '2: "reply" lacks the language pt',
    ],
  ])("is named by line and remedy: %s", async (_, file, change, says) => {
    const found = await findings(file, change);
    expect(
      found.some((finding) => finding.includes(says)),
      found.join("\n"),
    ).toBe(true);
  });
});

describe("the key of what matching learns from", () => {
  const key = async (changes: Parameters<typeof fixtureTree>[0] = {}) => (await fixtureTree(changes)).learnsFrom;

  test("changes with questions, titles, examples and the lexicon", async () => {
    const keys = await Promise.all([
      key(),
      key({ [`${TURNED}/questions.yaml`]: (text) => text.replace("Me regresaron", "Nos regresaron") }),
      key({ [`${TURNED}/es.md`]: (text) => text.replace(/^title: .*$/m, "title: Otro titulo") }),
      key({ "out-of-scope.yaml": (text) => text.replace("licencia", "permiso") }),
      key({ "lexicon.yaml": (text) => text.replace("q: que", "k: que") }),
    ]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("does not change with what nobody learns from: dates, the answer's text, danger rules", async () => {
    const plain = await key();
    expect(
      await key({ [`${TURNED}/topic.yaml`]: (text) => text.replace("checkedOn: 2026-11-01", "checkedOn: 2026-11-02") }),
    ).toBe(plain);
    expect(
      await key({
        [`${TURNED}/es.md`]: (text) => text.replace("Guarde todo papel que le dieron.\n\n", "Guarde todo.\n\n"),
      }),
    ).toBe(plain);
    expect(await key({ "urgent.yaml": (text) => text.replace("me estan", "nos estan") })).toBe(plain);
  });
});
