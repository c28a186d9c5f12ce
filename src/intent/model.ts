import type { Label } from "./examples.ts";
import { DEPTH, type Hidden } from "./learn-hidden.ts";
import type { TfIdf } from "./tf-idf.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** What counting the examples gives: enough to answer with at once. */
export interface Counted {
  readonly labels: readonly Label[];
  readonly vocabulary: Vocabulary;
  readonly tfIdf: TfIdf;
}

/** Counting and trained networks: they err differently, so that only what all say is probable. */
export interface Model extends Counted {
  readonly hidden: readonly Hidden[];
}

/** Raised when features, training or this form change: an older file is then not read. */
const FORM = 6;

interface Head {
  readonly form: number;
  readonly key: string;
  readonly labels: readonly Label[];
  /** Features, and entries of the TF-IDF rows. */
  readonly rows: number;
  readonly entries: number;
  readonly networks: number;
}

/** The model as bytes: a line of JSON, then the numbers. `key` is what it was learned from. */
export function serialiseModel({ labels, vocabulary, tfIdf, hidden }: Model, key: string): Uint8Array {
  const rows = vocabulary.length;
  const head: Head = { form: FORM, key, labels, rows, entries: tfIdf.labels.length, networks: hidden.length };
  const { idf, starts, weights } = tfIdf;
  const numbers = [
    ...[vocabulary, idf, starts, weights],
    ...hidden.flatMap(({ meanings, output, bias }) => [meanings.scales, output, bias]),
    tfIdf.labels,
    ...hidden.map(({ meanings }) => meanings.numbers),
  ];
  const bytes = numbers.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...bytes]);
}

/** The model, or undefined when the bytes are of another form, were learned from something else or are damaged. */
export function parseModel(data: Uint8Array, key: string): Model | undefined {
  const end = data.indexOf(10);
  const head = readHead(Buffer.from(data.subarray(0, Math.max(end, 0))).toString());
  if (head === undefined || head.form !== FORM || head.key !== key) return undefined;
  const { labels, rows, entries, networks } = head;
  const width = labels.length;
  const words = rows + rows + (rows + 1) + entries + networks * (rows + DEPTH * width + width);
  if (data.byteLength - end - 1 !== 4 * words + 2 * entries + networks * rows * DEPTH) return undefined;
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
  const layers = Array.from({ length: networks }, () => ({
    scales: floats(rows),
    output: floats(DEPTH * width),
    bias: floats(width),
  }));
  const tfIdf = { idf, starts, weights, labels: new Uint16Array(next(entries * 2)) };
  const hidden = layers.map(({ scales, output, bias }) => ({
    meanings: { scales, numbers: new Int8Array(next(rows * DEPTH)) },
    output,
    bias,
  }));
  return { labels, vocabulary, tfIdf, hidden };
}

function readHead(text: string): Head | undefined {
  try {
    const head: unknown = JSON.parse(text);
    if (typeof head !== "object" || head === null) return undefined;
    if (!("form" in head && "key" in head && "labels" in head)) return undefined;
    if (!("rows" in head && "entries" in head && "networks" in head)) return undefined;
    const { form, key, labels, rows, entries, networks } = head;
    if (!Array.isArray(labels)) return undefined;
    const counts = { rows: Number(rows), entries: Number(entries), networks: Number(networks) };
    return { form: Number(form), key: String(key), labels, ...counts };
  } catch {
    return undefined;
  }
}
