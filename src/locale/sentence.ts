import type en from "../../locales/en.json";
import type { Locale } from "../core/words.ts";
import type { Translate } from "./translate.ts";

type KeysOf<Texts, Before extends string = ""> = {
  [Key in keyof Texts & string]: Texts[Key] extends string
    ? `${Before}${Key extends `${infer Plural}_one` | `${infer Plural}_other` ? Plural : Key}`
    : KeysOf<Texts[Key], `${Before}${Key}.`>;
}[keyof Texts & string];

/** A key that `locales/en.json` has: one that it lacks does not compile. A test holds the other languages against it. */
export type TextKey = KeysOf<typeof en>;

/** What is put into a sentence. A language is named, and words of the content tree stand, in the reader's own. */
type Word =
  | string
  | number
  | Sentence
  | { readonly language: Locale }
  | { readonly texts: Readonly<Record<Locale, string>> };

/** Words for somebody of the team, while nobody knows yet in which language they read. */
export interface Sentence {
  readonly key: TextKey;
  readonly values?: Readonly<Record<string, Word>>;
}

/**
 * Something that somebody of the team may not do or cannot do now, whatever the room. Whoever shows it says it in the
 * language of the one who acted (`failure`); the message holds the key alone.
 */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  readonly sentence: Sentence;
  /** All that is wrong, a line for each. */
  readonly because: readonly Sentence[];

  constructor(key: TextKey, values: Sentence["values"] = {}, because: readonly Sentence[] = []) {
    super(`refused: ${[key, ...because.map((one) => one.key)].join(", ")}`);
    this.sentence = { key, values };
    this.because = because;
  }
}

/** A sentence in a language. */
export function say(translate: Translate, locale: Locale, { key, values = {} }: Sentence): string {
  const word = (value: Word) => {
    if (typeof value !== "object") return value;
    if ("key" in value) return say(translate, locale, value);
    if ("texts" in value) return value.texts[locale] ?? Object.values(value.texts)[0] ?? "";
    return nameOf(value.language, locale);
  };
  const words = Object.entries(values).map(([name, value]) => [name, word(value)] as const);
  return translate(locale, key, Object.fromEntries(words));
}

/** What somebody is told when it did not work: a refusal with all that is wrong, anything else as a failure of ours. */
export function failure(translate: Translate, locale: Locale, error: unknown): string {
  if (!(error instanceof RefusedError)) return translate(locale, "room.failed");
  return [error.sentence, ...error.because].map((one) => say(translate, locale, one)).join("\n  - ");
}

/** "Spanish". What is no language's tag, as somebody may type it, stands as it is. */
function nameOf(language: Locale, locale: Locale): string {
  try {
    return new Intl.DisplayNames([locale], { type: "language" }).of(language) ?? language;
  } catch {
    return language;
  }
}
