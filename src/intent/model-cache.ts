import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { readKept, writeKept } from "../content/kept-file.ts";
import type { Tree } from "../content/tree.ts";
import type { Logger } from "../core/ports.ts";
import { examplesOf } from "./examples.ts";
import type { Matcher } from "./intent.ts";
import { createCountedMatcher, createMatcher, createModelMatcher } from "./matcher.ts";
import { type Counted, type Model, parseModel, serialiseModel } from "./model.ts";
import type { Lesson } from "./model-worker.ts";

export interface SwappingMatcherOptions {
  readonly tree: Tree;
  /** Where the trained model is kept between runs: one file, named by what it was learned from. */
  readonly cacheDir: string;
  readonly logger: Logger;
}

/** A matcher that begins with TF-IDF and becomes the trained model as soon as there is one. */
export interface SwappingMatcher {
  current(): Matcher;
  /** Resolves when the model is in use; to false when it could not be had, and TF-IDF goes on. Never rejects. */
  readonly ready: Promise<boolean>;
  /** Ends training that is under way. */
  stop(): Promise<void>;
}

/** A model on file is in use from the beginning; otherwise a worker thread trains one while TF-IDF answers. */
export function createSwappingMatcher({ tree, cacheDir, logger }: SwappingMatcherOptions): SwappingMatcher {
  const path = modelPath(cacheDir, tree);
  const kept = readModel(path, tree);
  if (kept !== undefined) logger.info("model.loaded");
  let matcher = kept && createModelMatcher(kept, tree);
  let worker: Worker | undefined;
  let stopped = false;
  const train = async (): Promise<boolean> => {
    logger.info("model.training-started", { answeringWith: "tf-idf" });
    try {
      // Counted beside the service too: on a busy machine it takes longer than a chat platform waits for an answer.
      const training = trainInWorker(tree, (counted) => {
        matcher ??= createCountedMatcher(counted, tree);
      });
      worker = training.worker;
      const model = await training.model;
      matcher = createModelMatcher(model, tree);
      logger.info("model.swapped-in");
      await writeModel(path, model, tree).catch(() => logger.warn("model.not-kept"));
      return true;
    } catch {
      if (!stopped) logger.error("model.training-failed", { answeringWith: "tf-idf" });
      return false;
    }
  };
  return {
    current() {
      // Only a question in the first moments of training finds none.
      matcher ??= createMatcher(tree);
      return matcher;
    },
    ready: kept === undefined ? train() : Promise.resolve(true),
    async stop() {
      stopped = true;
      await worker?.terminate();
    },
  };
}

/** Trains in a worker thread and keeps the model in `cacheDir`: what `puente model build` does. Resolves to its path. */
export async function buildModel(tree: Tree, cacheDir: string): Promise<string> {
  const path = modelPath(cacheDir, tree);
  if (readModel(path, tree) === undefined) await writeModel(path, await trainInWorker(tree).model, tree);
  return path;
}

function modelPath(cacheDir: string, tree: Tree): string {
  return join(cacheDir, `model-${tree.learnsFrom.slice(0, 16)}.bin`);
}

function readModel(path: string, tree: Tree): Model | undefined {
  const data = readKept(path);
  return data === undefined ? undefined : parseModel(data, tree.learnsFrom);
}

async function writeModel(path: string, model: Model, tree: Tree): Promise<void> {
  await writeKept(path, serialiseModel(model, tree.learnsFrom));
}

function trainInWorker(
  tree: Tree,
  counted: (counted: Counted) => void = () => {},
): { worker: Worker; model: Promise<Model> } {
  const worker = new Worker(new URL("./model-worker.ts", import.meta.url), {
    workerData: { examples: examplesOf(tree), lexicon: tree.lexicon },
  });
  const model = new Promise<Model>((resolve, reject) => {
    worker.on("message", (lesson: Lesson) => {
      if (lesson.kind === "counted") counted(lesson.counted);
      else resolve(lesson.model);
    });
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("the training thread ended early")));
  });
  return { worker, model };
}
