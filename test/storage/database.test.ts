import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { sql } from "kysely";
import { expect, it, onTestFinished } from "vitest";
import { OperatorError } from "../../src/core/errors.ts";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { testClock } from "../support/clock.ts";
import { delivery, makeFixture } from "./fixture.ts";

const clock = testClock();

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "puente-storage-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function open(path: string, serving = true): Promise<Database> {
  const database = await openDatabase(`sqlite:${path}`, { serving, clock });
  onTestFinished(() => database.close());
  return database;
}

async function pragma(database: Database, name: string): Promise<unknown> {
  const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(database.db);
  return Object.values(rows[0] ?? {})[0];
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(() => undefined).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(OperatorError);
  return error instanceof Error ? error.message : "";
}

it("makes its folder and file for this user alone, and keeps what it promises on disk", async () => {
  const path = join(folder(), "data", "puente.db");
  const database = await open(path);
  expect(statSync(path).mode & 0o077).toBe(0);
  expect(statSync(`${path}-wal`).mode & 0o077).toBe(0);
  expect(await pragma(database, "journal_mode")).toBe("wal");
  expect(await pragma(database, "synchronous")).toBe(2);
  expect(await pragma(database, "secure_delete")).toBe(1);
  expect(await pragma(database, "foreign_keys")).toBe(1);
});

it("finds what was stored after a restart", async () => {
  const path = join(folder(), "puente.db");
  const first = await openDatabase(`sqlite:${path}`, { serving: true, clock });
  const { contactId } = await (await makeFixture(first, clock)).arrive();
  await first.close();
  const { stores } = await makeFixture(await open(path), clock);
  expect(await stores.inbox.waiting()).toEqual([contactId]);
});

it("refuses in a sentence what is no SQLite file, a folder that cannot be written, and another kind of database", async () => {
  const place = folder();
  const noDatabase = join(place, "notes.txt");
  writeFileSync(noDatabase, "not a database, but long enough to have a header of a hundred bytes ".repeat(10));
  expect(await refusal(open(noDatabase))).toBe(
    `The file ${noDatabase} is damaged or is no Puente database. Put back a backup, or move the file away to begin with an empty one.`,
  );
  expect(await refusal(open(join(noDatabase, "puente.db")))).toMatch(/cannot be written \(E\w+\)\. Give the user/);
  expect(await refusal(open(place))).toMatch(/cannot be written \(EISDIR\)/);
  expect(await refusal(openDatabase("mysql://x", { serving: true, clock }))).toMatch(/^DATABASE_URL must begin/);
  expect(await refusal(openDatabase("sqlite:", { serving: true, clock }))).toMatch(/^DATABASE_URL names no file/);
});

it("refuses a file whose pages are damaged", async () => {
  const path = join(folder(), "puente.db");
  await (await openDatabase(`sqlite:${path}`, { serving: true, clock })).close();
  const size = statSync(path).size;
  writeFileSync(path, Buffer.alloc(size - 4096, 0xa5), { flag: "r+", flush: true });
  expect(await refusal(open(path))).toMatch(/is damaged or is no Puente database/);
});

it("refuses tables of a newer program", async () => {
  const path = join(folder(), "puente.db");
  const database = await openDatabase(`sqlite:${path}`, { serving: true, clock });
  await database.db.insertInto("migrations").values({ name: "20991231T0000-later", at: 0 }).execute();
  await database.close();
  expect(await refusal(open(path))).toMatch(/written by a newer Puente \(it has the migration 20991231T0000-later\)/);
});

it("says that the disk is full, loses nothing and goes on when there is room", async () => {
  const database = await open(join(folder(), "puente.db"));
  const { stores, arrive, enqueue } = await makeFixture(database, clock);
  const { contactId } = await arrive();
  await enqueue(contactId);
  const pages = await pragma(database, "page_count");
  await pragma(database, `max_page_count = ${Number(pages)}`);
  const many = Array.from({ length: 200 }, (_, n) => delivery(contactId, { kind: "broadcast", groupId: `g${n}` }));
  expect(await refusal(stores.deliveries.enqueue(many))).toMatch(/^The disk that holds the database .* is full\./);
  expect(await refusal(stores.transaction((tx) => tx.deliveries.enqueue(many)))).toMatch(/is full/);
  await pragma(database, "max_page_count = 1000000");
  expect(await stores.deliveries.enqueue(many)).toHaveLength(200);
  expect(await stores.deliveries.claim(500, 1_000)).toHaveLength(201);
});

it("says that the file is read-only", async () => {
  const { db } = await open(":memory:");
  // The same result code as of a file that may not be written, also for a user who may write everything.
  await sql`pragma query_only = on`.execute(db);
  await expect(db.deleteFrom("limits").execute()).rejects.toThrow(/is read-only. Give the user/);
});

it("tells why a transaction failed though the database had rolled it back by itself", async () => {
  const { db } = await open(":memory:");
  const work = db.transaction().execute(async (tx) => {
    await sql`rollback`.execute(tx);
    throw new Error("the reason");
  });
  await expect(work).rejects.toThrow("the reason");
  expect(await db.selectFrom("contacts").select("contactId").execute()).toEqual([]);
});

it("is served by one process: a second is refused by the name of the first, a command beside it is not", async () => {
  const path = join(folder(), "puente.db");
  const serving = await openDatabase(`sqlite:${path}`, { serving: true, clock });
  expect(await refusal(open(path))).toBe(
    `The database ${path} is already served by process ${process.pid} on ${hostname()}. Stop that process first; for several processes at once use Postgres (DATABASE_URL).`,
  );
  const beside = await open(path, false);
  const { stores } = await makeFixture(beside, clock);
  await (await makeFixture(serving, clock)).arrive();
  expect(await stores.inbox.waiting()).toHaveLength(1);
  await serving.close();
  await open(path);
});

it("is free again at once when the process that served it was killed", async () => {
  const path = join(folder(), "puente.db");
  const module = pathToFileURL(join(import.meta.dirname, "../../src/storage/database.ts")).href;
  const script = `const { openDatabase } = await import(${JSON.stringify(module)});
    globalThis.held = await openDatabase(${JSON.stringify(`sqlite:${path}`)}, { serving: true, clock: { now: () => 0 } });
    console.log("serving"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  expect(await refusal(open(path))).toMatch(`process ${child.pid} on`);
  child.kill("SIGKILL");
  await once(child, "exit");
  await open(path);
});

it("does not change tables beside a process that serves", async () => {
  const place = folder();
  mkdirSync(join(place, "data"));
  const path = join(place, "data", "puente.db");
  const serving = await open(path);
  await serving.db.deleteFrom("migrations").execute();
  expect(await refusal(open(path, false))).toMatch(/is already served by process/);
});
