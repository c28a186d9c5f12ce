import type { AnswerStatus, Block, CitedSource } from "../core/reply.ts";
import type { Locale, TopicId } from "../core/words.ts";
import type { UnsupportedLanguage } from "../locale/detect.ts";

/** A text in every locale of the tree. */
export type PerLocale<T> = Readonly<Record<Locale, T>>;

/** One locale's vetted text of a topic: `<locale>.md`. */
export interface TopicText {
  readonly title: string;
  /** For menus: at most 20 characters. */
  readonly label: string;
  /** The SMS answer: at most 255 septets after folding. */
  readonly short: string;
  /** What stays safe to say in any state. For danger topics, the complete danger text. */
  readonly always: string;
  /** The full answer. */
  readonly blocks: readonly Block[];
  /** Hash of the canonical file together with `topic.yaml`: what a sign-off signs. */
  readonly sha256: string;
}

interface Claim {
  readonly claim: string;
  readonly sources: readonly string[];
  readonly at?: string;
}

/** One line of the sign-off ledger. It counts only while `sha256` is the text's. */
export interface SignOff {
  readonly topic: TopicId;
  readonly locale: Locale;
  readonly sha256: string;
  readonly reviewer: string;
  readonly role: string;
  readonly on: string;
  readonly validUntil: string;
}

/** A node of the tree with one vetted answer. Dates are ISO days. */
export interface Topic {
  readonly id: TopicId;
  readonly section: string;
  readonly state: "draft" | "checked";
  readonly codes: PerLocale<string>;
  readonly inFlux: boolean;
  /** Reached by danger rules: its `always` never goes dark. */
  readonly danger: boolean;
  readonly factsTo: string;
  readonly checkedOn: string;
  readonly validDays: number;
  readonly validUntil?: string;
  readonly related: readonly TopicId[];
  readonly claims: readonly Claim[];
  readonly texts: PerLocale<TopicText>;
  /** How people ask it: what matching learns from. */
  readonly questions: PerLocale<readonly string[]>;
}

export interface Section {
  readonly id: string;
  /** Menu title: at most 20 characters. */
  readonly title: PerLocale<string>;
  readonly topics: readonly TopicId[];
}

interface Source extends CitedSource {
  readonly kind: string;
}

/** Someone who helps. Every phone number in an answer is one of these. No `places` means that it serves everywhere. */
export interface DirectoryEntry {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly places: readonly string[];
  readonly phone?: string;
  /** How the same number is dialled from Mexico, where that differs. */
  readonly phoneFromMexico?: string;
  readonly sms?: { readonly to: string; readonly text?: string };
  readonly whatsapp?: string;
  readonly url?: string;
  readonly email?: string;
  readonly languages?: readonly string[];
  readonly hours?: PerLocale<string>;
  readonly reachableFrom: readonly ("US" | "MX")[];
  readonly cost?: PerLocale<string>;
  /** YYYY-MM of the evidence. Shown beside the number where `showDate` is true. */
  readonly seen?: string;
  readonly showDate?: boolean;
  /** The day someone of this project called or opened it. */
  readonly verifiedOn?: string;
  readonly note?: PerLocale<string>;
}

export interface Place {
  readonly id: string;
  readonly kind: "port" | "city";
  readonly country: "US" | "MX";
  readonly names: PerLocale<string>;
  readonly aliases: PerLocale<readonly string[]>;
  /** IANA name. */
  readonly timeZone: string;
  readonly lat: number;
  readonly lon: number;
}

/** A kind of question that is not covered, with examples to recognise it and the vetted redirect. */
interface OutOfScope {
  readonly id: string;
  readonly reply: PerLocale<string>;
  readonly choices: readonly TopicId[];
  readonly examples: PerLocale<readonly string[]>;
}

/** A danger rule: phrases that mean someone is in danger now, and the topic that serves them. */
export interface UrgentRule {
  readonly id: string;
  readonly topic: TopicId;
  /** See `intent/urgent.ts` for what a phrase may hold. */
  readonly phrases: PerLocale<readonly string[]>;
  /** Words that make it calm: "last year", "hace dos años". */
  readonly unless?: PerLocale<readonly string[]>;
}

/** `lexicon.yaml`: what matching knows about words besides what it learns from the questions. */
export interface Lexicon {
  /** A texting word and the words it stands for: "xq" -> "porque". */
  readonly replace: Readonly<Record<string, string>>;
  /** Words that mean the same here, in any language and region. `word*` is any ending. */
  readonly concepts: Readonly<Record<string, readonly string[]>>;
  /** What people say besides their question, and what does not tell what it is about. */
  readonly asides?: PerLocale<Asides>;
}

/** Said before or after a question; `{place}` in one is any of `names.place`. */
export interface Asides {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly names: Readonly<Record<string, readonly string[]>>;
}

/** What must never be said, in any answer, broadcast or notice, and why. See `content/check/forbidden.ts`. */
export interface Forbidden {
  readonly id: string;
  readonly why: PerLocale<string>;
  /** Regular expressions, run without case and accents. */
  readonly patterns: PerLocale<readonly string[]>;
}

/** A dated line put before answers to its topics and before the help near its places. */
export interface Notice {
  readonly id: string;
  /** ISO day on which it was approved: shown before the text. */
  readonly on: string;
  readonly text: PerLocale<string>;
  readonly topics: readonly TopicId[];
  readonly places: readonly string[];
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** The frozen content snapshot that a turn sees, with withdrawals and notices applied. */
export interface Tree {
  /** Hash of everything matching learns from. */
  readonly learnsFrom: string;
  readonly locales: readonly Locale[];
  readonly sections: readonly Section[];
  /** Without drafts: these are never served. */
  readonly topics: ReadonlyMap<TopicId, Topic>;
  readonly sources: ReadonlyMap<string, Source>;
  readonly directory: readonly DirectoryEntry[];
  readonly places: readonly Place[];
  readonly outOfScope: readonly OutOfScope[];
  readonly urgent: readonly UrgentRule[];
  readonly lexicon: Lexicon;
  /** `unsupported-languages.yaml`. */
  readonly unsupportedLanguages: readonly UnsupportedLanguage[];
  readonly forbidden: readonly Forbidden[];
  readonly signOffs: readonly SignOff[];
  /** What an answer must be to be served as current (`CONTENT_REQUIRE`). */
  readonly require: "checked" | "signed";
  /** Answers taken out of service: two volunteers' flags or one editor hold, an editor withdraws. */
  readonly held: ReadonlyMap<TopicId, Extract<AnswerStatus, "held" | "withdrawn">>;
  readonly notices: readonly Notice[];
}

/** The topic, or an error that names it: ids inside the program come from the tree. */
export function getTopic(tree: Tree, id: TopicId): Topic {
  const topic = tree.topics.get(id);
  if (topic === undefined) throw new Error(`no topic ${id} in the content tree`);
  return topic;
}

/** A text in a locale. The loader lets no tree through in which a text of an answer lacks a locale. */
export function inLocale<T>(texts: PerLocale<T>, locale: Locale): T {
  const text = texts[locale];
  if (text === undefined) throw new Error(`no text in ${locale} in the content tree`);
  return text;
}
