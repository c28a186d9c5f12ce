import { expect, test } from "vitest";
import { getTopic, inLocale } from "../../src/content/tree.ts";
import { fixtureTree } from "./fixture.ts";

test("a topic or a language that the tree lacks is named in the error", async () => {
  const tree = await fixtureTree();
  expect(getTopic(tree, "get-help/emergency").id).toBe("get-help/emergency");
  expect(() => getTopic(tree, "get-help/nothing")).toThrow("get-help/nothing");
  expect(inLocale({ es: "hola" }, "es")).toBe("hola");
  expect(() => inLocale({ es: "hola" }, "ht")).toThrow("ht");
});
