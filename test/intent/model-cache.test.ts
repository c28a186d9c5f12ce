import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadTree } from "../../src/content/load.ts";
import type { Topic, Tree } from "../../src/content/tree.ts";
import { examplesOf } from "../../src/intent/examples.ts";
import { parseModel, serialiseModel } from "../../src/intent/model.ts";
import { createSwappingMatcher } from "../../src/intent/model-cache.ts";
import { trainModel } from "../../src/intent/train.ts";
import { recorder } from "../support/recorder.ts";

const whole = await loadTree("content", "checked");
/** Three topics: training takes a moment. */
const topics = new Map<string, Topic>([...whole.topics].slice(0, 3));
const tree: Tree = { ...whole, topics, outOfScope: whole.outOfScope.slice(0, 1), learnsFrom: "three-topics" };

async function start(cacheDir: string) {
  const { logger } = recorder();
  return createSwappingMatcher({ tree, cacheDir, logger });
}

describe("the trained model", () => {
  it("is made in a thread while TF-IDF answers, then swapped in and kept", async () => {
    const cacheDir = await mkdtemp(join(tmpdir(), "puente-model-"));
    const matcher = await start(cacheDir);
    expect(matcher.current().method).toBe("tf-idf");
    expect(await matcher.ready).toBe(true);
    expect(matcher.current().method).toBe("model");
    await matcher.stop();
    expect(await readdir(cacheDir)).toHaveLength(1);
    const again = await start(cacheDir);
    expect(again.current().method).toBe("model");
    expect(await again.ready).toBe(true);
    await again.stop();
  });

  it("is made again when the file is damaged", async () => {
    const cacheDir = await mkdtemp(join(tmpdir(), "puente-model-"));
    await writeFile(join(cacheDir, "model-three-topics.bin"), "not a model");
    const matcher = await start(cacheDir);
    expect(await matcher.ready).toBe(true);
    expect(matcher.current().method).toBe("model");
    await matcher.stop();
  });

  it("is the same when trained twice, and reads back what was written", () => {
    const model = trainModel(examplesOf(tree), tree.lexicon);
    const bytes = serialiseModel(model, "key");
    expect(Buffer.compare(bytes, serialiseModel(trainModel(examplesOf(tree), tree.lexicon), "key"))).toBe(0);
    expect(parseModel(bytes, "key")).toEqual(model);
    expect(parseModel(bytes, "another key")).toBeUndefined();
    expect(parseModel(bytes.subarray(0, bytes.length - 1), "key")).toBeUndefined();
  });
});
