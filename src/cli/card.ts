import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { loadConfig } from "../config.ts";
import { loadTree } from "../content/load.ts";
import { OperatorError } from "../core/errors.ts";
import type { Locale } from "../core/words.ts";
import { loadLocales } from "../locale/translate.ts";
import { pocketCards, pocketCardsFile } from "../web/pocket-cards.ts";

const LOCALES_DIR = resolve(import.meta.dirname, "../../locales");

export interface CardOptions {
  /** The reader's language. */
  readonly locale: Locale;
  readonly section?: string;
  readonly out?: string;
}

/** `card`: writes pocket cards as one HTML file that needs nothing else, to print and cut. */
export async function card({ locale, section, out = `pocket-cards-${locale}.html` }: CardOptions): Promise<void> {
  const config = loadConfig();
  const [tree, { translate }] = await Promise.all([
    loadTree(config.contentDir, config.contentRequire),
    loadLocales(LOCALES_DIR),
  ]);
  if (!tree.locales.includes(locale))
    throw new OperatorError(`There are no answers in "${locale}". There are in ${tree.locales.join(", ")}.`);
  if (section !== undefined && !tree.sections.some(({ id }) => id === section))
    throw new OperatorError(
      `There is no section "${section}". There are ${tree.sections.map(({ id }) => id).join(", ")}.`,
    );
  const options = { tree, locale, translate, now: Date.now(), ...(section !== undefined && { section }) };
  const cards = pocketCards(options);
  if (cards === "") throw new OperatorError("No current answer there has words to say.");
  const css = await readFile(new URL("../web/assets/cards.css", import.meta.url), "utf8");
  await writeFile(out, pocketCardsFile({ ...options, css, cards }));
  console.log(`${out} is written. Open it in a browser and print it.`);
}
