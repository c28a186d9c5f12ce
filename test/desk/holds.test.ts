import { describe, expect, test } from "vitest";
import { dismissFlags, flagAnswer } from "../../src/desk/flags.ts";
import { holdAnswer, restoreAnswer, withdrawAnswer } from "../../src/desk/holds.ts";
import { can, whoCan } from "../../src/desk/permissions.ts";
import { refusalOf } from "../support/refusals.ts";
import { aDesk, TURNED, WORDS } from "./fixture.ts";

const held = async (desk: Awaited<ReturnType<typeof aDesk>>) => Object.fromEntries((await desk.served()).held);

describe("flags", () => {
  test("one volunteer's is noted, a second volunteer's holds the answer", async () => {
    const desk = await aDesk();
    expect(await flagAnswer(desk, desk.person("ana"), { topic: WORDS, why: "the court ruled" })).toEqual({
      held: false,
    });
    expect(await flagAnswer(desk, desk.person("ana"), { topic: WORDS, why: "it did" })).toEqual({ held: false });
    expect(await held(desk)).toEqual({});
    expect(await flagAnswer(desk, desk.person("beto"), { topic: WORDS, why: "same" })).toEqual({ held: true });
    expect(await held(desk)).toEqual({ [WORDS]: "held" });
  });

  test("one editor's holds it, and says nothing of the words in the open", async () => {
    const desk = await aDesk();
    expect(await flagAnswer(desk, desk.person("eva"), { topic: WORDS, why: "guest X says" })).toEqual({ held: true });
    expect(JSON.stringify(await desk.stores.holds.current())).not.toContain("guest X");
  });

  test("dismissed, they give the answer back and say so to those who flagged", async () => {
    const desk = await aDesk();
    await flagAnswer(desk, desk.person("ana"), { topic: WORDS, why: "a" });
    await flagAnswer(desk, desk.person("beto"), { topic: WORDS, why: "b" });
    const closed = await dismissFlags(desk, desk.person("eva"), WORDS, "checked again");
    expect(closed.map(({ by, outcome }) => [by, outcome])).toEqual([
      ["ana", "dismissed"],
      ["beto", "dismissed"],
    ]);
    expect(await held(desk)).toEqual({});
    expect(await desk.stores.flags.by("ana")).toMatchObject([{ outcome: "dismissed", closedBy: "eva" }]);
    expect(await refusalOf(dismissFlags(desk, desk.person("eva"), WORDS, "again"))).toMatch("Nobody has flagged");
  });

  test("dismissed, they do not lift what an editor held", async () => {
    const desk = await aDesk();
    await holdAnswer(desk, desk.person("eva"), WORDS, "reading the ruling");
    await flagAnswer(desk, desk.person("ana"), { topic: WORDS, why: "a" });
    await dismissFlags(desk, desk.person("eva"), WORDS, "not that");
    expect(await held(desk)).toEqual({ [WORDS]: "held" });
  });

  test("do not turn a withdrawal into a hold", async () => {
    const desk = await aDesk();
    await withdrawAnswer(desk, desk.person("eva"), WORDS, "wrong");
    expect(await flagAnswer(desk, desk.person("eva"), { topic: WORDS, why: "a" })).toEqual({ held: false });
    expect(await held(desk)).toEqual({ [WORDS]: "withdrawn" });
  });
});

describe("hold, withdraw, restore", () => {
  test("a withdrawal closes the flags; restoring gives the answer back, once", async () => {
    const desk = await aDesk();
    await flagAnswer(desk, desk.person("ana"), { topic: TURNED, why: "a" });
    expect(await withdrawAnswer(desk, desk.person("ada"), TURNED, "wrong number")).toMatchObject([
      { by: "ana", outcome: "withdrawn" },
    ]);
    expect(await held(desk)).toEqual({ [TURNED]: "withdrawn" });
    await restoreAnswer(desk, desk.person("eva"), TURNED, "corrected");
    expect(await held(desk)).toEqual({});
    expect(await refusalOf(restoreAnswer(desk, desk.person("eva"), TURNED, "x"))).toMatch("nothing to restore");
    expect(await desk.stores.holds.history(TURNED)).toMatchObject([
      { by: "ada", why: "wrong number", lifted: { by: "eva", why: "corrected" } },
    ]);
  });

  test("need a reason and an answer that is served", async () => {
    const desk = await aDesk();
    expect(await refusalOf(holdAnswer(desk, desk.person("eva"), WORDS, "  "))).toMatch("Say why");
    expect(await refusalOf(withdrawAnswer(desk, desk.person("eva"), "port/what-to-say", "x"))).toMatch(
      `Did you mean ${WORDS}`,
    );
  });

  test("a refusal says who can, and nothing is changed", async () => {
    const desk = await aDesk();
    const refused = "You may not withdraw an answer. Who can: Eva Example, ada.";
    expect(await refusalOf(withdrawAnswer(desk, desk.person("ana"), WORDS, "x"))).toMatch(refused);
    expect(await refusalOf(restoreAnswer(desk, desk.person("ada"), WORDS, "x"))).toMatch("Who can: Eva Example.");
    expect(await refusalOf(dismissFlags(desk, desk.person("olga"), WORDS, "x"))).toMatch("may not dismiss flags");
    expect(await held(desk)).toEqual({});
  });

  test("somebody who is in no file may do nothing", async () => {
    const { people } = await aDesk();
    expect(can(undefined, "flag")).toBe(false);
    expect(whoCan(people, "read-old-answer")).toHaveLength(6);
  });
});
