import type { Tree } from "../content/tree.ts";
import type { Locale, TopicId } from "../core/words.ts";

/** What an utterance can be about: a topic, or a kind of question that is not covered. */
export type Label =
  | { readonly kind: "topic"; readonly topic: TopicId }
  | { readonly kind: "out-of-scope"; readonly id: string };

/** Everything matching learns from, as plain data: it goes to a worker thread. `labels[y]` is what example `y` is about. */
export interface Examples {
  readonly labels: readonly Label[];
  readonly texts: readonly string[];
  readonly classes: Uint16Array;
  /** The language of each; titles have none, for nobody says anything beside one. */
  readonly locales: readonly (Locale | undefined)[];
}

/** The parts of the tree that matching learns from. */
export type LearnsFrom = Pick<Tree, "topics" | "outOfScope" | "lexicon">;

/** The questions and titles of every topic and the examples of everything out of scope, in every language at once. */
export function examplesOf(tree: LearnsFrom): Examples {
  const labels: Label[] = [];
  const texts: string[] = [];
  const classes: number[] = [];
  const locales: (Locale | undefined)[] = [];
  const add = (locale: Locale | undefined, lines: readonly string[]) => {
    for (const line of lines) {
      texts.push(line);
      classes.push(labels.length);
      locales.push(locale);
    }
  };
  for (const topic of tree.topics.values()) {
    for (const [locale, questions] of Object.entries(topic.questions)) add(locale, questions);
    for (const { title, label } of Object.values(topic.texts)) add(undefined, [title, label]);
    labels.push({ kind: "topic", topic: topic.id });
  }
  for (const { id, examples } of tree.outOfScope) {
    for (const [locale, lines] of Object.entries(examples)) add(locale, lines);
    labels.push({ kind: "out-of-scope", id });
  }
  return { labels, texts, classes: Uint16Array.from(classes), locales };
}
