import type { Features } from "./features.ts";
import { type Quantised, quantise } from "./quantise.ts";
import type { Random } from "./random.ts";
import { softmax } from "./softmax.ts";
import { createVectors } from "./vectors.ts";

/**
 * A network with one hidden layer. Row `f` of `meanings` is a short vector for feature `f`; their sum, through a leaky
 * rectifier, gives the labels. Words used alike end up alike, which counting cannot learn.
 */
export interface Hidden {
  readonly meanings: Quantised;
  /** Row by row: what each place of the vector says of every label. */
  readonly output: Float32Array;
  readonly bias: Float32Array;
}

/** A network while it learns. */
export interface HiddenLearner {
  /** One step of stochastic gradient descent; `rate` falls from 1 to 0. */
  learn(features: Features, label: number, rate: number): void;
  finish(): Hidden;
}

/** Length of the vectors. */
export const DEPTH = 80;
/** The slope of the rectifier below zero. */
const LEAK = 0.1;
const RATE = { meanings: 0.5, output: 0.15, bias: 0.05 };
const DROP = 0.2;
/** A label this near to what it should be teaches nothing: most of them, most of the time. */
const NEARLY_RIGHT = 0.001;

/** Begins networks of `rows` features and `width` labels, one after the other in the same memory. */
export function createHiddenLearner(rows: number, width: number): (random: Random) => HiddenLearner {
  const even = width + (width % 2);
  const vectors = createVectors(4 * (rows * DEPTH + DEPTH * even + even + 2 * DEPTH) + 80);
  const meanings = vectors.floats(rows * DEPTH);
  const output = vectors.floats(DEPTH * even);
  const scores = vectors.floats(even);
  const sum = vectors.floats(DEPTH);
  const back = vectors.floats(DEPTH);
  const [toMeanings, toOutput, toScores] = [meanings.byteOffset, output.byteOffset, scores.byteOffset];
  const [toSum, toBack] = [sum.byteOffset, back.byteOffset];
  const bias = new Float32Array(width);
  const active = new Float32Array(DEPTH);
  const real = scores.subarray(0, width);
  const wrong = new Uint16Array(width);
  return (random) => {
    for (let i = 0; i < meanings.length; i++) meanings[i] = (random() - 0.5) * Math.sqrt(3 / DEPTH);
    for (let d = 0; d < DEPTH; d++)
      for (let k = 0; k < width; k++) output[d * even + k] = ((random() - 0.5) * 2) / Math.sqrt(DEPTH);
    bias.fill(0);
    return {
      learn({ indexes, values, count }, label, rate) {
        sum.fill(0);
        for (let i = 0; i < count; i++)
          vectors.add(toSum, toMeanings + (indexes[i] as number) * DEPTH * 4, DEPTH, values[i] as number);
        scores.set(bias);
        for (let d = 0; d < DEPTH; d++) {
          active[d] = random() < DROP ? 0 : leaky(sum[d] as number) / (1 - DROP);
          const on = active[d] as number;
          if (on !== 0) vectors.add(toScores, toOutput + d * even * 4, even, on);
        }
        softmax(real);
        scores[label] = (scores[label] as number) - 1;
        let errors = 0;
        for (let k = 0; k < width; k++) if (Math.abs(scores[k] as number) > NEARLY_RIGHT) wrong[errors++] = k;
        for (let d = 0; d < DEPTH; d++) {
          const on = active[d] as number;
          back[d] = 0;
          if (on === 0) continue;
          const row = d * even;
          const step = rate * RATE.output * on;
          let gradient = 0;
          for (let j = 0; j < errors; j++) {
            const k = wrong[j] as number;
            const error = scores[k] as number;
            gradient += (output[row + k] as number) * error;
            output[row + k] = (output[row + k] as number) - step * error;
          }
          back[d] = gradient * ((sum[d] as number) > 0 ? 1 : LEAK);
        }
        for (let k = 0; k < width; k++) bias[k] = (bias[k] as number) - rate * RATE.bias * (scores[k] as number);
        for (let i = 0; i < count; i++) {
          const step = rate * RATE.meanings * (values[i] as number);
          vectors.add(toMeanings + (indexes[i] as number) * DEPTH * 4, toBack, DEPTH, -step);
        }
      },
      finish: () => ({
        meanings: quantise(meanings, DEPTH),
        output: output.filter((_, i) => i % even < width),
        bias: bias.slice(),
      }),
    };
  };
}

/** The rectifier between the two layers. */
export function leaky(value: number): number {
  return value > 0 ? value : LEAK * value;
}
