import { describe, expect, test } from "vitest";
import { noticesFor } from "../../src/content/notices.ts";
import { withdrawAnswer } from "../../src/desk/holds.ts";
import { judgeNotice } from "../../src/desk/notice-rules.ts";
import { approveNotice, draftNotice, endNotice, type NoticeDraft, noticeState } from "../../src/desk/notices.ts";
import { fixtureTree } from "../content/fixture.ts";
import { inWords, refusalOf } from "../support/refusals.ts";
import { aDesk, type DeskFixture, WORDS } from "./fixture.ts";

const DRAFT: NoticeDraft = {
  texts: {
    en: "A court ruled on interviews. Our answer is being checked.",
    es: "Una corte decidió sobre las entrevistas. Revisamos la respuesta.",
  },
  topics: [WORDS],
  places: [],
  until: "2026-12-05",
};
const shownTo = async (desk: DeskFixture, about: string, locale = "es") =>
  noticesFor(await desk.served(), about, locale, desk.clock.now());
const write = (desk: DeskFixture, change: Partial<NoticeDraft> = {}, by = "olga") =>
  draftNotice(desk, desk.person(by), { ...DRAFT, ...change });

describe("a notice", () => {
  test("written by one person and approved by another stands before its answers until it ends", async () => {
    const desk = await aDesk();
    const noticeId = await write(desk);
    expect(await shownTo(desk, WORDS)).toEqual([]);
    await approveNotice(desk, desk.person("oto"), noticeId);
    expect(await shownTo(desk, WORDS)).toEqual([`21 nov 2026: ${DRAFT.texts["es"]}`]);
    expect(await shownTo(desk, WORDS, "en")).toEqual([`Nov 21, 2026: ${DRAFT.texts["en"]}`]);
    expect(await shownTo(desk, "get-help/free-legal-help")).toEqual([]);
    await endNotice(desk, desk.person("olga"), noticeId);
    expect(await shownTo(desk, WORDS)).toEqual([]);
  });

  test("is gone after its last day, in a service that has not looked again too", async () => {
    const desk = await aDesk();
    await approveNotice(desk, desk.person("oto"), await write(desk));
    const tree = await desk.served();
    expect(noticesFor(tree, WORDS, "es", Date.parse("2026-12-05T23:59:59Z"))).toHaveLength(1);
    expect(noticesFor(tree, WORDS, "es", Date.parse("2026-12-06T00:00:00Z"))).toEqual([]);
  });

  test("has the date of the place it is served in, not of Greenwich", async () => {
    const desk = await aDesk();
    desk.clock.advance(5 * 3_600_000);
    await approveNotice(desk, desk.person("oto"), await write(desk));
    expect((await shownTo(desk, WORDS))[0]).toMatch(/^21 nov 2026/);
  });

  test("of a section stands before all of its answers, of a place before the help there; two at most", async () => {
    const desk = await aDesk();
    const place = desk.tree().places[0]?.id ?? "";
    for (const text of ["Uno.", "Dos.", "Tres."]) {
      await approveNotice(
        desk,
        desk.person("oto"),
        await write(desk, { texts: { en: text, es: text }, topics: ["port-of-entry"], places: [place] }),
      );
      desk.clock.advance(24 * 3_600_000);
    }
    for (const about of [WORDS, "port-of-entry/turned-back", place])
      expect(await shownTo(desk, about)).toEqual(["23 nov 2026: Tres.", "22 nov 2026: Dos."]);
  });
});

describe("approval", () => {
  test("is never the author's, and a refusal names others", async () => {
    const desk = await aDesk();
    const noticeId = await write(desk);
    expect(await refusalOf(approveNotice(desk, desk.person("olga"), noticeId))).toMatch(
      /somebody else approves it.*oto/,
    );
    expect(await refusalOf(approveNotice(desk, desk.person("ana"), noticeId))).toMatch("You may not approve a notice");
  });

  test("of what speaks of law needs a current answer it leads to, or an editor and a source", async () => {
    const desk = await aDesk();
    const place = desk.tree().places[0]?.id ?? "";
    const about = { topics: [], places: [place] };
    const bare = await write(desk, about);
    expect(await refusalOf(approveNotice(desk, desk.person("oto"), bare))).toMatch("Who can: Eva Example");
    expect(await refusalOf(approveNotice(desk, desk.person("eva"), bare))).toMatch("leads to no answer");
    const sourced = await write(desk, { ...about, source: "https://example.org/ruling" });
    await approveNotice(desk, desk.person("eva"), sourced);
    const plain = await write(desk, { ...about, texts: { en: "The office moved.", es: "La oficina se mudó." } });
    await approveNotice(desk, desk.person("oto"), plain);
    const leads = await write(desk);
    await withdrawAnswer(desk, desk.person("eva"), WORDS, "wrong");
    await desk.live.refresh();
    expect(await refusalOf(approveNotice(desk, desk.person("oto"), leads))).toMatch("Who can: Eva Example");
  });

  test("counts once, and not for what has ended or passed", async () => {
    const desk = await aDesk();
    const noticeId = await write(desk);
    await approveNotice(desk, desk.person("oto"), noticeId);
    expect(await refusalOf(approveNotice(desk, desk.person("eva"), noticeId))).toMatch("nothing to approve");
    const late = await write(desk);
    desk.clock.advance(20 * 24 * 3_600_000);
    expect(await refusalOf(approveNotice(desk, desk.person("oto"), late))).toMatch("is over");
    expect(await refusalOf(approveNotice(desk, desk.person("oto"), 99))).toMatch("There is no notice 99");
    const notice = await desk.stores.notices.find(late);
    expect(notice && noticeState(notice, desk.clock.now())).toBe("over");
  });
});

describe("a draft is refused", () => {
  test.each<[string, Partial<NoticeDraft>, string]>([
    ["without a language", { texts: { en: "The office moved." } }, "The Spanish text is missing"],
    ["with a language nobody answers in", { texts: { ...DRAFT.texts, fr: "Non." } }, '"fr" is not a language'],
    ["without a place to stand", { topics: [] }, "Name the answers"],
    ["for an answer that does not exist", { topics: ["port-of-entry/nothing"] }, "no served answer"],
    ["for a place that does not exist", { places: ["atlantis"] }, 'no place "atlantis"'],
    ["when its last day has passed", { until: "2026-11-20" }, "has passed"],
    ["when it would stand for a year", { until: "2027-11-20" }, "belongs in an answer"],
    ["without a day", { until: "soon" }, "written as 2026-12-31"],
    ["with a source that is no address", { source: "I heard it" }, "https://"],
  ])("%s", async (_name, change, problem) => {
    const desk = await aDesk();
    expect(await refusalOf(write(desk, change))).toMatch(problem);
    expect(await desk.stores.notices.list()).toEqual([]);
  });

  test("from somebody who may not write one", async () => {
    const desk = await aDesk();
    expect(await refusalOf(write(desk, {}, "ana"))).toMatch("Who can: Eva Example, olga, oto");
  });
});

describe("what a notice never says", () => {
  const problems = async (text: string, locale: "en" | "es") => {
    const tree = await fixtureTree({}, { locales: [locale] });
    return inWords(judgeNotice(tree, { [locale]: text }, "2026-11-21").problems);
  };

  test.each<[string, "en" | "es", string]>([
    ["Go to the bridge today, it moves fast.", "en", "go or to cross now"],
    ["Crucen hoy, mañana cierran.", "es", "go or to cross now"],
    ["Vayan al puente ahora.", "es", "go or to cross now"],
    ["The port is open again.", "en", "go or to cross now"],
    ["Meet us at the plaza at 6.", "en", "meeting place"],
    ["Nos vemos en la plaza a las 6.", "es", "meeting place"],
    ["A bus leaves from the shelter.", "en", "transport"],
    ["Hay transporte gratis.", "es", "transport"],
    ["We moved to 123 Main Street.", "en", "street address"],
    ["Estamos en calle Reforma 45.", "es", "street address"],
    ["Send money to hold your place.", "en", "ask for money"],
    ["Deposite para apartar su lugar.", "es", "ask for money"],
    ["Text us your A-number.", "en", "data about them"],
    ["Mande su nombre y lo ayudamos.", "es", "data about them"],
    ["Call 202-555-0199 for help.", "en", "not in directory.yaml"],
    ["See asylum-help.com for news.", "en", "neither directory.yaml nor sources.yaml"],
    ["Good news 🎉 for all.", "en", "plain SMS"],
    ["Line one.\nLine two.", "en", "one line"],
    ["word ".repeat(40), "en", "150 is the limit"],
  ])("%s", async (text, locale, why) => {
    expect(await problems(text, locale)).toContain(why);
  });

  test.each<[string, "en" | "es"]>([
    ["A court ruled on interviews in June 2026. We are checking our answers.", "en"],
    ["Una corte decidió sobre las entrevistas. Estamos revisando las respuestas.", "es"],
    ["River Legal Aid is closed this week.", "en"],
    ["Aviso de fraude: nadie puede venderle una cita.", "es"],
  ])("but it may say: %s", async (text, locale) => {
    expect(await problems(text, locale)).toBe("");
  });

  test("other facts in one language than in the other", async () => {
    const { locales: _, ...tree } = await fixtureTree();
    const texts = { en: "Closed on December 3.", es: "Cerrado el 4 de diciembre." };
    expect(inWords(judgeNotice({ ...tree, locales: ["en", "es"] }, texts, "2026-11-21").problems)).toContain(
      "The dates in Spanish are not those in English",
    );
  });

  test("anything in a language for which nobody has written the rules", async () => {
    const tree = await fixtureTree({}, { locales: ["pt"] });
    const { legal, problems } = judgeNotice(tree, { pt: "Mudamos." }, "2026-11-21");
    expect(legal).toBe(true);
    expect(inWords(problems)).toMatch(/^In Portuguese: nobody has written the rules/);
  });
});
