import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ContentError } from "../../src/content/finding.ts";
import { loadKeptTree } from "../../src/content/kept-tree.ts";
import { loadTree } from "../../src/content/load.ts";
import { learnLanguages } from "../../src/locale/detect.ts";
import { copyOfFixture } from "./fixture.ts";

async function start() {
  const [directory, cacheDir] = [await copyOfFixture(), await mkdtemp(join(tmpdir(), "puente-kept-"))];
  onTestFinished(() => rm(cacheDir, { recursive: true }));
  const kept = join(cacheDir, "tree.bin");
  return {
    directory,
    kept,
    load: () => loadKeptTree(directory, "signed", cacheDir),
    /** Another number after each writing. */
    written: async () => (await stat(kept)).ino,
  };
}

describe("the content tree that is kept for the next start", () => {
  test("is the one that loading and learning give", async () => {
    const { directory, load, written } = await start();
    const tree = await loadTree(directory, "signed");
    const expected = { tree, languages: learnLanguages(tree) };
    expect(await load()).toEqual(expected);
    const first = await written();
    expect(await load()).toEqual(expected);
    expect(await written()).toBe(first);
  });

  test.each(["sources.yaml", "port-of-entry/turned-back/es.md", "port-of-entry/turned-back/questions.yaml"])(
    "is made anew when a byte has changed: %s",
    async (file) => {
      const { directory, load, written } = await start();
      await load();
      const first = await written();
      await appendFile(join(directory, file), "\n");
      await load();
      expect(await written()).not.toBe(first);
    },
  );

  test("is made anew when what was kept is damaged", async () => {
    const { directory, kept, load } = await start();
    await load();
    const bytes = await readFile(kept);
    const place = bytes.indexOf("Guarde todo papel");
    expect(place).toBeGreaterThan(0);
    await writeFile(kept, bytes.fill("X", place, place + 1));
    expect((await load()).tree).toEqual(await loadTree(directory, "signed"));
    await writeFile(kept, "");
    expect((await load()).tree).toEqual(await loadTree(directory, "signed"));
  });

  test("does not hide a folder that has been damaged since", async () => {
    const { directory, load } = await start();
    await load();
    await rm(join(directory, "urgent.yaml"));
    await expect(load()).rejects.toBeInstanceOf(ContentError);
  });

  test("is made at each start where nothing can be written", async () => {
    const { directory } = await start();
    const { tree } = await loadKeptTree(directory, "checked", join(directory, "sources.yaml"));
    expect(tree).toEqual(await loadTree(directory, "checked"));
  });
});
