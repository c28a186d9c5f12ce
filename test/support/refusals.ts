import { resolve } from "node:path";
import { expect } from "vitest";
import en from "../../locales/en.json" with { type: "json" };
import es from "../../locales/es.json" with { type: "json" };
import { failure, RefusedError, type Sentence, say } from "../../src/locale/sentence.ts";
import { loadLocales } from "../../src/locale/translate.ts";

const { translate } = await loadLocales(resolve(import.meta.dirname, "../../locales"));

/** What a reader of one language is told when work is refused. Holds in both that no blank of a sentence stays empty. */
export async function refusalOf(work: unknown, locale: "en" | "es" = "en"): Promise<string> {
  const error = await Promise.resolve(work).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RefusedError)) throw new Error("it was not refused", { cause: error });
  for (const one of [error.sentence, ...error.because]) expectWhole(one);
  return failure(translate, locale, error);
}

/** Sentences in English, a line for each. */
export function inWords(sentences: Sentence | readonly Sentence[]): string {
  return [sentences]
    .flat()
    .map((one) => say(translate, "en", one))
    .join("\n");
}

function expectWhole({ key, values = {} }: Sentence): void {
  for (const texts of [en, es]) expect(Object.keys(values)).toEqual(expect.arrayContaining(blanksOf(texts, key)));
  for (const value of Object.values(values)) if (typeof value === "object" && "key" in value) expectWhole(value);
}

function blanksOf(texts: object, key: string): string[] {
  const path = key.split(".");
  const found: unknown = path.reduce<unknown>(
    (node, name) => Object(node)[name] ?? Object(node)[`${name}_other`],
    texts,
  );
  return [...String(found).matchAll(/\{\{(\w+)\}\}/g)].map(([, blank = ""]) => blank);
}
