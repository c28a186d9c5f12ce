import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { openDatabase } from "../../src/storage/database.ts";
import { openKeys } from "../../src/storage/keys.ts";
import { createStores } from "../../src/storage/stores.ts";
import { DATABASE_KINDS, emptyDatabase } from "../support/databases.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const TOPIC = "port-of-entry/what-to-say";
const clock = { now: () => Date.now() };

function ask(databaseUrl: string, question: string) {
  const { PATH, MODEL_DIR } = process.env;
  return new Promise<{ code: number | null; out: string; err: string }>((done) => {
    const child = spawn(process.execPath, ["puente.js", "ask", question, "--json"], {
      cwd: ROOT,
      env: { PATH, MODEL_DIR, DATABASE_URL: databaseUrl },
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.once("close", (code) => done({ code, out, err }));
  });
}

describe.each(DATABASE_KINDS)("ask, where there is a database on %s", (kind) => {
  test("does not give what the desk has withdrawn", async () => {
    const url = await emptyDatabase(kind);
    const database = await openDatabase(url, { serving: false, clock });
    const keys = await openKeys({ database, secret: Buffer.alloc(32, 7).toString("base64"), clock });
    const stores = createStores({ database, keys, clock });
    await stores.holds.put({ topic: TOPIC, status: "withdrawn", cause: "editor", by: "eva", why: "a test" });
    await database.close();
    const { code, out, err } = await ask(url, "what do i say to the officer to ask for asylum");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const { topics, messages } = JSON.parse(out);
    expect(topics).toContain(TOPIC);
    expect(messages.map(({ text }: { text: string }) => text).join()).toContain("We took that answer away");
  });
});

test("ask answers without a database, makes none, and says on standard error what it cannot know", async () => {
  const path = join(tmpdir(), "puente-no-such-folder", "puente.db");
  const { code, out, err } = await ask(`sqlite:${path}`, "what do i say to the officer to ask for asylum");
  expect({ code, err }).toEqual({
    code: 0,
    err: "There is no database yet: if an answer was withdrawn or a notice written, it is not known here.\n",
  });
  expect(JSON.parse(out).topics).toContain(TOPIC);
  expect(existsSync(path)).toBe(false);
});
