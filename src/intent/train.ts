import type { Lexicon } from "../content/tree.ts";
import { withAsides } from "./asides.ts";
import type { Examples } from "./examples.ts";
import { createFeatureReader, type Features } from "./features.ts";
import { createHiddenLearner, type Hidden, type HiddenLearner } from "./learn-hidden.ts";
import { type Lessons, packLessons } from "./lessons.ts";
import type { Counted, Model } from "./model.ts";
import { createRandom, misspell, type Random } from "./random.ts";
import { learnTfIdf } from "./tf-idf.ts";
import { createProjection, learnVocabulary, toLengthOne } from "./vocabulary.ts";

/** How the model is trained. Chosen by comparison: docs/answering.md. */
const TRAINING = {
  /** Networks that differ by their seed alone: where they disagree, neither is sure. */
  networks: 2,
  epochs: 8,
  /** Share of an example's features that is left out each time it is seen: no single word may carry an answer. */
  drop: 0.5,
  /** Share of the examples that are seen with one or two slips of the finger instead of as written. */
  misspelt: 0.15,
};
/**
 * A feature must stand in so many examples: one that stands in a single question says more about its author than its topic.
 * With asides every question stands there twice.
 */
const SEEN_IN = { once: 2, twice: 3 };

/** The half of the model that only counts: a second or two, so that a start never waits for the other. */
export function countExamples(examples: Examples, lexicon: Lexicon): Counted {
  return count(examples, lexicon, SEEN_IN.once).counted;
}

function count(examples: Examples, lexicon: Lexicon, seenIn: number) {
  const { labels, texts, classes } = examples;
  const reader = createFeatureReader(lexicon, true);
  const readAll = (read: (text: string) => Features) => texts.values().map(read);
  const vocabulary = learnVocabulary(readAll(reader.read), seenIn);
  const project = createProjection(vocabulary);
  const read = (text: string) => project(reader.read(text));
  const lessons = packLessons(readAll(read), classes);
  const counted = { labels, vocabulary, tfIdf: learnTfIdf(lessons, labels.length, vocabulary.length) };
  return { counted, lessons, read };
}

/**
 * Counts, then trains the networks by stochastic gradient descent: fixed seeds and no clock, so the same examples give the
 * same model. About a minute of a busy core for 20,000 examples, each twice, and 120 labels.
 */
export function trainModel(plain: Examples, lexicon: Lexicon): Model {
  const examples = withAsides(plain, lexicon, createRandom(0));
  const { counted, lessons, read } = count(examples, lexicon, SEEN_IN.twice);
  const begin = createHiddenLearner(counted.vocabulary.length, counted.labels.length);
  const hidden = Array.from({ length: TRAINING.networks }, (_, index) => {
    const random = createRandom(index + 1);
    return trainNetwork(
      begin(random),
      lessons,
      (lesson, slips) => read(misspell(examples.texts[lesson] ?? "", slips, random)),
      random,
    );
  });
  return { ...counted, hidden };
}

function trainNetwork(
  network: HiddenLearner,
  lessons: Lessons,
  misread: (lesson: number, slips: number) => Features,
  random: Random,
): Hidden {
  const { starts, classes } = lessons;
  const keep = createDropping(random);
  const order = Uint32Array.from(classes.keys());
  const steps = TRAINING.epochs * order.length;
  for (let epoch = 0; epoch < TRAINING.epochs; epoch++) {
    shuffle(order, random);
    for (let at = 0; at < order.length; at++) {
      const lesson = order[at] as number;
      const slips = random() < TRAINING.misspelt ? 1 + Math.floor(random() * 2) : 0;
      const misspelt = slips > 0 ? misread(lesson, slips) : undefined;
      const some = misspelt
        ? keep(misspelt, 0, misspelt.count)
        : keep(lessons, starts[lesson] as number, starts[lesson + 1] as number);
      network.learn(some, classes[lesson] as number, 1 - (epoch * order.length + at) / steps);
    }
  }
  return network.finish();
}

function shuffle(order: Uint32Array, random: Random): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
}

/** Keeps the features of a stretch that are not dropped this time, back at length 1; good until the next call. */
function createDropping(random: Random) {
  let keptIndexes = new Uint32Array(512);
  let keptValues = new Float32Array(512);
  return ({ indexes, values }: Pick<Features, "indexes" | "values">, from: number, to: number): Features => {
    if (to - from > keptIndexes.length) {
      keptIndexes = new Uint32Array(to - from);
      keptValues = new Float32Array(to - from);
    }
    let count = 0;
    for (let i = from; i < to; i++) {
      if (random() < TRAINING.drop) continue;
      keptIndexes[count] = indexes[i] as number;
      keptValues[count++] = values[i] as number;
    }
    toLengthOne(keptValues, count);
    return { indexes: keptIndexes, values: keptValues, count };
  };
}
