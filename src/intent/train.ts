import type { Lexicon } from "../content/tree.ts";
import type { Examples } from "./examples.ts";
import { createFeatureReader, type Features } from "./features.ts";
import { createHiddenLearner } from "./learn-hidden.ts";
import type { Counted, Model } from "./model.ts";
import { createRandom, misspell, type Random } from "./random.ts";
import { learnTfIdf } from "./tf-idf.ts";
import { createProjection, learnVocabulary } from "./vocabulary.ts";

/** How the model is trained. Chosen by comparison: docs/answering.md. */
const TRAINING = {
  epochs: 12,
  /** Share of an example's features that is left out each time it is seen: no single word may carry an answer. */
  drop: 0.5,
  /** Share of the examples that are seen with one or two slips of the finger instead of as written. */
  misspelt: 0.15,
  seed: 1,
};
/** A feature must stand in so many examples: one seen once says more about its author than its topic. */
const SEEN_IN = 2;

/** The half of the model that only counts: half a second, so that a start never waits for the other. */
export function countExamples({ labels, texts, classes }: Examples, lexicon: Lexicon): Counted {
  const reader = createFeatureReader(lexicon, true);
  const hashed = texts.map((text) => reader.read(text));
  const vocabulary = learnVocabulary(hashed, SEEN_IN);
  const tfIdf = learnTfIdf(hashed.map(createProjection(vocabulary)), classes, labels.length, vocabulary.length);
  return { labels, vocabulary, tfIdf };
}

/**
 * Counts, then trains the network by stochastic gradient descent: a fixed seed and no clock, so the same examples give
 * the same model. About 20 s for 13,000 examples and 120 labels on one core.
 */
export function trainModel(examples: Examples, lexicon: Lexicon): Model {
  const { labels, texts, classes } = examples;
  const counted = countExamples(examples, lexicon);
  const reader = createFeatureReader(lexicon, true);
  const project = createProjection(counted.vocabulary);
  const read = texts.map((text) => project(reader.read(text)));
  const random = createRandom(TRAINING.seed);
  const network = createHiddenLearner(counted.vocabulary.length, labels.length, random);
  const order = texts.map((_, index) => index);
  const steps = TRAINING.epochs * order.length;
  for (let step = 0; step < steps; step++) {
    const at = step % order.length;
    if (at === 0) shuffle(order, random);
    const index = order[at] ?? 0;
    const slips = random() < TRAINING.misspelt ? 1 + Math.floor(random() * 2) : 0;
    const features = slips > 0 ? project(reader.read(misspell(texts[index] ?? "", slips, random))) : read[index];
    if (features === undefined) continue;
    network.learn(someOf(features, random), classes[index] ?? 0, 1 - step / steps);
  }
  return { ...counted, hidden: network.finish() };
}

function shuffle(order: number[], random: Random): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
}

/** The features that are not dropped this time, back at length 1. */
function someOf({ indexes, values }: Features, random: Random): Features {
  const keptIndexes = new Uint32Array(indexes.length);
  const keptValues = new Float32Array(indexes.length);
  let count = 0;
  let norm = 0;
  for (let i = 0; i < indexes.length; i++) {
    if (random() < TRAINING.drop) continue;
    const value = values[i] as number;
    keptIndexes[count] = indexes[i] as number;
    keptValues[count++] = value;
    norm += value * value;
  }
  const scale = norm > 0 ? 1 / Math.sqrt(norm) : 0;
  for (let i = 0; i < count; i++) keptValues[i] = (keptValues[i] as number) * scale;
  return { indexes: keptIndexes.subarray(0, count), values: keptValues.subarray(0, count) };
}
