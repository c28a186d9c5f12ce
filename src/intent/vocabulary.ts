import type { Features } from "./features.ts";

/** The features worth a row of numbers, as sorted hashes: row `r` is feature `vocabulary[r]`. */
export type Vocabulary = Uint32Array;

/** The features that stand in at least `minimum` of the examples: one seen once says more about its author than its topic. */
export function learnVocabulary(examples: readonly Features[], minimum: number): Vocabulary {
  const counts = new Map<number, number>();
  for (const { indexes } of examples) for (const index of indexes) counts.set(index, (counts.get(index) ?? 0) + 1);
  return Uint32Array.from([...counts].filter(([, count]) => count >= minimum).map(([index]) => index)).sort();
}

/** Turns hashes into rows. What the vocabulary lacks is left out, and the rest brought back to length 1. */
export function createProjection(vocabulary: Vocabulary): (features: Features) => Features {
  const rows = new Map<number, number>();
  vocabulary.forEach((index, row) => {
    rows.set(index, row);
  });
  return ({ indexes, values }) => {
    const known = new Uint32Array(indexes.length);
    const weights = new Float32Array(indexes.length);
    let count = 0;
    let norm = 0;
    for (let i = 0; i < indexes.length; i++) {
      const row = rows.get(indexes[i] as number);
      if (row === undefined) continue;
      const value = values[i] as number;
      known[count] = row;
      weights[count++] = value;
      norm += value * value;
    }
    const scale = norm > 0 ? 1 / Math.sqrt(norm) : 0;
    for (let i = 0; i < count; i++) weights[i] = (weights[i] as number) * scale;
    return { indexes: known.subarray(0, count), values: weights.subarray(0, count) };
  };
}
