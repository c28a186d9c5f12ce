import type { PrivateMatter } from "../core/front-desk.ts";

/** Digits in the groupings of phone numbers; an ISO date is none. */
const DIGIT_RUN = /(?<![\p{L}\d])(?!\d{4}-\d{2}-\d{2}\b)[+(]?\d(?:[\s().\u2010-\u2015-]{0,2}\d){6,14}(?!\d)/gu;
/** USCIS writes A-numbers with 8 or 9 digits, with and without hyphens. */
const A_NUMBER =
  /(?<!\p{L})a\s?[-#:]?\s?(?:n(?:umber|[uú]mero|o\.?)?\s?[:#]?\s?)?\d{2,3}[-\s]?\d{3}[-\s]?\d{3}(?!\d)/iu;
/** Said beside the digits. */
const A_NUMBER_NAMED =
  /(?:a-?\s?number|alien (?:registration )?number|n[uú]mero\s?(?:de\s)?(?:a\b|extranjer[oa]))\D{0,12}\d{7,9}/iu;
/** A question in general words is shorter than this. */
const STORY_WORDS = 55;

/**
 * What in a question is about one person, so that a room should not hold it. Undefined when it is a general question.
 * `known` are the last ten digits of numbers that everybody may see: those of the directory.
 */
export function screenText(text: string, known: ReadonlySet<string> = new Set()): PrivateMatter | undefined {
  if (A_NUMBER.test(text) || A_NUMBER_NAMED.test(text)) return "a-number";
  const numbers = [...text.matchAll(DIGIT_RUN)].map(([run]) => lastDigits(run));
  if (numbers.some((number) => !known.has(number))) return "phone";
  return text.split(/\s+/u).filter((word) => word !== "").length > STORY_WORDS ? "story" : undefined;
}

/** A number without its country, however it is grouped. */
export function lastDigits(number: string): string {
  return number.replace(/\D/g, "").slice(-10);
}
