import { describe, expect, test } from "vitest";
import en from "../../locales/en.json" with { type: "json" };
import es from "../../locales/es.json" with { type: "json" };

/** The keys of English are a type (`TextKey`): that every other language has them is held here. */
describe("the interface texts", () => {
  test("are the same in every language, each with the same blanks", () => {
    expect(blanksOf(es)).toEqual(blanksOf(en));
  });

  test("have every form of number that their language has", () => {
    for (const [locale, texts] of Object.entries({ en, es })) {
      const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
      const plural = [...leavesOf(texts)].flatMap(([key]) => /^(.+)_other$/.exec(key)?.[1] ?? []);
      const keys = new Set([...leavesOf(texts)].map(([key]) => key));
      for (const key of plural) for (const form of forms) expect(keys).toContain(`${key}_${form}`);
    }
  });
});

/** Each key without its form of number, with the blanks of its text. */
function blanksOf(texts: object): Record<string, string[]> {
  const found = [...leavesOf(texts)].map(([key, text]) => {
    const blanks = new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, blank = ""]) => blank));
    return [key.replace(/_(?:zero|one|two|few|many|other)$/, ""), [...blanks].sort()] as const;
  });
  return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function* leavesOf(node: object, path: readonly string[] = []): Generator<readonly [string, string]> {
  for (const [name, value] of Object.entries(node)) {
    if (typeof value === "string") yield [[...path, name].join("."), value];
    else yield* leavesOf(value, [...path, name]);
  }
}
