import { describe, expect, test } from "vitest";
import { appendSignOff, signOff } from "../../src/content/sign-off.ts";
import { answerStatus } from "../../src/content/state.ts";
import { getTopic } from "../../src/content/tree.ts";
import { fixtureContent, fixtureTree, TODAY } from "./fixture.ts";

const TOPIC = "port-of-entry/turned-back";
const SIGNATURE = { topic: TOPIC, locale: "es", reviewer: "R. Reviewer", role: "attorney: TX", validDays: 20 };

describe("signing an answer", () => {
  test("makes it signed until its end, in the language signed", async () => {
    const line = signOff(await fixtureTree(), SIGNATURE, TODAY);
    expect(line).toMatchObject({ on: "2026-11-21", validUntil: "2026-12-11" });
    const { tree } = await fixtureContent({ "sign-offs.yaml": (text) => appendSignOff(text, line) });
    expect(answerStatus(tree, getTopic(tree, TOPIC), "es", TODAY)).toEqual({
      status: "signed",
      validUntil: "2026-12-11",
      signedBy: line,
    });
    expect(answerStatus(tree, getTopic(tree, TOPIC), "en", TODAY).status).toBe("checked");
  });

  test("is void after one letter has changed", async () => {
    const line = signOff(await fixtureTree(), SIGNATURE, TODAY);
    const { tree } = await fixtureContent({
      "sign-offs.yaml": (text) => appendSignOff(text, line),
      [`${TOPIC}/es.md`]: (text) => text.replace("Guarde todo papel", "guarde todo papel"),
    });
    expect(answerStatus(tree, getTopic(tree, TOPIC), "es", TODAY).status).toBe("checked");
  });

  test("keeps what stands in the ledger, comments too", async () => {
    const line = signOff(await fixtureTree(), SIGNATURE, TODAY);
    const twice = appendSignOff(appendSignOff("# A comment\n", line), { ...line, locale: "en" });
    const { tree } = await fixtureContent({ "sign-offs.yaml": twice });
    expect(twice.startsWith("# A comment\n")).toBe(true);
    expect(tree.signOffs.map(({ locale }) => locale)).toEqual(["es", "en"]);
  });

  test.each([
    [{ topic: "port-of-entry/nothing" }, "There is no answer port-of-entry/nothing"],
    [{ locale: "ht" }, "in ht to sign"],
    [{ reviewer: " " }, "names a reviewer"],
    [{ role: "" }, "and a role"],
    [{ validDays: 0 }, "1 day or more"],
  ])("is refused with a sentence: %o", async (change, says) => {
    const tree = await fixtureTree();
    expect(() => signOff(tree, { ...SIGNATURE, ...change }, TODAY)).toThrow(says);
  });
});
