import { parentPort, workerData } from "node:worker_threads";
import type { Lexicon } from "../content/tree.ts";
import type { Examples } from "./examples.ts";
import { trainModel } from "./train.ts";

/** The training thread: examples in, model out, nothing else. */
const { examples, lexicon } = workerData as { examples: Examples; lexicon: Lexicon };
parentPort?.postMessage(trainModel(examples, lexicon));
