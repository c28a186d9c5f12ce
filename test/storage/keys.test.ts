import { randomBytes } from "node:crypto";
import { expect, it, onTestFinished } from "vitest";
import { OperatorError } from "../../src/core/errors.ts";
import { openDatabase } from "../../src/storage/database.ts";
import { openKeys } from "../../src/storage/keys.ts";
import { testClock } from "../support/clock.ts";
import { SECRET } from "./fixture.ts";

const clock = testClock();

async function emptyDatabase() {
  const database = await openDatabase("sqlite::memory:", { serving: true, clock });
  onTestFinished(() => database.close());
  return database;
}

it("finds the same rows and opens the same values after a restart", async () => {
  const database = await emptyDatabase();
  const before = await openKeys({ database, secret: SECRET, clock });
  const sealed = before.seal({ n: 1 }, ["t", "c", 1]);
  const after = await openKeys({ database, secret: SECRET, clock });
  expect(after.lookup("person", "a")).toBe(before.lookup("person", "a"));
  expect(await after.open(database.db, sealed, ["t", "c", 1])).toEqual({ n: 1 });
});

it("refuses another secret than the database was made with, in a sentence", async () => {
  const database = await emptyDatabase();
  await openKeys({ database, secret: SECRET, clock });
  const wrong = openKeys({ database, secret: randomBytes(32).toString("base64"), clock });
  await expect(wrong).rejects.toThrow(OperatorError);
  await expect(wrong).rejects.toThrow(/^PUENTE_SECRET is not the one this database was made with\. Put the earlier/);
});

it.each(["", "too short", randomBytes(31).toString("base64"), `${SECRET}AAAA`, "?".repeat(44)])(
  "refuses a secret that is not 32 bytes in base64: %s",
  async (secret) => {
    const database = await emptyDatabase();
    await expect(openKeys({ database, secret, clock })).rejects.toThrow(/^PUENTE_SECRET must be 32 random bytes/);
  },
);

it("learns of a data key that another process has added", async () => {
  const database = await emptyDatabase();
  const serving = await openKeys({ database, secret: SECRET, clock });
  const beside = await openKeys({ database, secret: SECRET, clock });
  await beside.add(database.db);
  expect(await beside.refresh(database.db)).toBe(2);
  const sealed = beside.seal("new", ["t", "c", 1]);
  expect(await serving.open(database.db, sealed, ["t", "c", 1])).toBe("new");
});

it("gives the same input another hash for each purpose, and keeps parts apart", async () => {
  const keys = await openKeys({ database: await emptyDatabase(), secret: SECRET, clock });
  expect(keys.lookup("contact", "a")).not.toBe(keys.lookup("person", "a"));
  expect(keys.lookup("message", "sms", "ab")).not.toBe(keys.lookup("message", "smsa", "b"));
});
