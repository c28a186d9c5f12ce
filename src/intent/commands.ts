import type { PerLocale, Place, Tree } from "../content/tree.ts";
import type { Command, Locale, TopicId } from "../core/words.ts";
import { withinOneEdit } from "./edits.ts";
import type { CommandFound } from "./intent.ts";
import { spelledOut, squeeze, words } from "./normalise.ts";
import { compilePhrase } from "./phrase.ts";
import { createPhraseBook, type PhraseBook } from "./phrase-book.ts";
import { namePlace } from "./place.ts";

/** The words of one file `locales/<name>.commands.json`. `other` holds those that tell no language: STOP, SOS, menu. */
export interface CommandFile {
  /** Said out of politeness; removed before a command is looked for. */
  readonly courtesy: readonly string[];
  readonly commands: Readonly<Partial<Record<Command, CommandEntry>>>;
  /** Words that make a longer utterance a question: a STOP inside it is not an order. */
  readonly questions: readonly string[];
  /** The same, at the beginning only. */
  readonly questionOpeners: readonly string[];
  /** Words that a phrase may have more or less of: "no quiero (recibir) SUS mensajes". */
  readonly fillers: readonly string[];
  /** What may stand between the word and a place: "abogado EN tijuana". */
  readonly prepositions: readonly string[];
  /** Words of their own that look or sound like a command: "parole" is not PÁRELE, nor "puente" FUENTE. */
  readonly lookalikes: readonly string[];
  readonly minor: MinorPhrases;
}
/** How someone says to be under 18, as `compilePhrase` reads it; `#` stands for any of the ages. */
interface MinorPhrases {
  readonly ages: readonly string[];
  readonly phrases: readonly string[];
  /** What makes the number something else: "tengo 5 años AQUÍ". */
  readonly unless: readonly string[];
}
interface CommandEntry {
  /** The whole utterance, misspelt or not. */
  readonly words: readonly string[];
  /** The whole utterance; or, in a short one that asks nothing, a part of it that makes the order likely. */
  readonly phrases?: readonly string[];
  /** A place may follow: LAWYER tijuana. */
  readonly place?: boolean;
}

/** Every command word of every language, ready for look-up. From `compileCommandWords`. */
export interface CommandWords {
  readonly exact: ReadonlyMap<string, Known>;
  readonly phrases: readonly (readonly string[])[];
  readonly courtesy: readonly (readonly string[])[];
  readonly questions: ReadonlySet<string>;
  readonly questionOpeners: ReadonlySet<string>;
  readonly fillers: ReadonlySet<string>;
  readonly prepositions: readonly (readonly string[])[];
  readonly lookalikes: ReadonlySet<string>;
  readonly minor: { readonly phrases: PhraseBook<true>; readonly unless: PhraseBook<true> };
}
interface Known {
  readonly command: Command;
  readonly locale?: Locale;
  readonly place: boolean;
}

/** Forms that texting writes differently and that the squeeze by sound does not reach. */
const TEXTING = {
  replace: {
    dont: "do not",
    cant: "can not",
    pls: "please",
    plz: "please",
    u: "you",
    im: "i am",
    msgs: "messages",
    msg: "message",
    txt: "text",
    txts: "texts",
    txting: "texting",
    msjs: "mensajes",
    msj: "mensaje",
    q: "que",
    k: "que",
    d: "de",
    m: "me",
    xfa: "por favor",
    xfavor: "por favor",
    thx: "thanks",
    tmb: "tambien",
    kiero: "quiero",
    wanna: "want to",
  },
  concepts: {},
};

function sounds(text: string): string[] {
  return spelledOut(text, TEXTING).map(squeeze);
}

/** Compiles the command words of all languages into one look-up. `other` is the file without a language. */
export function compileCommandWords(files: Readonly<Record<Locale | "other", CommandFile>>): CommandWords {
  const exact = new Map<string, Known>();
  const phrases: string[][] = [];
  const ordered = Object.entries(files).sort(([a], [b]) => Number(b === "other") - Number(a === "other"));
  for (const [name, file] of ordered) {
    for (const [command, entry] of Object.entries(file.commands)) {
      const known = {
        command: command as Command,
        place: entry.place === true,
        ...(name !== "other" && { locale: name }),
      };
      for (const text of [...entry.words, ...(entry.phrases ?? [])]) {
        const key = sounds(text).join(" ");
        if (!exact.has(key)) exact.set(key, known);
      }
      for (const text of entry.phrases ?? []) phrases.push(sounds(text));
    }
  }
  const all = Object.values(files);
  const setOf = (list: readonly string[]) => new Set(list.flatMap(sounds));
  const fillers = setOf(all.flatMap((file) => file.fillers));
  const longestFirst = (list: readonly string[]) => list.map(sounds).sort((a, b) => b.length - a.length);
  return {
    exact,
    phrases: phrases
      .map((phrase) => phrase.filter((word) => !fillers.has(word)))
      .filter((phrase) => phrase.length >= 2)
      .sort((a, b) => b.length - a.length),
    courtesy: longestFirst(all.flatMap((file) => file.courtesy)),
    questions: setOf(all.flatMap((file) => file.questions)),
    questionOpeners: setOf(all.flatMap((file) => file.questionOpeners)),
    fillers,
    prepositions: longestFirst(all.flatMap((file) => file.prepositions)),
    // As written, and as they sound: "parole por favor" is looked at without its courtesy.
    lookalikes: new Set(all.flatMap((file) => file.lookalikes).flatMap((word) => [...words(word), ...sounds(word)])),
    minor: {
      phrases: withAges(all.map(({ minor }) => ({ phrases: minor.phrases, ages: minor.ages }))),
      unless: withAges(all.map(({ minor }) => ({ phrases: minor.unless, ages: minor.ages }))),
    },
  };
}

function withAges(lists: readonly Pick<MinorPhrases, "phrases" | "ages">[]): PhraseBook<true> {
  return createPhraseBook(
    lists.flatMap(({ phrases, ages }) =>
      phrases.map((phrase) => [compilePhrase(phrase.replaceAll("#", ages.join("|"))), true] as const),
    ),
  );
}

/**
 * The command an utterance is, or undefined when it is none. Case, accents, punctuation, emoji and courtesy words do not
 * matter, nor one slip in a word of five letters or more. A place may follow LAWYER and UPDATES where `places` is given.
 *
 * A STOP phrase inside a short utterance that asks nothing counts, with `sure` false unless hardly anything stands
 * beside it; inside a longer question it does not (opt-out by any reasonable means: 47 CFR 64.1200(a)(10)).
 */
export function findCommand(
  text: string,
  commandWords: CommandWords,
  places: readonly Place[] = [],
): CommandFound | undefined {
  const spoken = sounds(text);
  if (spoken.length === 0 || spoken.length > 40) return undefined;
  if (words(text).every((word) => commandWords.lookalikes.has(word))) return undefined;
  const bare = without(spoken, commandWords.courtesy);
  const question =
    text.includes("?") ||
    bare.some((word) => commandWords.questions.has(word)) ||
    commandWords.questionOpeners.has(bare[0] ?? "");
  return (
    whole(spoken, commandWords) ??
    whole(bare, commandWords) ??
    spaced(spoken, commandWords) ??
    withPlace(text, commandWords, places) ??
    misspelt(bare, commandWords) ??
    (question ? undefined : embeddedStop(bare, commandWords))
  );
}

function found(known: Known, sure = true, rest = ""): CommandFound {
  return { command: known.command, sure, rest, ...(known.locale !== undefined && { locale: known.locale }) };
}

function whole(tokens: readonly string[], { exact }: CommandWords): CommandFound | undefined {
  const known = exact.get(tokens.join(" "));
  return known === undefined ? undefined : found(known);
}

/** "S T O P". */
function spaced(tokens: readonly string[], { exact }: CommandWords): CommandFound | undefined {
  if (tokens.length < 3 || tokens.some((token) => token.length > 1)) return undefined;
  const known = exact.get(squeeze(tokens.join("")));
  return known === undefined ? undefined : found(known);
}

function without(tokens: readonly string[], phrases: readonly (readonly string[])[]): string[] {
  const rest: string[] = [];
  for (let i = 0; i < tokens.length; ) {
    const hit = phrases.find((phrase) => phrase.every((word, j) => tokens[i + j] === word));
    if (hit === undefined) rest.push(tokens[i++] ?? "");
    else i += hit.length;
  }
  return rest;
}

function withPlace(text: string, commandWords: CommandWords, places: readonly Place[]): CommandFound | undefined {
  const plain = words(text);
  for (let length = Math.min(4, plain.length - 1); length >= 1; length--) {
    const head = without(plain.slice(0, length).map(squeeze), commandWords.courtesy);
    const known = commandWords.exact.get(head.join(" "));
    if (known === undefined || !known.place) continue;
    const rest = without(plain.slice(length).map(squeeze), [...commandWords.prepositions, ...commandWords.courtesy]);
    const named = namePlace(plain.slice(length).join(" "), places);
    if (named !== undefined && named.length >= rest.length) return found(known, true, plain.slice(length).join(" "));
  }
  return undefined;
}

/** One or two words with a slip. A slip in STOP may be another word, so it stops and asks. */
function misspelt(tokens: readonly string[], { exact, lookalikes }: CommandWords): CommandFound | undefined {
  if (tokens.length === 0 || tokens.length > 2) return undefined;
  if (tokens.some((token) => lookalikes.has(token))) return undefined;
  const text = tokens.join(" ");
  if (text.length < 3) return undefined;
  for (const [key, known] of exact) {
    if (key.length < 4 || NEVER_GUESSED.has(known.command)) continue;
    // In four letters only a lost or swapped letter is a slip: "shop" is not STOP, nor "padre" PARE.
    const slip = key.length >= 5 ? text.length >= 4 && withinOneEdit(key, text) : lostOrSwapped(key, text);
    if (slip) return found(known, known.command !== "stop");
  }
  return undefined;
}
const NEVER_GUESSED: ReadonlySet<Command> = new Set(["yes", "no", "read"]);

function lostOrSwapped(key: string, text: string): boolean {
  if (key[0] !== text[0] || !withinOneEdit(key, text)) return false;
  if (text.length === key.length - 1) return true;
  return text.length === key.length && [...key].sort().join("") === [...text].sort().join("");
}

function embeddedStop(spoken: readonly string[], { phrases, fillers }: CommandWords): CommandFound | undefined {
  const tokens = spoken.filter((word) => !fillers.has(word));
  if (tokens.length > 14) return undefined;
  for (const phrase of phrases) {
    const at = tokens.findIndex((_, i) => phrase.every((word, j) => tokens[i + j] === word));
    if (at < 0) continue;
    const beside = tokens.length - phrase.length;
    if (beside <= 8) return { command: "stop", sure: beside <= 2, rest: "" };
  }
  return undefined;
}

export interface TopicCode {
  readonly topic: TopicId;
  /** As the tree writes it: "MIEDO4". */
  readonly code: string;
  readonly locale?: Locale;
}

/** The topic whose code an utterance is: MIEDO4, "miedo 4", "fear-4.". */
export function findTopicCode(text: string, tree: Pick<Tree, "topics">): TopicCode | undefined {
  const asked = words(text).join("");
  if (asked.length > 20 || !/^\p{L}+\d+$/u.test(asked)) return undefined;
  for (const topic of tree.topics.values()) {
    const hits = codes(topic.codes).filter(([, code]) => words(code).join("") === asked);
    const [first] = hits;
    if (first !== undefined) {
      return { topic: topic.id, code: first[1], ...(hits.length === 1 && { locale: first[0] }) };
    }
  }
  return undefined;
}

function codes(perLocale: PerLocale<string>): [Locale, string][] {
  return Object.entries(perLocale);
}
