import { parentPort, workerData } from "node:worker_threads";
import type { Lexicon } from "../content/tree.ts";
import type { Examples } from "./examples.ts";
import type { Hidden } from "./learn-hidden.ts";
import type { Counted, Model } from "./model.ts";
import { countExamples, trainModel } from "./train.ts";

/** What the training thread says, in this order. */
export type Lesson =
  | { readonly kind: "counted"; readonly counted: Counted }
  | { readonly kind: "trained"; readonly model: Model };

/** The training thread: examples in; out comes what counting gives, within seconds, and then the model. */
const { examples, lexicon } = workerData as { examples: Examples; lexicon: Lexicon };
const counted = countExamples(examples, lexicon);
say({ kind: "counted", counted }, counted);
const model = trainModel(examples, lexicon);
say({ kind: "trained", model }, model, model.hidden);

/** Hands the numbers over instead of copying them. */
function say(lesson: Lesson, { vocabulary, tfIdf }: Counted, networks: readonly Hidden[] = []): void {
  const numbers = [
    vocabulary,
    ...Object.values(tfIdf),
    ...networks.flatMap(({ meanings, output, bias }) => [meanings.numbers, meanings.scales, output, bias]),
  ];
  parentPort?.postMessage(
    lesson,
    numbers.map(({ buffer }) => buffer),
  );
}
