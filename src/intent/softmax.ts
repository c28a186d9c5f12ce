/** Scores to probabilities, in place. */
export function softmax(scores: Float32Array): Float32Array {
  let highest = -Infinity;
  for (let k = 0; k < scores.length; k++) if ((scores[k] as number) > highest) highest = scores[k] as number;
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
  const mean = new Float32Array(one.length);
  let sum = 0;
  for (let k = 0; k < mean.length; k++) {
    mean[k] = Math.sqrt(((one[k] as number) + FLOOR) * ((other[k] as number) + FLOOR));
    sum += mean[k] as number;
  }
  for (let k = 0; k < mean.length; k++) mean[k] = (mean[k] as number) / sum;
  return mean;
}
