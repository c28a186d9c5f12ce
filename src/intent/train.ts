import type { Lexicon } from "../content/tree.ts";
import { withAsides } from "./asides.ts";
import type { Examples } from "./examples.ts";
import { createFeatureReader, type Features } from "./features.ts";
import { createHiddenLearner, type Hidden } from "./learn-hidden.ts";
import type { Counted, Model } from "./model.ts";
import { createRandom, misspell, type Random } from "./random.ts";
import { learnTfIdf } from "./tf-idf.ts";
import { createProjection, learnVocabulary } from "./vocabulary.ts";

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

/** The half of the model that only counts: half a second, so that a start never waits for the other. */
export function countExamples({ labels, texts, classes }: Examples, lexicon: Lexicon, seenIn = SEEN_IN.once): Counted {
  const reader = createFeatureReader(lexicon, true);
  const hashed = texts.map((text) => reader.read(text));
  const vocabulary = learnVocabulary(hashed, seenIn);
  const tfIdf = learnTfIdf(hashed.map(createProjection(vocabulary)), classes, labels.length, vocabulary.length);
  return { labels, vocabulary, tfIdf };
}

/**
 * Counts, then trains the networks by stochastic gradient descent: fixed seeds and no clock, so the same examples give the
 * same model. About a minute for 20,000 examples, each twice, and 120 labels on one idle core.
 */
export function trainModel(plain: Examples, lexicon: Lexicon): Model {
  const examples = withAsides(plain, lexicon, createRandom(0));
  const counted = countExamples(examples, lexicon, SEEN_IN.twice);
  const reader = createFeatureReader(lexicon, true);
  const project = createProjection(counted.vocabulary);
  const read = (text: string) => project(reader.read(text));
  const lessons = examples.texts.map((text, index) => ({
    text,
    features: read(text),
    label: examples.classes[index] ?? 0,
  }));
  const hidden = Array.from({ length: TRAINING.networks }, (_, index) =>
    trainNetwork(lessons, read, counted, createRandom(index + 1)),
  );
  return { ...counted, hidden };
}

interface Lesson {
  readonly text: string;
  readonly features: Features;
  readonly label: number;
}

function trainNetwork(
  lessons: readonly Lesson[],
  read: (text: string) => Features,
  { vocabulary, labels }: Counted,
  random: Random,
): Hidden {
  const network = createHiddenLearner(vocabulary.length, labels.length, random);
  const order = [...lessons];
  const steps = TRAINING.epochs * order.length;
  for (let epoch = 0; epoch < TRAINING.epochs; epoch++) {
    shuffle(order, random);
    order.forEach(({ text, features, label }, at) => {
      const slips = random() < TRAINING.misspelt ? 1 + Math.floor(random() * 2) : 0;
      const seen = slips > 0 ? read(misspell(text, slips, random)) : features;
      network.learn(someOf(seen, random), label, 1 - (epoch * order.length + at) / steps);
    });
  }
  return network.finish();
}

function shuffle<T>(order: T[], random: Random): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as T, order[i] as T];
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
