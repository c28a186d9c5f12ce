import { beforeAll, describe, expect, test } from "vitest";
import { MENU_ENTRIES, sectionMenu, topMenu } from "../../src/content/menu.ts";
import { getTopic, type Tree } from "../../src/content/tree.ts";
import type { Translate } from "../../src/locale/translate.ts";
import { fixtureTranslate, fixtureTree } from "./fixture.ts";

let translate: Translate;
let tree: Tree;
beforeAll(async () => {
  translate = await fixtureTranslate();
  tree = await fixtureTree();
});

/** The fixture with so many topics in one section. */
function withTopics(count: number): Tree {
  const model = getTopic(tree, "port-of-entry/what-to-say");
  const ids = Array.from({ length: count }, (_, index) => `port-of-entry/topic-${index + 1}`);
  return {
    ...tree,
    topics: new Map(ids.map((id) => [id, { ...model, id }])),
    sections: [{ id: "port-of-entry", title: { es: "En el puente" }, topics: ids }],
  };
}

describe("the top menu", () => {
  test("lists the sections in the order that they give themselves", () => {
    expect(topMenu(tree, "es", translate)).toEqual({
      text: "Escriba su pregunta, o mande un número:",
      choices: [
        { label: "En el puente", target: { kind: "section", section: "port-of-entry" } },
        { label: "Ayuda", target: { kind: "section", section: "get-help" } },
      ],
    });
  });

  test("leaves out a section whose topics are all drafts", async () => {
    const draft = (yaml: string) => yaml.replace("state: checked", "state: draft");
    const without = await fixtureTree({
      "get-help/emergency/topic.yaml": draft,
      "get-help/free-legal-help/topic.yaml": draft,
    });
    expect(topMenu(without, "es", translate).choices.map(({ label }) => label)).toEqual(["En el puente"]);
  });
});

describe("a section's menu", () => {
  test("lists its topics by their labels and says how to go back", () => {
    expect(sectionMenu(tree, "port-of-entry", 0, "en", translate)).toEqual({
      text: "At the port",
      choices: [
        { label: "I was turned away", target: { kind: "topic", topic: "port-of-entry/turned-back" } },
        { label: "What to say", target: { kind: "topic", topic: "port-of-entry/what-to-say" } },
      ],
      closing: "0: menu",
    });
  });

  test.each([
    [9, [9]],
    [10, [9, 2]],
    [17, [9, 9]],
    [18, [9, 9, 2]],
    [25, [9, 9, 9]],
  ])("of %i topics shows every one once, never more than nine entries a page", (count, sizes) => {
    const large = withTopics(count);
    const pages = sizes.map((_, page) => sectionMenu(large, "port-of-entry", page, "es", translate).choices);
    expect(pages.map(({ length }) => length)).toEqual(sizes);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MENU_ENTRIES);
    const topics = pages.flat().flatMap(({ target }) => (target.kind === "topic" ? [target.topic] : []));
    expect(topics).toEqual(large.sections[0]?.topics);
  });

  test("leads from each page to the next", () => {
    const large = withTopics(18);
    expect(sectionMenu(large, "port-of-entry", 0, "es", translate).choices.at(-1)).toEqual({
      label: "Más",
      target: { kind: "section", section: "port-of-entry", page: 1 },
    });
  });

  test("is its first page where the page does not exist, and the top menu where the section does not", () => {
    expect(sectionMenu(tree, "port-of-entry", 7, "es", translate)).toEqual(
      sectionMenu(tree, "port-of-entry", 0, "es", translate),
    );
    expect(sectionMenu(tree, "gone", 0, "es", translate)).toEqual(topMenu(tree, "es", translate));
  });
});
