/** Longer than any message a phone sends; what is beyond is not read. */
const LONGEST = 4000;

/** Marks that say which way text runs, zero-width characters and the byte order mark: invisible, and they break words. */
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/gu;

/** The utterance in composed form (NFC), without control and invisible characters or lone surrogates, one line. */
export function cleanUtterance(text: string): string {
  return text
    .slice(0, LONGEST)
    .toWellFormed()
    .normalize("NFC")
    .replace(INVISIBLE, "")
    .replace(/[\p{Cc}\ufffd\s]+/gu, " ")
    .trim();
}
