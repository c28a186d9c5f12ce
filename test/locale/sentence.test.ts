import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { failure, RefusedError, say } from "../../src/locale/sentence.ts";
import { loadLocales } from "../../src/locale/translate.ts";

const { translate } = await loadLocales(resolve(import.meta.dirname, "../../locales"));

describe("a sentence", () => {
  test("names languages and says what stands in it as its reader does", () => {
    const missing = { key: "broadcast.rule.textMissing", values: { language: { language: "en" } } } as const;
    expect(say(translate, "en", missing)).toMatch(/^The English text is missing\./);
    expect(say(translate, "es", missing)).toMatch(/^Falta el texto en inglés\./);
    const within = { key: "desk.rule.inText", values: { language: { language: "es" }, what: missing } } as const;
    expect(say(translate, "es", within)).toMatch(/^En español: Falta el texto en inglés\./);
  });

  test("takes words of the content tree in the reader's language, and in another where they are missing", () => {
    const place = {
      key: "broadcast.rule.noZone",
      values: { place: { texts: { en: "Mexico", es: "México" } } },
    } as const;
    expect(say(translate, "es", place)).toContain("El lugar México no tiene");
    const bare = { key: "broadcast.rule.noZone", values: { place: { texts: { en: "Mexico" } } } } as const;
    expect(say(translate, "es", bare)).toContain("El lugar Mexico no tiene");
  });

  test("leaves alone what is no language", () => {
    const odd = { key: "broadcast.rule.textUnread", values: { language: { language: "!!" } } } as const;
    expect(say(translate, "en", odd)).toMatch(/^There is a text in !!/);
  });
});

describe("a refusal", () => {
  const refused = new RefusedError("broadcast.refused.problemsOf", { id: 7 }, [{ key: "broadcast.rule.past" }]);

  test("is told with all that is wrong, in the language of whoever reads it", () => {
    expect(failure(translate, "en", refused)).toBe(
      "Broadcast 7 cannot go out:\n  - The time to send it has passed. Choose one to come.",
    );
    expect(failure(translate, "es", refused)).toBe(
      "El aviso 7 no puede salir:\n  - La hora de mandarlo ya pasó. Elija otra.",
    );
  });

  test("speaks no language in a log, and holds nothing that anybody typed", () => {
    const typed = new RefusedError("broadcast.form.unknownWord", { word: "secret" });
    expect(refused.message).toBe("refused: broadcast.refused.problemsOf, broadcast.rule.past");
    expect(typed.message).not.toContain("secret");
  });

  test("is not what our own failures are told as", () => {
    expect(failure(translate, "es", new Error("boom"))).toBe(translate("es", "room.failed"));
  });
});
