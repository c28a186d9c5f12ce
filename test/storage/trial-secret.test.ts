import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { secretOrTrialSecret } from "../../src/storage/trial-secret.ts";
import { SECRET } from "./fixture.ts";

function place() {
  const folder = mkdtempSync(join(tmpdir(), "puente-secret-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return { url: `sqlite:${join(folder, "data", "puente.db")}`, file: join(folder, "data", "trial-secret") };
}

it("makes a secret for a trial once, and for this user alone", async () => {
  const { url, file } = place();
  const secret = await secretOrTrialSecret(undefined, url, false);
  expect(Buffer.from(secret, "base64")).toHaveLength(32);
  expect(await secretOrTrialSecret(undefined, url, false)).toBe(secret);
  expect(readFileSync(file, "utf8").trim()).toBe(secret);
  expect(statSync(file).mode & 0o077).toBe(0);
});

it("prefers the configured secret, and needs no file for a database in memory", async () => {
  const { url } = place();
  expect(await secretOrTrialSecret(SECRET, url, true)).toBe(SECRET);
  expect(Buffer.from(await secretOrTrialSecret(undefined, "sqlite::memory:", false), "base64")).toHaveLength(32);
});

it("refuses a real channel while the trial's secret lies beside the database", async () => {
  const { url } = place();
  await secretOrTrialSecret(undefined, url, false);
  await expect(secretOrTrialSecret(SECRET, url, true)).rejects.toThrow(/put its content into PUENTE_SECRET/);
});
