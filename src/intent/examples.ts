import type { Tree } from "../content/tree.ts";
import type { TopicId } from "../core/words.ts";

/** What an utterance can be about: a topic, or a kind of question that is not covered. */
export type Label =
  | { readonly kind: "topic"; readonly topic: TopicId }
  | { readonly kind: "out-of-scope"; readonly id: string };

/** Everything matching learns from, as plain data: it goes to a worker thread. `labels[y]` is what example `y` is about. */
export interface Examples {
  readonly labels: readonly Label[];
  readonly texts: readonly string[];
  readonly classes: Uint16Array;
}

/** The parts of the tree that matching learns from. */
export type LearnsFrom = Pick<Tree, "topics" | "outOfScope" | "lexicon">;

/** The questions and titles of every topic and the examples of everything out of scope, in every language at once. */
export function examplesOf(tree: LearnsFrom): Examples {
  const labels: Label[] = [];
  const texts: string[] = [];
  const classes: number[] = [];
  const add = (label: Label, lines: readonly string[]) => {
    for (const line of lines) {
      texts.push(line);
      classes.push(labels.length);
    }
    labels.push(label);
  };
  for (const topic of tree.topics.values()) {
    const titles = Object.values(topic.texts).flatMap(({ title, label }) => [title, label]);
    add({ kind: "topic", topic: topic.id }, [...Object.values(topic.questions).flat(), ...titles]);
  }
  for (const { id, examples } of tree.outOfScope) add({ kind: "out-of-scope", id }, Object.values(examples).flat());
  return { labels, texts, classes: Uint16Array.from(classes) };
}
