import { execFile, spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { twilioEnvironment } from "../support/environment.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const run = promisify(execFile);

/** What the Dockerfile copies, read from it: a file it forgets is missing here too. */
async function copied(): Promise<string[]> {
  const dockerfile = await readFile(join(ROOT, "Dockerfile"), "utf8");
  return [...dockerfile.matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, sources = ""]) => sources.split(" "));
}

test("the image's steps give a service that starts, without the packages of development", async () => {
  const image = await mkdtemp(join(tmpdir(), "puente-image-"));
  const dataDir = await mkdtemp(join(tmpdir(), "puente-data-"));
  onTestFinished(async () => {
    await rm(image, { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  });
  for (const file of await copied()) await cp(join(ROOT, file), join(image, file), { recursive: true });
  await run("npm", ["ci", "--omit=dev"], { cwd: image });
  const environment = {
    ...twilioEnvironment({ dataDir, apiUrl: "http://127.0.0.1:9" }),
    MODEL_DIR: join(image, "model"),
  };
  await run(process.execPath, ["puente.js", "model", "build"], { cwd: image, env: environment });

  const service = spawn(process.execPath, ["puente.js", "serve"], { cwd: image, env: environment });
  let output = "";
  service.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  onTestFinished(() => void service.kill("SIGKILL"));
  await expect.poll(() => output, { timeout: 60_000 }).toContain("Puente is running");
  // Read beside the start, which does not wait for it.
  await expect.poll(() => output).toContain("model.loaded");
  const url = /vendors at (\S+),/.exec(output)?.[1] ?? "";
  expect((await fetch(`${url}/readyz`)).status).toBe(200);

  const gone = new Promise((resolve) => service.once("exit", resolve));
  service.kill("SIGTERM");
  expect(await gone).toBe(0);
});
