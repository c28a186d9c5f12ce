import fc from "fast-check";
import { SegmentedMessage } from "sms-segments-calculator";
import { describe, expect, test } from "vitest";
import { countSegments, nonGsmCharacters, splitText } from "../../src/core/segments.ts";

/** The two tables of 3GPP TS 23.038 by code point, written apart from the program's own spelling of them. */
const BASIC_CODE_POINTS = [
  0x40,
  0xa3,
  0x24,
  0xa5,
  0xe8,
  0xe9,
  0xf9,
  0xec,
  0xf2,
  0xc7,
  0x0a,
  0xd8,
  0xf8,
  0x0d,
  0xc5,
  0xe5,
  0x394,
  0x5f,
  0x3a6,
  0x393,
  0x39b,
  0x3a9,
  0x3a0,
  0x3a8,
  0x3a3,
  0x398,
  0x39e,
  0xc6,
  0xe6,
  0xdf,
  0xc9,
  0x20,
  0x21,
  0x22,
  0x23,
  0xa4,
  ...Array.from({ length: 0x40 - 0x25 }, (_, i) => 0x25 + i),
  0xa1,
  ...Array.from({ length: 26 }, (_, i) => 0x41 + i),
  0xc4,
  0xd6,
  0xd1,
  0xdc,
  0xa7,
  0xbf,
  ...Array.from({ length: 26 }, (_, i) => 0x61 + i),
  0xe4,
  0xf6,
  0xf1,
  0xfc,
  0xe0,
];
const EXTENSION_CODE_POINTS = [0x0c, 0x5e, 0x7b, 0x7d, 0x5c, 0x5b, 0x7e, 0x5d, 0x7c, 0x20ac];

const gsmCharacter = fc.constantFrom(
  ...[...BASIC_CODE_POINTS, ...EXTENSION_CODE_POINTS].map((c) => String.fromCodePoint(c)),
);
const gsmText = fc.array(gsmCharacter, { maxLength: 500 }).map((characters) => characters.join(""));
const anyText = fc.oneof(
  gsmText,
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.string({ unit: "grapheme", maxLength: 300 }),
);

describe("counting segments", () => {
  test("knows all 127 characters of the basic table as one septet and all 10 of the extension table as two", () => {
    expect(new Set(BASIC_CODE_POINTS).size).toBe(127);
    const wrong = Array.from({ length: 0x10000 }, (_, code) => code).filter((code) => {
      const character = String.fromCodePoint(code);
      if (character.normalize("NFC") !== character) return false;
      const septets = BASIC_CODE_POINTS.includes(code) ? 1 : EXTENSION_CODE_POINTS.includes(code) ? 2 : 0;
      const counted = countSegments(character);
      return (counted.encoding === "GSM-7" ? counted.units : 0) !== septets;
    });
    expect(wrong).toEqual([]);
  });

  test.each([
    [0, 0],
    [1, 1],
    [160, 1],
    [161, 2],
    [306, 2],
    [307, 3],
  ])("%i plain letters are %i segments", (length, segments) => {
    expect(countSegments("a".repeat(length))).toMatchObject({ encoding: "GSM-7", units: length, segments });
  });

  test.each([
    [70, 1],
    [71, 2],
    [134, 2],
    [135, 3],
  ])("%i letters with an í among them are %i segments", (length, segments) => {
    expect(countSegments(`í${"a".repeat(length - 1)}`)).toMatchObject({ encoding: "UCS-2", units: length, segments });
  });

  test("does not cut an extension character in two at the end of a segment", () => {
    expect(countSegments(`${"a".repeat(152)}€${"b".repeat(152)}`)).toMatchObject({ units: 306, segments: 3 });
  });

  test("does not cut a surrogate pair in two at the end of a segment", () => {
    expect(countSegments(`${"á".repeat(66)}🙂${"á".repeat(66)}`)).toMatchObject({ units: 134, segments: 3 });
  });

  test("composes first: a tilde sent as its own character costs nothing", () => {
    expect(countSegments("an\u0303o")).toEqual({ encoding: "GSM-7", units: 3, segments: 1, perSegment: 160 });
  });

  test("names the characters that a text would have to lose to be GSM-7", () => {
    expect(nonGsmCharacters("aquí está 🙂 el niño, aquí")).toEqual(["í", "á", "🙂"]);
  });

  test("agrees with sms-segments-calculator, which keeps joined emoji and CRLF whole and so is left out there", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const composed = text.normalize("NFC");
        fc.pre(composed !== "" && composed.isWellFormed());
        const clusters = new Intl.Segmenter("en", { granularity: "grapheme" }).segment(composed);
        fc.pre([...clusters].every((cluster) => [...cluster.segment].length === 1));
        const oracle = new SegmentedMessage(composed);
        const counted = countSegments(text);
        expect({ encoding: counted.encoding, segments: counted.segments }).toEqual({
          encoding: oracle.encodingName,
          segments: oracle.segmentsCount,
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe("splitting text", () => {
  const limits = fc.oneof(
    fc.record({ maxSegments: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ maxUnits: fc.integer({ min: 2, max: 300 }) }),
  );
  const prose = fc
    .array(
      fc.constantFrom(
        "Pida hablar con un supervisor. ",
        "No firme. ",
        "está ",
        "If you are in the U.S. and afraid, say so. ",
        "🙂",
        "\n",
        "1-800-898-7180",
        " 800 911 2000 ",
        "https://www.justice.gov/eoir/list-pro-bono ",
        "¿Qué hago? ",
        "a.m. ",
        "€€ ",
        "\ud800",
        "immcenter@americanbar.org",
        ", ",
      ),
      { maxLength: 60 },
    )
    .map((pieces) => pieces.join(""));

  test("joined parts give the text back, and every part keeps the limit", () => {
    fc.assert(
      fc.property(fc.oneof(prose, anyText), limits, (text, limit) => {
        const parts = splitText(text, limit);
        expect(parts.join("")).toBe(text.normalize("NFC"));
        for (const part of parts) {
          expect(part).not.toBe("");
          if ("maxSegments" in limit) expect(countSegments(part).segments).toBeLessThanOrEqual(limit.maxSegments);
          else expect(part.length).toBeLessThanOrEqual(limit.maxUnits);
        }
      }),
    );
  });

  test("never cuts a surrogate pair", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), limits, (text, limit) => {
        for (const part of splitText(text, limit)) expect(part.isWellFormed()).toBe(true);
      }),
    );
  });

  test("keeps an address or a phone number whole wherever it fits a part", () => {
    const whole = ["1-800-898-7180", "800 911 2000", "https://www.justice.gov/eoir/list-pro-bono"];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...whole, "llame al", "y a", "hoy.", "EE.UU.:"), { maxLength: 40 }),
        fc.integer({ min: 60, max: 200 }),
        (pieces, maxUnits) => {
          const text = pieces.join(", ");
          const count = (from: string, what: string) => from.split(what).length - 1;
          const parts = splitText(text, { maxUnits });
          for (const what of whole) {
            expect(parts.reduce((sum, part) => sum + count(part, what), 0)).toBe(count(text, what));
          }
        },
      ),
    );
  });

  test("cuts after a sentence when one ends in the last two thirds of the room, else after a word", () => {
    expect(splitText("Pida hablar con un supervisor. No empuje ni grabe nada.", { maxUnits: 40 })).toEqual([
      "Pida hablar con un supervisor. ",
      "No empuje ni grabe nada.",
    ]);
    expect(splitText("Sí. Pida hablar hoy mismo con un supervisor del puente", { maxUnits: 40 })).toEqual([
      "Sí. Pida hablar hoy mismo con un ",
      "supervisor del puente",
    ]);
  });

  test("does not take the stop of an abbreviation for the end of a sentence", () => {
    expect(splitText("Si ya llegó a EE.UU. Texas o más allá, dígalo. Y espere.", { maxUnits: 48 })[0]).toBe(
      "Si ya llegó a EE.UU. Texas o más allá, dígalo. ",
    );
    expect(splitText("Call the line in the U.S. today and say it", { maxUnits: 32 })[0]).toBe(
      "Call the line in the U.S. today ",
    );
  });

  test("cuts a word only when it alone is longer than a part", () => {
    expect(splitText(`no ${"a".repeat(25)}`, { maxUnits: 10 })).toEqual([
      "no ",
      "a".repeat(10),
      "a".repeat(10),
      "a".repeat(5),
    ]);
  });

  test("counts each part in its own encoding", () => {
    const parts = splitText(`${"Hola. ".repeat(26)}Está aquí. ${"Hola. ".repeat(26)}`, { maxSegments: 1 });
    expect(parts.map((part) => countSegments(part).encoding)).toContain("GSM-7");
  });

  test("refuses a limit that leaves no room", () => {
    expect(() => splitText("a", { maxSegments: 0 })).toThrow(RangeError);
    expect(() => splitText("🙂", { maxUnits: 1 })).toThrow(RangeError);
  });

  test("gives no parts for an empty text", () => {
    expect(splitText("", { maxUnits: 10 })).toEqual([]);
  });
});
