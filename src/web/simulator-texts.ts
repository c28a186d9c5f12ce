import type { Locale } from "../core/words.ts";
import type { Translate } from "../locale/translate.ts";

/** Every text of the page that its script writes, under `simulator` in locales/. */
// biome-ignore format: a list reads better in lines
const KEYS = [
  "title", "notice", "language", "phone", "channel", "conversation", "begin", "examples", "you", "puente", "field",
  "send", "voice", "image", "location", "sent.voice", "sent.image", "sent.location", "newPhone", "began", "failed",
  "why", "whyBefore", "kind.danger", "kind.answer", "kind.clarify", "kind.none", "kind.command", "decidedBy",
  "decided.danger", "decided.tf-idf", "decided.command", "decided.choice", "decided.code", "decided.media",
  "decided.section", "decided.language", "decided.place", "decided.model", "decided.nothing to read", "topic",
  "topicsOffered", "confidence", "candidates", "state", "status.draft", "status.checked", "status.signed",
  "status.expired", "status.held", "status.withdrawn", "factsTo", "validUntil", "sources", "notVetted", "example.1",
  "example.2", "example.3", "example.4",
] as const;

/** Texts with a number in them, one for each form the language has (`Intl.PluralRules`). */
const COUNTED = ["units", "segments"] as const;

/**
 * The page's texts in one language, by key. In a counted text `#` stands for the number: the script picks the form, so
 * that the language of the page can change while a conversation goes on.
 */
export function simulatorTexts(locale: Locale, translate: Translate): Readonly<Record<string, string>> {
  const say = (key: string) => translate(locale, `simulator.${key}`, { count: "#" });
  const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
  const counted = COUNTED.flatMap((key) => forms.map((form) => `${key}_${form}`));
  return Object.fromEntries([...KEYS, ...counted].map((key) => [key, say(key)]));
}
