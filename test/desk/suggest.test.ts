import { expect, test } from "vitest";
import { suggestTopics } from "../../src/desk/suggest.ts";
import { answering } from "../support/answering.ts";

const tree = answering.tree();
const titles = (typed: string, likely: readonly string[] = [], locale = "es") =>
  suggestTopics(tree, typed, likely, locale).map(({ title }) => title);

test("nothing typed offers every answer, in the order of the tree and the language asked for", () => {
  expect(titles("")).toHaveLength(tree.topics.size);
  expect(titles("")).not.toEqual(titles("", [], "en"));
});

test("the beginnings of words find titles, whatever their accents", () => {
  const found = titles("MIEDO cre");
  expect(found.length).toBeGreaterThan(0);
  for (const title of found) expect(title.toLowerCase()).toMatch(/miedo/);
});

test("what the matching thinks of comes after what the title says, each once", () => {
  const [first = ""] = [...tree.topics.keys()];
  const offered = suggestTopics(tree, "zzzz", [first, first, "gone/topic"], "es").map(({ topic }) => topic);
  expect(offered).toEqual([first]);
});
