import type { Features } from "./features.ts";

/** Examples as rows of a vocabulary, one after the other: lesson `n` is `indexes[starts[n]..starts[n + 1]]`. */
export interface Lessons {
  readonly starts: Uint32Array;
  readonly indexes: Uint32Array;
  readonly values: Float32Array;
  /** What each is about. */
  readonly classes: Uint16Array;
}

/** Puts examples into two long lists, where objects and small arrays would take three times the room. */
export function packLessons(examples: Iterable<Features>, classes: Uint16Array): Lessons {
  const starts = new Uint32Array(classes.length + 1);
  let indexes = new Uint32Array(2 ** 20);
  let values = new Float32Array(indexes.length);
  let lesson = 0;
  let end = 0;
  for (const { indexes: rows, values: weights, count } of examples) {
    if (end + count > indexes.length) {
      // Moved without a copy where the system can.
      const bytes = indexes.byteLength * 1.25;
      indexes = new Uint32Array(indexes.buffer.transfer(bytes));
      values = new Float32Array(values.buffer.transfer(bytes));
    }
    indexes.set(rows.subarray(0, count), end);
    values.set(weights.subarray(0, count), end);
    end += count;
    starts[++lesson] = end;
  }
  return { starts, indexes, values, classes };
}
