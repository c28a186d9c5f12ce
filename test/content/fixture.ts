import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { onTestFinished } from "vitest";
import { assembleContent, type Content } from "../../src/content/assemble.ts";
import { checkLoaded } from "../../src/content/check/check.ts";
import type { Finding } from "../../src/content/finding.ts";
import type { Tree } from "../../src/content/tree.ts";
import { loadLocales, type Translate } from "../../src/locale/translate.ts";

/** Three languages, two sections, four topics, nothing wrong but that it has few questions. */
export const FIXTURE = join(import.meta.dirname, "../fixtures/content");

/** A day on which every fixture answer is current. */
export const TODAY = Date.parse("2026-11-21T12:00:00Z");

/** A folder of one's own with the fixture in it. */
export async function copyOfFixture(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "puente-content-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  await cp(FIXTURE, directory, { recursive: true });
  return directory;
}

/** What a test changes: a file's new text, a function of its text, or undefined to remove it. */
export type Changes = Readonly<Record<string, string | ((text: string) => string) | undefined>>;

/** The fixture with changes. A function that changes nothing fails the test: the fixture has moved on. */
export async function fixtureContent(changes: Changes = {}): Promise<Content> {
  const entries = await readdir(FIXTURE, { recursive: true, withFileTypes: true });
  const files = new Map<string, string>();
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files.set(relative(FIXTURE, path), await readFile(path, "utf8"));
  }
  for (const [path, change] of Object.entries(changes)) {
    if (change === undefined) files.delete(path);
    else if (typeof change === "string") files.set(path, change);
    else {
      const before = files.get(path) ?? "";
      const after = change(before);
      if (after === before) throw new Error(`the change to ${path} changed nothing`);
      files.set(path, after);
    }
  }
  return assembleContent(files);
}

export async function fixtureTree(changes: Changes = {}, tree: Partial<Tree> = {}): Promise<Tree> {
  return { ...(await fixtureContent(changes)).tree, ...tree };
}

const baseline = Promise.resolve().then(async () => {
  const findings = checkLoaded(await fixtureContent(), TODAY);
  return new Set(findings.map(({ file, message }) => file + message));
});

/** What one rule says about the fixture with changes, without what it says about the fixture as it is. */
export async function findingsOf(rule: string, changes: Changes = {}, now = TODAY): Promise<Finding[]> {
  const before = await baseline;
  const after = checkLoaded(await fixtureContent(changes), now);
  return after.filter((finding) => finding.rule === rule && !before.has(finding.file + finding.message));
}

/** The real interface texts, and the fixture's third language. */
export async function fixtureTranslate(): Promise<Translate> {
  const real = await loadLocales(join(import.meta.dirname, "../../locales"));
  const third = await loadLocales(join(import.meta.dirname, "../fixtures/locales"));
  return (locale, key, values) => (third.locales.includes(locale) ? third : real).translate(locale, key, values);
}
