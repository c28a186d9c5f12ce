import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../src/storage/database.ts";
import { openKeys } from "../../src/storage/keys.ts";
import { createStores } from "../../src/storage/stores.ts";
import { DATABASE_KINDS, type DatabaseKind, emptyDatabase } from "../support/databases.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const PHONE = "+12025550142";
const clock = { now: () => Date.now() };

/** An installation with one person in it, and a way to run commands beside it. */
async function installation(kind: DatabaseKind) {
  const url = await emptyDatabase(kind);
  const secret = randomBytes(32).toString("base64");
  const database = await openDatabase(url, { serving: true, clock });
  onTestFinished(() => database.close());
  const keys = await openKeys({ database, secret, clock });
  const stores = createStores({ database, keys, clock });
  await stores.inbox.accept({
    channel: "sms",
    externalId: "SM1",
    from: { id: PHONE, phone: PHONE, address: PHONE },
    utterance: { text: "me negaron la entrada" },
    receivedAt: clock.now(),
  });
  const run = (args: readonly string[], stdin = "", environment: Record<string, string> = {}) =>
    new Promise<{ code: number | null; output: string }>((done) => {
      const child = spawn(process.execPath, ["puente.js", ...args], {
        cwd: ROOT,
        env: { PATH: process.env["PATH"], DATABASE_URL: url, PUENTE_SECRET: secret, ...environment },
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.stdin.end(stdin);
      child.once("close", (code) => done({ code, output }));
    });
  return { url, database, keys, stores, run };
}

describe.each(DATABASE_KINDS)("beside a service on %s", (kind) => {
  test("`contact erase` erases by a number from standard input, and repeats it nowhere", async () => {
    const { run, database } = await installation(kind);
    const refused = await run(["contact", "erase"], "2025550142\n");
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining("no phone number with country code") });
    const erased = await run(["contact", "erase"], "+1 (202) 555-0142\n");
    expect(erased).toMatchObject({ code: 0, output: expect.stringMatching(/^Erased: 1 contact with everything/) });
    expect(await run(["contact", "erase"], `${PHONE}\n`)).toMatchObject({
      code: 0,
      output: expect.stringContaining("Nothing is stored"),
    });
    expect(refused.output + erased.output).not.toMatch(/555-?0142/);
    expect(await database.db.selectFrom("contacts").select("contactId").execute()).toEqual([]);
    expect((await run(["contact", "erase", PHONE])).output).not.toContain("5550142");
  });

  test("`keys rotate` seals everything again while the service holds the database", async () => {
    const { run, database, stores } = await installation(kind);
    expect(await run(["keys", "rotate"])).toMatchObject({
      code: 0,
      output: expect.stringContaining("2 values are sealed"),
    });
    const { address } = await database.db.selectFrom("contacts").select("address").executeTakeFirstOrThrow();
    expect(address).toMatch(/^v1\.2\./);
    const [contactId = 0] = await stores.inbox.waiting();
    expect((await stores.inbox.take(contactId))?.utterance.text).toBe("me negaron la entrada");
  });

  test("`insights` counts without people, as a table and as JSON", async () => {
    const { run, stores } = await installation(kind);
    const answer = { outcome: "answer", topic: "about/puente", locale: "es", channel: "sms" } as const;
    for (let n = 0; n < 6; n += 1) await stores.counts.add({ ...answer, place: "tijuana" });
    for (let n = 0; n < 5; n += 1) await stores.counts.add({ ...answer, topic: "about/who-we-are" });
    for (const topic of ["about/updates", "about/privacy"])
      for (let n = 0; n < 3; n += 1) await stores.counts.add({ ...answer, topic });
    const table = await run(["insights", "--since", "30d"]);
    expect(table.output).toMatch(/tijuana +6/);
    expect(table.output).toMatch(/about\/puente +6/);
    expect(table.output).not.toContain("about/updates");
    const { topic } = JSON.parse((await run(["insights", "--json"])).output);
    expect(topic).toEqual({
      cells: [
        { value: "about/puente", n: 6 },
        { value: "about/who-we-are", n: 5 },
      ],
      other: 6,
    });
    expect(await run(["insights", "--since", "x"])).toMatchObject({
      code: 1,
      output: expect.stringContaining("--since takes"),
    });
  });

  test("`migrate --status` says which steps were taken", async () => {
    const { run, database } = await installation(kind);
    const { output } = await run(["migrate", "--status"]);
    expect(output).toMatch(/done {5}20261121T2200-first {2}2\d{3}-/);
    expect(output).toContain("The tables are up to date.");
    await database.db.deleteFrom("migrations").where("name", "like", "%-many-processes").execute();
    expect((await run(["migrate", "--status"])).output).toContain("missing  20261121T2310-many-processes");
  });
});

test("`export` waits for the service to stop, and `import` brings everything to Postgres", async () => {
  const { run, url, database } = await installation("sqlite");
  const file = `${url.slice("sqlite:".length)}.jsonl`;
  expect(await run(["export", file])).toMatchObject({
    code: 1,
    output: expect.stringContaining("is already served by process"),
  });
  await database.close();
  expect(await run(["export", file])).toMatchObject({ code: 0, output: expect.stringContaining("rows are in") });
  const DATABASE_URL = await emptyDatabase("postgres");
  expect(await run(["import", file], "", { DATABASE_URL })).toMatchObject({ code: 0 });
  expect(await run(["import", file], "", { DATABASE_URL })).toMatchObject({
    code: 1,
    output: expect.stringContaining("is not empty"),
  });
  const erased = await run(["contact", "erase"], PHONE, { DATABASE_URL });
  expect(erased.output).toMatch(/^Erased: 1 contact/);
});

test("`serve --role` is refused where no other process can share the database", async () => {
  const { run, database } = await installation("sqlite");
  await database.close();
  expect(await run(["serve", "--role", "worker"])).toMatchObject({
    code: 1,
    output: expect.stringContaining("--role needs a database"),
  });
});
