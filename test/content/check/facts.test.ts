import { describe, expect, test } from "vitest";
import { factsOf } from "../../../src/content/check/facts.ts";

const facts = (text: string, locale: string) =>
  Object.fromEntries(Object.entries(factsOf(text, locale)).map(([what, items]) => [what, [...items].sort()]));

describe("the facts of a text", () => {
  test("are the same however each language writes a date", () => {
    const dates = (text: string, locale: string) => facts(text, locale)["dates"];
    expect(dates("On June 25, 2026 and in May 2026", "en")).toEqual(["5-2026", "6-2026", "6-25"]);
    expect(dates("El 25 de junio de 2026 y en mayo 2026", "es")).toEqual(["5-2026", "6-2026", "6-25"]);
    expect(dates("Em 25 de junho de 2026 e em maio de 2026", "pt")).toEqual(["5-2026", "6-2026", "6-25"]);
  });

  test("hold no month in the word may", () => {
    expect(facts("1 chance in 10 may be enough. You may say 2 things.", "en")["dates"]).toEqual([]);
  });

  test("are the same however a thousand is written", () => {
    expect(facts("$1,060 and 2.5 days", "en")["numbers"]).toEqual(facts("$1.060 y 2,5 días", "es")["numbers"]);
  });

  test("hold phones and forms apart from numbers", () => {
    expect(facts("Call 1-800-898-7180 or 001 520 623 7874 about Form I-589 within 1 year", "en")).toMatchObject({
      phones: ["0015206237874", "8008987180"],
      numbers: ["1", "I-589"],
    });
  });

  test("hold addresses in one form", () => {
    expect(facts("See https://www.justice.gov/eoir/ and acis.eoir.justice.gov.", "en")["links"]).toEqual([
      "acis.eoir.justice.gov",
      "justice.gov/eoir",
    ]);
  });
});
