import type { Label } from "./examples.ts";
import type { Features } from "./features.ts";
import { addOutput, DEPTH, type Hidden, leaky } from "./learn-hidden.ts";
import { softmax } from "./softmax.ts";
import { scoreTfIdf, type TfIdf } from "./tf-idf.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** What counting the examples gives: enough to answer with at once. */
export interface Counted {
  readonly labels: readonly Label[];
  readonly vocabulary: Vocabulary;
  readonly tfIdf: TfIdf;
}

/** Counting and a trained network: they err differently, so that only what both say is probable. */
export interface Model extends Counted {
  readonly hidden: Hidden;
}

/** How probable each label is. The features are rows of the model's vocabulary. */
export function probabilities({ labels, tfIdf, hidden }: Model, features: Features): Float32Array {
  const counted = scoreTfIdf(tfIdf, labels.length, features);
  const sum = new Float32Array(DEPTH);
  const { numbers, scales } = hidden.meanings;
  for (let i = 0; i < features.indexes.length; i++) {
    const row = features.indexes[i] as number;
    const scale = (features.values[i] as number) * (scales[row] as number);
    for (let d = 0; d < DEPTH; d++) sum[d] = (sum[d] as number) + (numbers[row * DEPTH + d] as number) * scale;
  }
  const trained = Float32Array.from(hidden.bias);
  addOutput(trained, sum.map(leaky), hidden.output);
  softmax(trained);
  return meanOf(counted, trained);
}

/** Below this no probability counts as smaller: a label that one half rules out is not lost for ever. */
const FLOOR = 1e-5;

/** The geometric mean, scaled to sum to 1. Better than the plain mean at the same share of wrong answers. */
function meanOf(one: Float32Array, other: Float32Array): Float32Array {
  const mean = one.map((value, k) => Math.sqrt((value + FLOOR) * ((other[k] ?? 0) + FLOOR)));
  const sum = mean.reduce((all, value) => all + value, 0);
  return mean.map((value) => value / sum);
}

/** Raised when features, training or this form change: an older file is then not read. */
const FORM = 3;

interface Head {
  readonly form: number;
  readonly key: string;
  readonly labels: readonly Label[];
  /** Features, and entries of the TF-IDF rows. */
  readonly rows: number;
  readonly entries: number;
}

/** The model as bytes: a line of JSON, then the numbers. `key` is what it was learned from. */
export function serialiseModel({ labels, vocabulary, tfIdf, hidden }: Model, key: string): Uint8Array {
  const head: Head = { form: FORM, key, labels, rows: vocabulary.length, entries: tfIdf.labels.length };
  const { meanings, output, bias } = hidden;
  const { idf, starts, weights } = tfIdf;
  const numbers = [vocabulary, idf, starts, weights, meanings.scales, output, bias, tfIdf.labels, meanings.numbers];
  const bytes = numbers.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...bytes]);
}

/** The model, or undefined when the bytes are of another form, were learned from something else or are damaged. */
export function parseModel(data: Uint8Array, key: string): Model | undefined {
  const end = data.indexOf(10);
  const head = readHead(Buffer.from(data.subarray(0, Math.max(end, 0))).toString());
  if (head === undefined || head.form !== FORM || head.key !== key) return undefined;
  const { labels, rows, entries } = head;
  const width = labels.length;
  const words = rows + rows + (rows + 1) + entries + rows + DEPTH * width + width;
  if (data.byteLength - end - 1 !== 4 * words + 2 * entries + rows * DEPTH) return undefined;
  let at = end + 1;
  const next = (size: number): ArrayBuffer => {
    at += size;
    // A copy: the numbers must lie at an even address.
    return Uint8Array.from(data.subarray(at - size, at)).buffer;
  };
  const floats = (count: number) => new Float32Array(next(count * 4));
  const vocabulary = new Uint32Array(next(rows * 4));
  const idf = floats(rows);
  const starts = new Uint32Array(next((rows + 1) * 4));
  const weights = floats(entries);
  const scales = floats(rows);
  const output = floats(DEPTH * width);
  const bias = floats(width);
  const tfIdf = { idf, starts, weights, labels: new Uint16Array(next(entries * 2)) };
  return {
    labels,
    vocabulary,
    tfIdf,
    hidden: { meanings: { scales, numbers: new Int8Array(next(rows * DEPTH)) }, output, bias },
  };
}

function readHead(text: string): Head | undefined {
  try {
    const head: unknown = JSON.parse(text);
    if (typeof head !== "object" || head === null) return undefined;
    if (!("form" in head && "key" in head && "labels" in head && "rows" in head && "entries" in head)) return undefined;
    const { form, key, labels, rows, entries } = head;
    if (!Array.isArray(labels)) return undefined;
    return { form: Number(form), key: String(key), labels, rows: Number(rows), entries: Number(entries) };
  } catch {
    return undefined;
  }
}
