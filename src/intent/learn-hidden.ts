import type { Features } from "./features.ts";
import { type Quantised, quantise } from "./quantise.ts";
import type { Random } from "./random.ts";
import { softmax } from "./softmax.ts";

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

/** The network while it learns. */
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

export function createHiddenLearner(rows: number, width: number, random: Random): HiddenLearner {
  const meanings = Float32Array.from({ length: rows * DEPTH }, () => (random() - 0.5) * Math.sqrt(3 / DEPTH));
  const output = Float32Array.from({ length: DEPTH * width }, () => ((random() - 0.5) * 2) / Math.sqrt(DEPTH));
  const bias = new Float32Array(width);
  const sum = new Float32Array(DEPTH);
  const active = new Float32Array(DEPTH);
  const back = new Float32Array(DEPTH);
  const scores = new Float32Array(width);
  const wrong = new Uint16Array(width);
  return {
    learn({ indexes, values }, label, rate) {
      sum.fill(0);
      for (let i = 0; i < indexes.length; i++) {
        const row = (indexes[i] as number) * DEPTH;
        const value = values[i] as number;
        for (let d = 0; d < DEPTH; d++) sum[d] = (sum[d] as number) + (meanings[row + d] as number) * value;
      }
      for (let d = 0; d < DEPTH; d++) active[d] = random() < DROP ? 0 : leaky(sum[d] as number) / (1 - DROP);
      scores.set(bias);
      addOutput(scores, active, output);
      softmax(scores);
      scores[label] = (scores[label] as number) - 1;
      let count = 0;
      for (let k = 0; k < width; k++) if (Math.abs(scores[k] as number) > NEARLY_RIGHT) wrong[count++] = k;
      for (let d = 0; d < DEPTH; d++) {
        const on = active[d] as number;
        back[d] = 0;
        if (on === 0) continue;
        const row = d * width;
        const step = rate * RATE.output * on;
        let gradient = 0;
        for (let j = 0; j < count; j++) {
          const k = wrong[j] as number;
          const error = scores[k] as number;
          gradient += (output[row + k] as number) * error;
          output[row + k] = (output[row + k] as number) - step * error;
        }
        back[d] = gradient * ((sum[d] as number) > 0 ? 1 : LEAK);
      }
      for (let k = 0; k < width; k++) bias[k] = (bias[k] as number) - rate * RATE.bias * (scores[k] as number);
      for (let i = 0; i < indexes.length; i++) {
        const row = (indexes[i] as number) * DEPTH;
        const step = rate * RATE.meanings * (values[i] as number);
        for (let d = 0; d < DEPTH; d++) meanings[row + d] = (meanings[row + d] as number) - step * (back[d] as number);
      }
    },
    finish: () => ({ meanings: quantise(meanings, DEPTH), output, bias }),
  };
}

/** The rectifier between the two layers. */
export function leaky(value: number): number {
  return value > 0 ? value : LEAK * value;
}

/** Adds what the hidden layer says of every label. */
export function addOutput(scores: Float32Array, active: Float32Array, output: Float32Array): void {
  const width = scores.length;
  for (let d = 0; d < active.length; d++) {
    const on = active[d] as number;
    if (on === 0) continue;
    const row = d * width;
    for (let k = 0; k < width; k++) scores[k] = (scores[k] as number) + (output[row + k] as number) * on;
  }
}
