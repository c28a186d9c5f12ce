import type { Block } from "../../core/reply.ts";
import type { Locale } from "../../core/words.ts";
import { wordsToSay } from "../answer.ts";

/** What a text states that must be the same in every language. */
export interface Facts {
  readonly "words to say": ReadonlySet<string>;
  readonly phones: ReadonlySet<string>;
  readonly links: ReadonlySet<string>;
  readonly dates: ReadonlySet<string>;
  readonly numbers: ReadonlySet<string>;
}

/** Ten digits or more in groups: "1-800-898-7180", "001 520 623 7874", "+52 55 5533 5533". */
const LONG_PHONE = /(?<![\w.,/-])[+(]?\d[\d()]*(?:[ -]\(?\d[\d()]*)+(?![\w-])/gu;
const NUMBER = /(?<![\p{L}\d-])\d+(?:[.,]\d+)*(?![\p{L}\d])/gu;
const FORM = /\b[A-Z]{1,5}-\d+[A-Z]?\b/g;
const ADDRESS = /https?:\/\/[^\s)]+|(?<![\w@.])(?:[\w-]+\.)+(?:gov|org|com|net|edu|mx)(?:\/[\w./-]*\w)?(?![\w@])/giu;

export function factsOf(text: string, locale: Locale): Facts {
  const links = addressesIn(text);
  const phones = longPhonesIn(text);
  const rest = text.replace(ADDRESS, " ").replace(LONG_PHONE, (found) => (isLongPhone(found) ? " " : found));
  return {
    "words to say": new Set(wordsToSay(text)),
    phones: new Set(phones.map(digitsOf)),
    links: new Set(links),
    dates: new Set(datesIn(rest, locale)),
    numbers: new Set([...(rest.match(FORM) ?? []), ...(rest.replace(FORM, " ").match(NUMBER) ?? []).map(plainNumber)]),
  };
}

/** Web addresses in a text, in one form: no scheme, no www, no slash at the end. */
export function addressesIn(text: string): string[] {
  return (text.match(ADDRESS) ?? []).map(plainAddress);
}

export function plainAddress(address: string): string {
  return address
    .replace(/^https?:\/\//i, "")
    .replace(/^www\./i, "")
    .replace(/\/$/, "")
    .toLowerCase();
}

export function linksIn(blocks: readonly Block[]): string[] {
  const inlines = blocks.flatMap((block) => (block.kind === "list" ? block.items.flat() : block.inlines));
  return inlines.flatMap(({ href }) => (href === undefined ? [] : [href]));
}

/** Phone numbers of ten digits or more, as written. */
export function longPhonesIn(text: string): string[] {
  return (text.match(LONG_PHONE) ?? []).filter(isLongPhone);
}

/** A number's digits, without the U.S. country code that is written or left out. */
export function digitsOf(phone: string): string {
  return phone.replace(/[^\d#]/g, "").replace(/^1(?=\d{10}$)/, "");
}

/** Months with a year or a day beside them, as "month-number": "25 de junio de 2026" and "June 25, 2026" are "6-2026", "6-25". */
function datesIn(text: string, locale: Locale): string[] {
  const months = monthNames(locale);
  const names = [...months.keys()].join("|");
  const joined = "(?:\\s+(?:de|del|of))?[\\s,]+";
  const month = `(?<!\\p{L})(?<month>${names})(?!\\p{L})`;
  const pattern = new RegExp(
    `(?:(?<before>\\d{1,2})${joined})?${month}(?:${joined}(?<first>\\d{1,4}))?(?:${joined}(?<second>\\d{4}))?`,
    "gu",
  );
  return [...text.matchAll(pattern)].flatMap(({ groups = {} }) => {
    const number = months.get(groups["month"] ?? "") ?? 0;
    return [groups["before"], groups["first"], groups["second"]]
      .filter((part) => part !== undefined)
      .map((part) => `${number}-${part}`);
  });
}

/** As the language writes them, and with a capital: "10 may be" holds no month, "10 May" does. */
function monthNames(locale: Locale): Map<string, number> {
  const names = new Map<string, number>();
  for (const style of ["long", "short"] as const) {
    const format = new Intl.DateTimeFormat(locale, { month: style, timeZone: "UTC" });
    for (let month = 0; month < 12; month += 1) {
      const name = format.format(Date.UTC(2026, month, 15)).replace(/\.$/, "");
      names.set(name, month + 1).set(`${name.slice(0, 1).toUpperCase()}${name.slice(1)}`, month + 1);
    }
  }
  return names;
}

function isLongPhone(found: string): boolean {
  return found.replace(/\D/g, "").length >= 10;
}

/** 1,060 and 1.060 are 1060; 2.5 and 2,5 are 2.5. */
function plainNumber(number: string): string {
  return /^\d{1,3}([.,]\d{3})+$/.test(number) ? number.replace(/[.,]/g, "") : number.replace(",", ".");
}
