import type { Features } from "./features.ts";
import type { Lessons } from "./lessons.ts";
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

/** The centroid of every label of `width`, over TF-IDF weighted features: rows of a vocabulary. Counting only: no training. */
export function learnTfIdf({ starts: begins, indexes, values, classes }: Lessons, width: number, rows: number): TfIdf {
  const lessonsOf: number[][] = Array.from({ length: width }, () => []);
  for (let lesson = 0; lesson < classes.length; lesson++) lessonsOf[classes[lesson] as number]?.push(lesson);
  const sum = new Float64Array(rows);
  const centroids = lessonsOf.map((lessons) => {
    const found: number[] = [];
    for (const lesson of lessons) {
      for (let at = begins[lesson] as number; at < (begins[lesson + 1] as number); at++) {
        const row = indexes[at] as number;
        if (sum[row] === 0) found.push(row);
        sum[row] = (sum[row] as number) + (values[at] as number);
      }
    }
    const sums = Float64Array.from(found, (row) => sum[row] as number);
    sum.fill(0);
    return { found: Uint32Array.from(found), sums };
  });
  const starts = new Uint32Array(rows + 1);
  for (const { found } of centroids) for (const row of found) starts[row + 1] = (starts[row + 1] as number) + 1;
  const idf = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    idf[row] = Math.log(1 + width / Math.max(1, starts[row + 1] as number));
    starts[row + 1] = (starts[row + 1] as number) + (starts[row] as number);
  }
  const filled = starts.slice();
  const labels = new Uint16Array(starts[rows] as number);
  const weights = new Float32Array(labels.length);
  centroids.forEach(({ found, sums }, label) => {
    let norm = 0;
    for (let i = 0; i < found.length; i++) norm += (sums[i] as number) * (idf[found[i] as number] as number) ** 2;
    const scale = norm > 0 ? 1 / Math.sqrt(norm) : 0;
    for (let i = 0; i < found.length; i++) {
      const row = found[i] as number;
      const at = filled[row] as number;
      filled[row] = at + 1;
      labels[at] = label;
      // The square root keeps a word that every question of a topic holds from drowning the others.
      weights[at] = Math.sqrt(sums[i] as number) * (idf[row] as number) * scale;
    }
  });
  return { idf, starts, labels, weights };
}

/** How probable each of `width` labels is: its cosine, spread and scaled to sum to 1. */
export function scoreTfIdf({ idf, starts, labels, weights }: TfIdf, width: number, features: Features): Float32Array {
  const { indexes, values, count } = features;
  const scores = new Float32Array(width);
  let norm = 0;
  for (let i = 0; i < count; i++) {
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
  for (let label = 0; label < width; label++) scores[label] = (scores[label] as number) * scale;
  return softmax(scores);
}
