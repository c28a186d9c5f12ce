/** Scores to probabilities, in place. */
export function softmax(scores: Float32Array): Float32Array {
  let highest = -Infinity;
  for (const score of scores) if (score > highest) highest = score;
  let sum = 0;
  for (let k = 0; k < scores.length; k++) {
    const value = Math.exp((scores[k] as number) - highest);
    scores[k] = value;
    sum += value;
  }
  for (let k = 0; k < scores.length; k++) scores[k] = (scores[k] as number) / sum;
  return scores;
}

/** Below this no probability counts as smaller: a label that one side rules out is not lost for ever. */
const FLOOR = 1e-5;

/**
 * The geometric mean of two views of one question, scaled to sum to 1: only what both find probable is. Better than the
 * plain mean at the same share of wrong answers.
 */
export function geometricMean(one: Float32Array, other: Float32Array): Float32Array {
  const mean = one.map((value, k) => Math.sqrt((value + FLOOR) * ((other[k] ?? 0) + FLOOR)));
  const sum = mean.reduce((all, value) => all + value, 0);
  return mean.map((value) => value / sum);
}
