import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { contentCheck, contentSign, contentStatus } from "../../src/cli/content.ts";
import { FIXTURE, TODAY } from "../content/fixture.ts";

async function onFixture(now = TODAY) {
  const directory = await mkdtemp(join(tmpdir(), "puente-content-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  await cp(FIXTURE, directory, { recursive: true });
  const lines: string[] = [];
  const command = { directory, now, print: (line: string) => lines.push(stripVTControlCharacters(line)) };
  return { command, lines, directory };
}

async function edit(path: string, change: (text: string) => string): Promise<void> {
  await writeFile(path, change(await readFile(path, "utf8")));
}

describe("content check", () => {
  test("passes sound content, warnings and all", async () => {
    const { command, lines } = await onFixture();
    expect(await contentCheck(command)).toBe(0);
    expect(lines.at(-1)).toBe("The content is sound (12 warnings).");
  });

  test("fails on an error and prints it under its file, with line, remedy and rule", async () => {
    const { command, lines, directory } = await onFixture();
    const file = join(directory, "port-of-entry/turned-back/en.md");
    await edit(file, (text) => text.replace("202-555-0111", "202-555-0199"));
    expect(await contentCheck(command)).toBe(1);
    const heading = lines.indexOf(file);
    expect(lines[heading + 1]).toMatch(
      /^ {4}22 {2}error {2}The number 202-555-0199 is not in directory\.yaml\. .*\[contacts\]$/,
    );
    expect(lines.at(-1)).toMatch(/^\d+ errors, 12 warnings\.$/);
  });

  test("fails for a release when an answer has expired", async () => {
    const { command } = await onFixture(Date.parse("2027-02-01"));
    expect(await contentCheck(command)).toBe(0);
    expect(await contentCheck(command, { release: true })).toBe(1);
  });
});

describe("content status", () => {
  test("prints one line for each answer and language", async () => {
    const { command, lines } = await onFixture();
    expect(await contentStatus(command)).toBe(0);
    expect(lines).toHaveLength(1 + 12 + 1);
    expect(lines.find((line) => /turned-back +es/.test(line))).toMatch(
      /checked +2026-06-25 +2026-11-01 +2026-12-31 +-/,
    );
    expect(lines.at(-1)).toMatch(/^12 answers\. Folding spares \d+ of them \d+ SMS segments\.$/);
  });

  test("prints the same as JSON", async () => {
    const { command, lines } = await onFixture();
    await contentStatus(command, { json: true });
    const rows: Record<string, unknown>[] = JSON.parse(lines.join("\n"));
    expect(rows.find(({ topic, locale }) => topic === "get-help/emergency" && locale === "es")).toMatchObject({
      status: "checked",
      factsTo: "2025-12-31",
      validUntil: "2027-04-30",
      segments: 1,
      readingLevel: expect.any(Number),
      words: expect.any(Number),
    });
  });
});

describe("content sign", () => {
  test("adds to the ledger, and an edit afterwards is shown to void it", async () => {
    const { command, lines, directory } = await onFixture();
    const signature = {
      topic: "get-help/emergency",
      locale: "es",
      reviewer: "R. Reviewer",
      role: "attorney",
      validDays: 30,
    };
    await contentSign(command, signature);
    expect(lines.at(-1)).toContain("until 2026-12-21. Any edit of it voids this.");
    await contentStatus(command);
    expect(lines.find((line) => /emergency +es/.test(line))).toMatch(/signed .* 2026-12-21 +attorney, 2026-11-21/);

    await edit(join(directory, "get-help/emergency/es.md"), (text) => text.replace("Llame", "llame"));
    lines.length = 0;
    await contentStatus(command);
    expect(lines.find((line) => /emergency +es/.test(line))).toMatch(/checked .* VOID: attorney, 2026-11-21/);
  });
});
