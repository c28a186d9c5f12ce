import type { Features } from "./features.ts";
import { DEPTH, type Hidden, leaky } from "./learn-hidden.ts";
import type { Model } from "./model.ts";
import { geometricMean, softmax } from "./softmax.ts";
import { scoreTfIdf } from "./tf-idf.ts";
import { createVectors, type Vectors } from "./vectors.ts";

/** How probable each label of a model is for an utterance, whose features are rows of the model's vocabulary. */
export function createProbabilities({ tfIdf, labels, hidden }: Model): (features: Features) => Float32Array {
  const width = labels.length;
  const evenWidth = width + (width % 2);
  const vectors = createVectors(
    hidden.reduce(
      (size, { meanings }) => size + meanings.numbers.length + 4 * DEPTH * evenWidth + 32,
      4 * (DEPTH + evenWidth) + 32,
    ),
  );
  const sum = vectors.floats(DEPTH);
  const scores = vectors.floats(evenWidth);
  const networks = hidden.map((network) => placeNetwork(network, vectors, sum, scores));
  return (features) => {
    const trained = new Float32Array(width);
    for (const network of networks) {
      const said = network(features);
      for (let k = 0; k < width; k++) trained[k] = (trained[k] as number) + (said[k] as number) / networks.length;
    }
    return geometricMean(scoreTfIdf(tfIdf, width, features), trained);
  };
}

/** One network. What it says is good until another one speaks. */
function placeNetwork(
  { meanings: { numbers, scales }, output, bias }: Hidden,
  vectors: Vectors,
  sum: Float32Array,
  scores: Float32Array,
): (features: Features) => Float32Array {
  const meanings = vectors.bytes(numbers.length);
  meanings.set(numbers);
  const width = bias.length;
  const rows = vectors.floats(DEPTH * scores.length);
  for (let d = 0; d < DEPTH; d++) rows.set(output.subarray(d * width, (d + 1) * width), d * scores.length);
  const said = scores.subarray(0, width);
  return ({ indexes, values, count }) => {
    sum.fill(0);
    for (let i = 0; i < count; i++) {
      const row = indexes[i] as number;
      const scale = (values[i] as number) * (scales[row] as number);
      vectors.addBytes(sum.byteOffset, meanings.byteOffset + row * DEPTH, DEPTH, scale);
    }
    scores.fill(0);
    scores.set(bias);
    for (let d = 0; d < DEPTH; d++) {
      vectors.add(
        scores.byteOffset,
        rows.byteOffset + 4 * d * scores.length,
        scores.length,
        Math.fround(leaky(sum[d] as number)),
      );
    }
    return softmax(said);
  };
}
