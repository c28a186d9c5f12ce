import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldForSms } from "../../src/core/fold.ts";
import { countSegments, nonGsmCharacters } from "../../src/core/segments.ts";

/** Text in which accents, typography and the odd emoji are common. */
const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(..."áéíóúüñÁÉÍÓÚÜÑ¿¡“”‘’–—…\u00A0«» .,\nab1🙂n\u0303a\u0301".split("")),
      fc.string({ unit: "binary" }),
    ),
  )
  .map((pieces) => pieces.join(""));

describe("folding for SMS", () => {
  test("takes the accent from á í ó ú in both cases and leaves what GSM-7 has", () => {
    expect(foldForSms("¿Está aquí? Él pidió acción única, señor. PINGÜINO ÁÍÓÚ É é Ñ ñ ¡sí!")).toBe(
      "¿Esta aqui? Él pidio accion unica, señor. PINGÜINO AIOU É é Ñ ñ ¡si!",
    );
  });

  test("turns typography into what a phone of any age shows", () => {
    expect(foldForSms("“I am afraid” – ‘no’ — wait…\u00A0ok «sí»")).toBe('"I am afraid" - \'no\' - wait... ok "si"');
  });

  test("composes first, so that an accent sent as its own character folds too and ñ stays ñ", () => {
    expect(foldForSms("sen\u0303or, aqui\u0301")).toBe("señor, aqui");
  });

  test("leaves any other character alone", () => {
    expect(foldForSms("ção 🙂 ʔ")).toBe("ção 🙂 ʔ");
  });

  test("does nothing more the second time", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(foldForSms(foldForSms(text))).toBe(foldForSms(text));
      }),
      { examples: [["\u00e1\u0301"], ["i\u0301\u0308\u0301"]] },
    );
  });

  test("never adds to the characters that GSM-7 lacks", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(nonGsmCharacters(foldForSms(text)).length).toBeLessThanOrEqual(nonGsmCharacters(text).length);
      }),
    );
  });

  test("keeps every ñ, é, ü, ¿ and ¡", () => {
    const kept = (text: string) => [...text.normalize("NFC")].filter((character) => "ñÑéÉüÜ¿¡".includes(character));
    fc.assert(
      fc.property(texts, (text) => {
        expect(kept(foldForSms(text))).toEqual(kept(text));
      }),
    );
  });

  test("brings ordinary Spanish into GSM-7", () => {
    const text =
      "Si no le dejaron pasar: pida hablar con un supervisor. La compañía de teléfono también cobrará según su plan.";
    expect(countSegments(text)).toMatchObject({ encoding: "UCS-2", segments: 2 });
    expect(countSegments(foldForSms(text))).toMatchObject({ encoding: "GSM-7", segments: 1 });
  });
});
