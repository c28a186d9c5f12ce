import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { createInstance } from "i18next";
import { OperatorError } from "../core/errors.ts";
import type { Locale } from "../core/words.ts";

/** Interface text in a locale. A key that does not exist throws: a person must never be sent a key. */
export type Translate = (locale: Locale, key: string, values?: Readonly<Record<string, string | number>>) => string;

/** The languages Puente speaks: one file `<locale>.json` each. Adding a file adds a language. */
export interface Locales {
  readonly locales: readonly Locale[];
  readonly translate: Translate;
}

/**
 * Loads every `<locale>.json` of a folder.
 *
 * @throws OperatorError when the folder or a file cannot be read.
 */
export async function loadLocales(directory: string): Promise<Locales> {
  const files = await readdir(directory).catch(() => {
    throw new OperatorError(`The folder ${directory} with the interface texts cannot be read.`);
  });
  const locales = files
    .filter((file) => /^[a-z]{2,3}(-[A-Za-z]+)?\.json$/.test(file))
    .map((file) => basename(file, ".json"));
  const resources: Record<Locale, { translation: Record<string, unknown> }> = {};
  for (const locale of locales) {
    try {
      resources[locale] = { translation: JSON.parse(await readFile(join(directory, `${locale}.json`), "utf8")) };
    } catch (error) {
      throw new OperatorError(`${join(directory, `${locale}.json`)} is not valid JSON: ${String(error)}`);
    }
  }
  const i18n = createInstance();
  // Plain text leaves through every channel: nothing is HTML here, so nothing is escaped here.
  await i18n.init({ resources, lng: locales[0] ?? "en", fallbackLng: false, interpolation: { escapeValue: false } });
  return {
    locales: locales.sort(),
    translate(locale, key, values = {}) {
      if (!i18n.exists(key, { lng: locale, ...values })) throw new Error(`no text for ${key} in ${locale}`);
      return i18n.t(key, { lng: locale, ...values });
    },
  };
}
