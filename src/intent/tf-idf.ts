import type { Features } from "./features.ts";
import { softmax } from "./softmax.ts";

/** One centroid a label, as rows by feature: row `f` is `labels[starts[f]..starts[f + 1]]` with their weights. */
export interface TfIdf {
  readonly idf: Float32Array;
  readonly starts: Uint32Array;
  readonly labels: Uint16Array;
  readonly weights: Float32Array;
}

/** Cosines are close together; this spreads them before they become probabilities. Chosen with the thresholds. */
const SPREAD = 110;

/**
 * The centroid of every label over TF-IDF weighted features. Counting only: no training. `examples` are rows of a
 * vocabulary of `rows` features, `classes` their labels.
 */
export function learnTfIdf(examples: readonly Features[], classes: Uint16Array, width: number, rows: number): TfIdf {
  const centroids: Map<number, number>[] = Array.from({ length: width }, () => new Map());
  examples.forEach(({ indexes, values }, example) => {
    const centroid = centroids[classes[example] ?? 0];
    indexes.forEach((index, i) => {
      centroid?.set(index, (centroid.get(index) ?? 0) + (values[i] ?? 0));
    });
  });
  const starts = new Uint32Array(rows + 1);
  for (const centroid of centroids)
    for (const index of centroid.keys()) starts[index + 1] = (starts[index + 1] ?? 0) + 1;
  const idf = Float32Array.from({ length: rows }, (_, index) =>
    Math.log(1 + width / Math.max(1, starts[index + 1] ?? 1)),
  );
  for (let index = 0; index < rows; index++) starts[index + 1] = (starts[index + 1] ?? 0) + (starts[index] ?? 0);
  const filled = starts.slice();
  const labels = new Uint16Array(starts[rows] ?? 0);
  const weights = new Float32Array(labels.length);
  centroids.forEach((centroid, label) => {
    // The square root keeps a word that every question of a topic holds from drowning the others.
    let norm = 0;
    for (const [index, sum] of centroid) norm += sum * (idf[index] ?? 0) ** 2;
    const scale = norm > 0 ? 1 / Math.sqrt(norm) : 0;
    for (const [index, sum] of centroid) {
      const at = filled[index] ?? 0;
      filled[index] = at + 1;
      labels[at] = label;
      weights[at] = Math.sqrt(sum) * (idf[index] ?? 0) * scale;
    }
  });
  return { idf, starts, labels, weights };
}

/** How probable each of `width` labels is: its cosine, spread and scaled to sum to 1. */
export function scoreTfIdf({ idf, starts, labels, weights }: TfIdf, width: number, features: Features): Float32Array {
  const { indexes, values } = features;
  const scores = new Float32Array(width);
  let norm = 0;
  for (let i = 0; i < indexes.length; i++) {
    const index = indexes[i] as number;
    const weight = (values[i] as number) * (idf[index] as number);
    norm += weight * weight;
    const end = starts[index + 1] as number;
    for (let at = starts[index] as number; at < end; at++) {
      const label = labels[at] as number;
      scores[label] = (scores[label] as number) + weight * (weights[at] as number);
    }
  }
  const scale = norm > 0 ? SPREAD / Math.sqrt(norm) : 0;
  return softmax(scores.map((score) => score * scale));
}
