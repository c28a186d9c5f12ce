import type { Tree } from "../content/tree.ts";
import { decide, inFull, leanOn, leansOn, type Thresholds } from "./decide.ts";
import { examplesOf } from "./examples.ts";
import { createFeatureReader, type Features } from "./features.ts";
import type { Matcher } from "./intent.ts";
import type { Counted, Model } from "./model.ts";
import { onlyPlace } from "./place.ts";
import { createProbabilities } from "./probabilities.ts";
import { geometricMean } from "./softmax.ts";
import { scoreTfIdf } from "./tf-idf.ts";
import { countExamples } from "./train.ts";
import { createProjection } from "./vocabulary.ts";

/** What a matcher needs of the tree. */
export type MatchesFrom = Pick<Tree, "topics" | "sections" | "outOfScope" | "lexicon" | "places">;

/** How they were chosen: docs/answering.md. */
const THRESHOLDS: Thresholds = { answer: 0.75, danger: 0.6, doubt: 0.05, outOfScope: 0.5, offer: 0.02 };
/** The section whose danger topics are for people in danger; elsewhere a danger topic also answers calm questions. */
const HELP = "get-help";

/** A matcher that needs no training: TF-IDF over the same features. Used until the model is there. */
export function createMatcher(tree: MatchesFrom): Matcher {
  return createCountedMatcher(countExamples(examplesOf(tree), tree.lexicon), tree);
}

/** The same, where somebody else has counted. */
export function createCountedMatcher(counted: Counted, tree: MatchesFrom): Matcher {
  const score = (features: Features) => scoreTfIdf(counted.tfIdf, counted.labels.length, features);
  return createFrom(tree, counted, score, "tf-idf");
}

/** A matcher over a trained model. The model must have been trained on this tree. */
export function createModelMatcher(model: Model, tree: MatchesFrom): Matcher {
  return createFrom(tree, model, createProbabilities(model), "model");
}

function createFrom(
  tree: MatchesFrom,
  { labels, vocabulary }: Counted,
  score: (features: Features) => Float32Array,
  method: string,
): Matcher {
  const reader = createFeatureReader(tree.lexicon);
  const project = createProjection(vocabulary);
  const helping = [...tree.topics.values()].filter(({ danger, section }) => danger && section === HELP);
  const inDanger = new Set(helping.map(({ id }) => id));
  const decided = (probability: Float32Array) => decide(labels, probability, THRESHOLDS, method, inDanger);
  return {
    method,
    match(text, locale, context) {
      const features = project(reader.read(text));
      if (features.count === 0) {
        return { kind: "none", reason: "unknown", evidence: { decidedBy: "no known word", candidates: [] } };
      }
      if (context.topic !== undefined && onlyPlace(text, tree) !== undefined) {
        return { kind: "answer", topic: context.topic, evidence: { decidedBy: "place after a topic", candidates: [] } };
      }
      const alone = score(features);
      const last = leansOn(text, context, tree);
      if (last === undefined) return decided(alone);
      const full = score(project(reader.read(inFull(text, last, tree, locale))));
      return decided(leanOn(last, tree, labels, geometricMean(alone, full)));
    },
  };
}
