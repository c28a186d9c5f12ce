/**
 * What GSM-7 lacks of written Spanish and of typography, and what stands for it. é, ñ, ü, ¿ and ¡ are in GSM-7 and
 * stay; ñ is never folded, for año is not ano.
 */
const FOLDS: Readonly<Record<string, string>> = {
  á: "a",
  í: "i",
  ó: "o",
  ú: "u",
  Á: "A",
  Í: "I",
  Ó: "O",
  Ú: "U",
  "“": '"',
  "”": '"',
  "„": '"',
  "«": '"',
  "»": '"',
  "‘": "'",
  "’": "'",
  "‚": "'",
  "‐": "-",
  "‑": "-",
  "–": "-",
  "—": "-",
  "−": "-",
  "…": "...",
  "\u00A0": " ",
  "\u2009": " ",
  "\u202F": " ",
};

const FOLDABLE = new RegExp(`[${Object.keys(FOLDS).join("")}]`, "gu");

/**
 * Makes a text cheap as SMS: one á, í, ó or ú turns a whole message into UCS-2 at 70 characters instead of 160. NFC,
 * then those letters lose their accent and curly quotes, dashes, ellipsis and hard spaces become their GSM-7 form. Any other
 * character stays as it is, ñ among them. For SMS only: everywhere else people read full accents. Folding twice
 * changes nothing more.
 */
export function foldForSms(text: string): string {
  const folded = text.normalize("NFC").replace(FOLDABLE, (character) => FOLDS[character] ?? character);
  // A second accent on the same letter may compose with what is left of the first: fold until nothing changes.
  return folded === text ? folded : foldForSms(folded);
}
