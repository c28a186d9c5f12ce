import { expect, onTestFinished, test, vi } from "vitest";
import type { Lease } from "../../src/core/ports.ts";
import { openDatabase } from "../../src/storage/database.ts";
import { testClock } from "../support/clock.ts";
import { asAdmin, emptyDatabase } from "../support/databases.ts";

const clock = testClock();

async function leaseOf(url: string): Promise<Lease> {
  const database = await openDatabase(url, { serving: true, clock });
  onTestFinished(() => database.close());
  return database.lease;
}

/** Who has it, as each of them was told. */
function holder(lease: Lease, name = "gateway") {
  const told: string[] = [];
  const release = lease.keep(name, { taken: () => void told.push("taken"), lost: async () => void told.push("lost") });
  onTestFinished(release);
  return { told, release };
}

const within30s = <T>(look: () => T) => vi.waitFor(look, { timeout: 30_000, interval: 50 });

test("the one process of an embedded database has it at once", async () => {
  expect(holder(await leaseOf(await emptyDatabase("sqlite"))).told).toEqual(["taken"]);
});

test("of two processes on Postgres one has it, and the other within 30 s after it is given back", async () => {
  const url = await emptyDatabase("postgres");
  const [one, two] = [await leaseOf(url), await leaseOf(url)];
  const first = holder(one);
  await within30s(() => expect(first.told).toEqual(["taken"]));
  const second = holder(two);
  const other = holder(two, "something else");
  await within30s(() => expect(other.told).toEqual(["taken"]));
  expect(second.told).toEqual([]);
  await first.release();
  await within30s(() => expect(second.told).toEqual(["taken"]));
  expect(first.told).toEqual(["taken", "lost"]);
});

test("a holder whose connection is cut is told so, and somebody has it again within 30 s", async () => {
  const url = await emptyDatabase("postgres");
  const holders = [holder(await leaseOf(url)), holder(await leaseOf(url))];
  const states = () => holders.map(({ told }) => told.at(-1));
  await within30s(() => expect(states()).toContain("taken"));
  await asAdmin(
    url,
    "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and pid <> pg_backend_pid()",
  );
  await within30s(() => expect(holders.flatMap(({ told }) => told)).toContain("lost"));
  await within30s(() => expect(states().filter((state) => state === "taken")).toHaveLength(1));
});
