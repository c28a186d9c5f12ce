import type { Features } from "./features.ts";
import { createHashTable } from "./hash-table.ts";

/** The features worth a row of numbers, as sorted hashes: row `r` is feature `vocabulary[r]`. */
export type Vocabulary = Uint32Array<ArrayBuffer>;

/** The features that stand in at least `minimum` of the examples: one seen once says more about its author than its topic. */
export function learnVocabulary(examples: Iterable<Features>, minimum: number): Vocabulary {
  const table = createHashTable(2 ** 16);
  const counts: number[] = [];
  for (const { indexes, count } of examples) {
    for (let i = 0; i < count; i++) {
      const n = table.add(indexes[i] as number);
      counts[n] = (counts[n] ?? 0) + 1;
    }
  }
  return table
    .hashes()
    .filter((_, n) => (counts[n] ?? 0) >= minimum)
    .sort();
}

/**
 * Turns hashes into rows. What the vocabulary lacks is left out, and the rest brought back to length 1. What it gives is
 * good until the next call.
 */
export function createProjection(vocabulary: Vocabulary): (features: Features) => Features {
  const table = createHashTable(vocabulary.length);
  for (const hash of vocabulary) table.add(hash);
  let rows = new Uint32Array(512);
  let weights = new Float32Array(512);
  return ({ indexes, values, count: all }) => {
    if (all > rows.length) {
      rows = new Uint32Array(all);
      weights = new Float32Array(all);
    }
    let count = 0;
    for (let i = 0; i < all; i++) {
      const row = table.find(indexes[i] as number);
      if (row < 0) continue;
      rows[count] = row;
      weights[count++] = values[i] as number;
    }
    toLengthOne(weights, count);
    return { indexes: rows, values: weights, count };
  };
}

/** Scales the first `count` numbers so that the sum of their squares is 1. */
export function toLengthOne(values: Float32Array, count: number): void {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (values[i] as number) * (values[i] as number);
  const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
  for (let i = 0; i < count; i++) values[i] = (values[i] as number) * scale;
}
