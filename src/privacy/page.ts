import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { OperatorError } from "../core/errors.ts";
import type { PrivacyPage } from "../core/privacy-page.ts";
import type { Locale } from "../core/words.ts";
import { RETENTION, type RetentionEntry } from "./retention.ts";

/** `locales/<locale>.privacy.json`: the words around the retention table. A new file adds a language. */
interface PrivacyTexts {
  readonly title: string;
  readonly intro: readonly string[];
  readonly columns: PrivacyPage["columns"];
  /** With `{{age}}`. */
  readonly after: string;
  readonly atOnce: string;
  readonly readers: Readonly<Record<string, string>>;
  readonly entries: Readonly<Record<string, EntryTexts>>;
  readonly sections: PrivacyPage["sections"];
}

interface EntryTexts {
  readonly what: string;
  readonly why: string;
  /** Where none of the usual sentences on readers is true. */
  readonly who?: string;
  /** When it goes, where that is not an age. */
  readonly until?: string;
}

const FILE = /^(.+)\.privacy\.json$/;
const MINUTE_MS = 60_000;
const UNITS = [
  ["day", 24 * 60 * MINUTE_MS],
  ["hour", 60 * MINUTE_MS],
  ["minute", MINUTE_MS],
] as const;

/**
 * The page on privacy in every language there is a file for, made from the retention table.
 *
 * @throws OperatorError naming the file when it cannot be read or leaves something out.
 */
export async function loadPrivacyPages(directory: string): Promise<readonly PrivacyPage[]> {
  const files = (await readdir(directory)).filter((file) => FILE.test(file));
  return Promise.all(
    files.sort().map(async (file) => {
      const path = join(directory, file);
      try {
        const texts = JSON.parse(await readFile(path, "utf8")) as PrivacyTexts;
        return privacyPage(FILE.exec(file)?.[1] ?? "", texts);
      } catch (error) {
        throw new OperatorError(`${path} is not complete: ${error instanceof Error ? error.message : String(error)}.`);
      }
    }),
  );
}

function privacyPage(locale: Locale, texts: PrivacyTexts): PrivacyPage {
  const { title, intro, columns, sections } = texts;
  return { locale, title, intro, columns, sections, rows: RETENTION.map((entry) => rowOf(entry, texts, locale)) };
}

function rowOf({ id, where, readBy, keep }: RetentionEntry, texts: PrivacyTexts, locale: Locale) {
  const own = texts.entries[id];
  if (own === undefined) throw new Error(`it says nothing of "${id}"`);
  const who = readBy === "own" ? own.who : texts.readers[readBy];
  const ends = keep.map((one) =>
    one === "until"
      ? own.until
      : one.afterMs === 0
        ? texts.atOnce
        : texts.after.replace("{{age}}", ageIn(locale, one.afterMs)),
  );
  return {
    where,
    what: said(id, own.what),
    why: said(id, own.why),
    who: said(id, who),
    keep: ends.map((end) => said(id, end)),
  };
}

function said(id: string, text: string | undefined): string {
  if (text === undefined) throw new Error(`it leaves something out about "${id}"`);
  return text;
}

/** "30 minutes", "3 días": in the largest unit that is whole. */
function ageIn(locale: Locale, ms: number): string {
  const [unit, size] = UNITS.find(([, length]) => ms % length === 0) ?? UNITS[2];
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(ms / size);
}
