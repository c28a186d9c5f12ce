import { describe, expect, test } from "vitest";
import { addDays, answerStatus, dayOf, isCurrent } from "../../src/content/state.ts";
import { getTopic, inLocale, type SignOff, type Tree } from "../../src/content/tree.ts";
import { fixtureTree, TODAY } from "./fixture.ts";

const ID = "port-of-entry/turned-back";
const status = (tree: Tree, now = TODAY, locale = "es") => answerStatus(tree, getTopic(tree, ID), locale, now);

async function signed(change: Partial<SignOff> = {}): Promise<Tree> {
  const tree = await fixtureTree();
  const { sha256 } = inLocale(getTopic(tree, ID).texts, "es");
  const line = {
    topic: ID,
    locale: "es",
    sha256,
    reviewer: "R",
    role: "attorney",
    on: "2026-11-10",
    validUntil: "2026-12-15",
  };
  return { ...tree, signOffs: [{ ...line, ...change }] };
}

describe("the state of an answer", () => {
  test("is checked while nobody has signed and its days have not passed", async () => {
    expect(status(await fixtureTree())).toEqual({ status: "checked", validUntil: "2026-12-31" });
  });

  test("lasts to the end of its last day in UTC, and not a millisecond more", async () => {
    const tree = await fixtureTree();
    expect(status(tree, Date.parse("2026-12-31T23:59:59.999Z")).status).toBe("checked");
    expect(status(tree, Date.parse("2027-01-01T00:00:00.000Z")).status).toBe("expired");
  });

  test("ends earlier where the topic says so", async () => {
    const changes = {
      [`${ID}/topic.yaml`]: (text: string) => text.replace("validDays: 60", "validDays: 60\nvalidUntil: 2026-11-30"),
    };
    expect(status(await fixtureTree(changes)).validUntil).toBe("2026-11-30");
  });

  test("is signed while a ledger line's hash is the text's, in that language alone, and ends when the signature does", async () => {
    const tree = await signed();
    expect(status(tree)).toMatchObject({ status: "signed", validUntil: "2026-12-15", signedBy: { role: "attorney" } });
    expect(status(tree, TODAY, "en").status).toBe("checked");
    expect(status(tree, Date.parse("2026-12-16T00:00:00Z")).status).toBe("expired");
  });

  test("is not signed before the day of the signature, nor by another text's hash", async () => {
    expect(status(await signed({ on: "2026-11-22" })).status).toBe("checked");
    expect(status(await signed({ sha256: "0".repeat(64) })).status).toBe("checked");
  });

  test("takes the signature that lasts longest", async () => {
    const tree = await signed();
    const [line] = tree.signOffs;
    const longer = { ...tree, signOffs: line === undefined ? [] : [{ ...line, validUntil: "2026-12-20" }, line] };
    expect(status(longer).validUntil).toBe("2026-12-20");
  });

  test("is held or withdrawn before anything else", async () => {
    for (const held of ["held", "withdrawn"] as const) {
      const tree = { ...(await signed()), held: new Map([[ID, held]]) };
      expect(status(tree).status).toBe(held);
      expect(status(tree, Date.parse("2030-01-01")).status).toBe(held);
    }
  });

  test.each([
    ["signed", true, true],
    ["checked", true, false],
    ["expired", false, false],
    ["held", false, false],
    ["withdrawn", false, false],
    ["draft", false, false],
  ] as const)("%s is current: under checked %s, under signed %s", (state, underChecked, underSigned) => {
    expect(isCurrent(state, "checked")).toBe(underChecked);
    expect(isCurrent(state, "signed")).toBe(underSigned);
  });

  test("counts days across months and years", () => {
    expect(addDays("2026-11-01", 60)).toBe("2026-12-31");
    expect(addDays("2027-02-28", 1)).toBe("2027-03-01");
    expect(dayOf(Date.parse("2026-11-21T23:59:59.999Z"))).toBe("2026-11-21");
  });
});

describe("the hash that a signature signs", () => {
  const hash = async (changes: Parameters<typeof fixtureTree>[0]) =>
    inLocale(getTopic(await fixtureTree(changes), ID).texts, "es").sha256;

  test("changes with one letter of the answer or of its claims", async () => {
    const before = await hash({});
    expect(await hash({ [`${ID}/es.md`]: (text) => text.replace("Guarde", "guarde") })).not.toBe(before);
    expect(await hash({ [`${ID}/topic.yaml`]: (text) => text.replace("2026-06-25", "2026-06-26") })).not.toBe(before);
  });

  test("does not change with line ends, a byte order mark or how accents are composed, nor with another language", async () => {
    const before = await hash({});
    expect(await hash({ [`${ID}/es.md`]: (text) => `\uFEFF${text.replaceAll("\n", "\r\n").normalize("NFD")}` })).toBe(
      before,
    );
    expect(await hash({ [`${ID}/en.md`]: (text) => text.replace("calmly", "slowly") })).toBe(before);
  });
});
