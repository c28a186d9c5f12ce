import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Answering, createAnswering } from "../../src/answering.ts";
import { compare } from "../../src/cli/rehearse.ts";
import { loadConfig } from "../../src/config.ts";
import { FIXTURE } from "../content/fixture.ts";
import { testClock } from "../support/clock.ts";
import { recorder } from "../support/recorder.ts";

const WORDS = "port-of-entry/what-to-say";

/** A version of the fixture, answering with what needs no training. */
async function version(path?: string, change: (text: string) => string = (text) => text): Promise<Answering> {
  const folder = await mkdtemp(join(tmpdir(), "puente-rehearse-"));
  await cp(FIXTURE, folder, { recursive: true });
  if (path !== undefined) {
    const before = await readFile(join(folder, path), "utf8");
    expect(change(before)).not.toBe(before);
    await writeFile(join(folder, path), change(before));
  }
  const config = loadConfig({ CONTENT_DIR: folder, MODEL_DIR: join(folder, "model") });
  const answering = await createAnswering(config, { clock: testClock(), logger: recorder().logger });
  onTestFinished(async () => {
    await answering.matcher.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return answering;
}

const question = { text: "PUERTO2", locale: "es" };

test("the same version twice changes no answer", async () => {
  const [before, after] = [await version(), await version()];
  const codes = [...before.tree().topics.values()].flatMap(({ codes }) => Object.values(codes));
  for (const text of [...codes, "hola", "que digo al oficial"])
    expect(compare({ text }, before, after)).toBeUndefined();
});

test("other words of the same answer are named as such, with both", async () => {
  const before = await version();
  const after = await version(`${WORDS}/es.md`, (text) => text.replace("hable primero", "hable usted primero"));
  const code = before.tree().topics.get(WORDS)?.codes["es"] ?? "";
  expect(compare({ ...question, text: code }, before, after)).toMatchObject({
    change: "words",
    before: { topics: [WORDS], text: expect.stringContaining("hable primero") },
    after: { topics: [WORDS], text: expect.stringContaining("hable usted primero") },
  });
});

test("a question that leads somewhere else is named with both ways", async () => {
  const before = await version();
  const after = await version(`${WORDS}/topic.yaml`, (yaml) => yaml.replace("state: checked", "state: draft"));
  const code = before.tree().topics.get(WORDS)?.codes["es"] ?? "";
  const changed = compare({ ...question, text: code }, before, after);
  expect(changed).toMatchObject({ change: "route", before: { kind: "answer", topics: [WORDS] } });
  expect(changed?.after.topics).not.toContain(WORDS);
});
