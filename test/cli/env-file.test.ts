import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { readEnvFile, writeEnvFile } from "../../src/cli/env-file.ts";

let file: string;
let template: string;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "puente-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  file = join(folder, ".env");
  template = join(folder, ".env.example");
  await writeFile(template, "# What it is.\nORG_NAME=\nPORT=3000\n");
});

test("a new file is the template with the values filled in, for its owner alone", async () => {
  await writeEnvFile(file, template, { ORG_NAME: "Albergue #1 «Sí»", NEW: "x" });
  expect(await readFile(file, "utf8")).toBe('# What it is.\nORG_NAME="Albergue #1 «Sí»"\nPORT=3000\nNEW=x\n');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("what stands in the file stays, and rights that were too wide are taken back", async () => {
  await writeFile(file, "# mine\nPORT=8080\nORG_NAME=old\n", { mode: 0o644 });
  await writeEnvFile(file, template, { ORG_NAME: "new" });
  expect(await readFile(file, "utf8")).toBe("# mine\nPORT=8080\nORG_NAME=new\n");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test.each(["plain", "+1 202 555 0101", "it's", 'say "x"', "a#b", "$HOME", "  spaces  ", "ñandú", "`tick`"])(
  "%s is read back as it was written",
  async (value) => {
    await writeEnvFile(file, template, { ORG_NAME: value });
    expect((await readEnvFile(file))["ORG_NAME"]).toBe(value);
  },
);

test("a value that no quotes can hold is refused, and the file stays as it was", async () => {
  await writeFile(file, "ORG_NAME=old\n");
  await expect(writeEnvFile(file, template, { ORG_NAME: "\"'`" })).rejects.toThrow("ORG_NAME");
  expect(await readFile(file, "utf8")).toBe("ORG_NAME=old\n");
});
