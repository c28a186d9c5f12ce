import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { InboundMessage } from "../../src/core/ports.ts";
import { openDatabase } from "../../src/storage/database.ts";
import { createSpool } from "../../src/storage/spool.ts";
import { testClock } from "../support/clock.ts";
import { recorder } from "../support/recorder.ts";
import { makeFixture, message, PHONE, UTTERANCE } from "./fixture.ts";

async function setUp() {
  const parent = await mkdtemp(join(tmpdir(), "puente-spool-"));
  const folder = join(parent, "spool");
  const clock = testClock();
  const database = await openDatabase("sqlite::memory:", { serving: true, clock });
  onTestFinished(async () => {
    await database.close();
    await rm(parent, { recursive: true });
  });
  const { keys, stores } = await makeFixture(database, clock);
  const { counter, counts } = recorder();
  return {
    folder,
    clock,
    stores,
    counts,
    spool: createSpool<InboundMessage>({ folder, database, keys, counter, clock }),
  };
}

it("gives back whole messages in the order they came, and forgets them once they are accepted", async () => {
  const { folder, spool, stores, clock } = await setUp();
  const earlier = message({ externalId: "SM1", receivedAt: 1_000 });
  const later = message({ externalId: "SM2", receivedAt: 2_000, thread: "T1" });
  await spool.put(earlier);
  clock.advance(1);
  await spool.put(later);
  const seen: InboundMessage[] = [];
  expect(await spool.replay(async (one) => seen.push(one))).toBe(2);
  expect(seen).toEqual([earlier, later]);
  expect(await readdir(folder)).toEqual([]);
  // What the database kept although it did not say so is a repeat.
  await spool.put(earlier);
  await stores.inbox.accept(earlier);
  await spool.replay((one) => stores.inbox.accept(one));
  expect(await stores.inbox.waiting()).toHaveLength(1);
});

it("keeps what is not accepted, and gives it back later", async () => {
  const { spool } = await setUp();
  await spool.put(message());
  await expect(spool.replay(() => Promise.reject(new Error("still down")))).rejects.toThrow("still down");
  expect(await spool.replay(async () => {})).toBe(1);
});

it("holds nothing that can be read, and is for this user alone", async () => {
  const { folder, spool } = await setUp();
  await spool.put(message());
  const [name = ""] = await readdir(folder);
  const bytes = await readFile(join(folder, name), "latin1");
  for (const trace of [PHONE, PHONE.slice(2), UTTERANCE]) expect(bytes + name).not.toContain(trace);
  expect((await stat(folder)).mode & 0o077).toBe(0);
  expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
});

it("passes over a damaged file, counts it, and over one that was never finished", async () => {
  const { folder, spool, counts } = await setUp();
  await spool.put(message());
  const [name = ""] = await readdir(folder);
  await writeFile(join(folder, name), "v1.1.damaged.damaged");
  await writeFile(join(folder, `${name}.part`), "half");
  const seen: InboundMessage[] = [];
  await spool.replay(async (one) => seen.push(one));
  expect(seen).toEqual([]);
  expect(counts.get("spool_unreadable")).toBe(1);
});
