import type { Tree } from "../content/tree.ts";
import { decide, leanOn, onlyPlace, type Thresholds } from "./decide.ts";
import { examplesOf } from "./examples.ts";
import { createFeatureReader, type Features } from "./features.ts";
import type { Matcher } from "./intent.ts";
import { type Counted, type Model, probabilities } from "./model.ts";
import { scoreTfIdf } from "./tf-idf.ts";
import { countExamples } from "./train.ts";
import { createProjection } from "./vocabulary.ts";

/** What a matcher needs of the tree. */
export type MatchesFrom = Pick<Tree, "topics" | "outOfScope" | "lexicon" | "places">;

/** How they were chosen: docs/answering.md. */
const THRESHOLDS: Thresholds = { answer: 0.65, doubt: 0.05, outOfScope: 0.5, offer: 0.02 };

/** A matcher that needs no training: TF-IDF over the same features. Used until the model is there. */
export function createMatcher(tree: MatchesFrom): Matcher {
  const counted = countExamples(examplesOf(tree), tree.lexicon);
  const score = (features: Features) => scoreTfIdf(counted.tfIdf, counted.labels.length, features);
  return createFrom(tree, counted, score, "tf-idf");
}

/** A matcher over a trained model. The model must have been trained on this tree. */
export function createModelMatcher(model: Model, tree: MatchesFrom): Matcher {
  return createFrom(tree, model, (features) => probabilities(model, features), "model");
}

function createFrom(
  tree: MatchesFrom,
  { labels, vocabulary }: Counted,
  score: (features: Features) => Float32Array,
  method: string,
): Matcher {
  const reader = createFeatureReader(tree.lexicon);
  const project = createProjection(vocabulary);
  return {
    method,
    match(text, _locale, context) {
      const features = project(reader.read(text));
      if (features.indexes.length === 0) {
        return { kind: "none", reason: "unknown", evidence: { decidedBy: "no known word", candidates: [] } };
      }
      if (context.topic !== undefined && onlyPlace(text, tree)) {
        return { kind: "answer", topic: context.topic, evidence: { decidedBy: "place after a topic", candidates: [] } };
      }
      return decide(labels, leanOn(text, context, tree, labels, score(features)), THRESHOLDS, method);
    },
  };
}
