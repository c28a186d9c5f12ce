/** How one text travels as SMS. `units` are septets (GSM-7) or 16-bit code units (UCS-2), what carriers count. */
export interface Segments {
  readonly encoding: "GSM-7" | "UCS-2";
  readonly units: number;
  /** Billed parts; 0 for an empty text. */
  readonly segments: number;
  /** Room in each part, in units: 160 or 70 alone, 153 or 67 in a chain. */
  readonly perSegment: number;
}

/** Default alphabet of 3GPP TS 23.038, 6.2.1, in table order without the escape code (0x1B). */
const GSM_BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/** Extension table of 3GPP TS 23.038, 6.2.1.1: each is an escape and a character, two septets. */
const GSM_EXTENSION = "\f^{}\\[~]|€";

/** Room alone and in a chain, where a 6-byte header takes its share (3GPP TS 23.040, 9.2.3.24.1). */
const ROOM = { "GSM-7": { alone: 160, chained: 153 }, "UCS-2": { alone: 70, chained: 67 } } as const;

const SEPTETS = new Map([
  ...[...GSM_BASIC].map((c) => [c, 1] as const),
  ...[...GSM_EXTENSION].map((c) => [c, 2] as const),
]);

/** The characters of a text that GSM-7 cannot carry, after NFC, each once, in order of appearance. */
export function nonGsmCharacters(text: string): string[] {
  return [...new Set(text.normalize("NFC"))].filter((character) => !SEPTETS.has(character));
}

/**
 * Counts the SMS segments of a text after NFC, as networks bill it: GSM-7 when every character is in the two tables of
 * 3GPP TS 23.038, else UCS-2. A two-septet character and a surrogate pair stay whole: neither straddles two segments.
 */
export function countSegments(text: string): Segments {
  const characters = [...text.normalize("NFC")];
  const encoding = characters.every((character) => SEPTETS.has(character)) ? "GSM-7" : "UCS-2";
  const widths = characters.map((character) =>
    encoding === "GSM-7" ? (SEPTETS.get(character) ?? 1) : character.length,
  );
  const units = widths.reduce((sum, width) => sum + width, 0);
  const { alone, chained } = ROOM[encoding];
  if (units <= alone) return { encoding, units, segments: units === 0 ? 0 : 1, perSegment: alone };
  let segments = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > chained) {
      segments += 1;
      used = 0;
    }
    used += width;
  }
  return { encoding, units, segments, perSegment: chained };
}

/** What one part may hold: SMS segments in the part's own encoding, or UTF-16 code units. */
export type PartLimit = { readonly maxSegments: number } | { readonly maxUnits: number };

/** Addresses, and digits in the groupings that people write: "1-800-898-7180", "+52 55 5533 5533", "800 911 2000". */
const UNBREAKABLE = /https?:\/\/\S+|[\w.-]+@[\w.-]+\.\w+|[+(]?\d[\d()]*(?:[-. ]\(?\d[\d()]*)+/gu;
/** A full stop after "U.S.", "EE.UU.", "a.m." ends no sentence, nor does one that goes on in lower case. */
const SENTENCE_END = /(?:(?<!\.\p{L}{1,2})[.!?]["')]*\s+(?!\p{Ll})|\n\s*)/gu;
/** A sentence end counts only when it fills this share of the room, so that a first "Sí." does not travel alone. */
const LEAST_FILL = 1 / 3;

/**
 * Cuts a text (NFC first) into parts that each keep the limit. It cuts after the last sentence that fits, else after
 * the last word, else inside the word; never inside a surrogate pair, and never inside an address or a phone number
 * that fits a part by itself. White space at a cut stays at the end of the part before it:
 * `splitText(text, limit).join("") === text.normalize("NFC")`. An empty text has no parts.
 *
 * @throws RangeError when the limit leaves no room for one character (below 1 segment or 2 units).
 */
export function splitText(text: string, limit: PartLimit): string[] {
  const fits = fitsWithin(limit);
  const parts: string[] = [];
  let rest = text.normalize("NFC");
  while (!fits(rest)) {
    const cut = findCut(rest, fits);
    parts.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  if (rest !== "") parts.push(rest);
  return parts;
}

type Fits = (part: string) => boolean;

function fitsWithin(limit: PartLimit): Fits {
  if ("maxUnits" in limit) {
    if (limit.maxUnits < 2) throw new RangeError("a part needs room for 2 units");
    return (part) => part.length <= limit.maxUnits;
  }
  if (limit.maxSegments < 1) throw new RangeError("a part needs room for 1 segment");
  return (part) => countSegments(part).segments <= limit.maxSegments;
}

function findCut(text: string, fits: Fits): number {
  const longest = longestPrefix(text, fits);
  const spans = [...text.matchAll(UNBREAKABLE)]
    .filter((span) => span.index < longest && fits(span[0]))
    .map((span) => ({ from: span.index, to: span.index + span[0].length }));
  const allowed = (at: number) => at > 0 && at <= longest && !spans.some((span) => span.from < at && at < span.to);
  const last = (ends: RegExp, least: number) =>
    [...text.matchAll(ends)].map((end) => end.index + end[0].length).findLast((at) => at >= least && allowed(at));
  const sentence = last(SENTENCE_END, longest * LEAST_FILL);
  if (sentence !== undefined) return sentence;
  const word = last(/\s+/gu, 0);
  if (word !== undefined) return word;
  const opening = spans.find((span) => span.from < longest && longest < span.to);
  return opening !== undefined && opening.from > 0 ? opening.from : longest;
}

/** Where the longest prefix that fits ends, never between the halves of a surrogate pair; at least one character. */
function longestPrefix(text: string, fits: Fits): number {
  const whole = (at: number) => (isPair(text, at) ? at - 1 : at);
  let low = isPair(text, 1) ? 2 : 1;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(text.slice(0, whole(middle)))) low = middle;
    else high = middle - 1;
  }
  return Math.max(whole(low), isPair(text, 1) ? 2 : 1);
}

/** True when position `at` lies between the two halves of a surrogate pair. */
function isPair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
