import { parentPort, workerData } from "node:worker_threads";
import type { Lexicon } from "../content/tree.ts";
import type { Examples } from "./examples.ts";
import type { Counted, Model } from "./model.ts";
import { countExamples, trainModel } from "./train.ts";

/** What the training thread says, in this order. */
export type Lesson =
  | { readonly kind: "counted"; readonly counted: Counted }
  | { readonly kind: "trained"; readonly model: Model };

/** The training thread: examples in; out comes what counting gives, within seconds, and then the model. */
const { examples, lexicon } = workerData as { examples: Examples; lexicon: Lexicon };
const say = (lesson: Lesson) => parentPort?.postMessage(lesson);
say({ kind: "counted", counted: countExamples(examples, lexicon) });
say({ kind: "trained", model: trainModel(examples, lexicon) });
