import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { assembleContent } from "../../src/content/assemble.ts";
import { filesAt, signedVersion } from "../../src/content/history.ts";
import { loadContent } from "../../src/content/load.ts";
import { FIXTURE } from "./fixture.ts";

const TURNED = "port-of-entry/turned-back";

/** The fixture in a Git repository of its own, as `content/` inside it. */
function repository() {
  const folder = mkdtempSync(join(tmpdir(), "puente-git-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const content = join(folder, "content");
  cpSync(FIXTURE, content, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", ...args], { cwd: folder });
  const commit = () => {
    git("add", ".");
    git("commit", "-qm", "texts");
  };
  git("init", "-q");
  commit();
  const edit = (path: string, change: (text: string) => string) =>
    writeFileSync(join(content, path), change(readFileSync(join(content, path), "utf8")));
  return { folder, content, commit, edit };
}

test("a version of the folder is read out of Git as it was, accents and all", async () => {
  const { content, commit, edit } = repository();
  edit(`${TURNED}/es.md`, (text) => text.replace("No firme", "No firme jamás"));
  commit();
  const [before, now] = [await filesAt(content, "HEAD~1"), await filesAt(content, "HEAD")];
  expect(before?.get(`${TURNED}/es.md`)).toBe(readFileSync(join(FIXTURE, TURNED, "es.md"), "utf8"));
  expect(now?.get(`${TURNED}/es.md`)).toContain("No firme jamás");
  expect([...assembleContent(before ?? new Map()).tree.topics.keys()]).toHaveLength(
    (await loadContent(FIXTURE)).tree.topics.size,
  );
});

test("the signed version of an answer is found by its hash, however long ago", async () => {
  const { content, commit, edit } = repository();
  const signed = (await loadContent(content)).tree.topics.get(TURNED)?.texts["es"]?.sha256 ?? "";
  for (const word of ["uno", "dos", "tres"]) {
    edit(`${TURNED}/es.md`, (text) => `${text}\nPaso ${word}.\n`);
    commit();
  }
  edit(`${TURNED}/topic.yaml`, (text) => `${text}# note\n`);
  const found = await signedVersion(content, TURNED, "es", signed);
  expect(found?.text).toBe(readFileSync(join(FIXTURE, TURNED, "es.md"), "utf8"));
  expect(await signedVersion(content, TURNED, "es", "0".repeat(64))).toBeUndefined();
});

test.each(["nonsense", "--help", "HEAD~99"])("%s is no version", async (ref) => {
  expect(await filesAt(repository().content, ref)).toBeUndefined();
});

test("where there is no Git history, nothing is known", async () => {
  const folder = mkdtempSync(join(tmpdir(), "puente-plain-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(FIXTURE, folder, { recursive: true });
  expect(await filesAt(folder, "HEAD")).toBeUndefined();
  expect(await signedVersion(folder, TURNED, "es", "0".repeat(64))).toBeUndefined();
});
