import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { loadKeptTree } from "../../src/content/kept-tree.ts";
import { buildModel } from "../../src/intent/model-cache.ts";

/** Where all tests find the trained matcher: made once for each version of the texts, kept out of the repository. */
const MODEL_DIR = resolve(import.meta.dirname, "../../node_modules/.cache/puente-model");

/** Trains once before the tests, so that none of them, and no service they start, trains by itself. */
export async function setup(): Promise<void> {
  await mkdir(MODEL_DIR, { recursive: true });
  const { tree } = await loadKeptTree("content", "checked", MODEL_DIR);
  await buildModel(tree, MODEL_DIR);
  process.env["MODEL_DIR"] = MODEL_DIR;
}
