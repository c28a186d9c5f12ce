import { loadConfig } from "../config.ts";
import { loadKeptTree } from "../content/kept-tree.ts";
import { buildModel } from "../intent/model-cache.ts";

/** Trains the matcher for the texts as they are, so that a start finds it ready. */
export async function modelBuild(): Promise<void> {
  const config = loadConfig();
  console.log("Training the matcher. This takes about a minute.");
  const { tree } = await loadKeptTree(config.contentDir, config.contentRequire, config.modelDir);
  const path = await buildModel(tree, config.modelDir);
  console.log(`The matcher is ready: ${path}`);
}
