import { expect, onTestFinished, test } from "vitest";
import type { Lease } from "../../src/core/ports.ts";
import { openDatabase } from "../../src/storage/database.ts";
import { testClock } from "../support/clock.ts";
import { asAdmin, emptyDatabase } from "../support/databases.ts";
import { until } from "../support/until.ts";

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

test("the one process of an embedded database has it at once", async () => {
  expect(holder(await leaseOf(await emptyDatabase("sqlite"))).told).toEqual(["taken"]);
});

test("of two processes on Postgres one has it, and the other soon after it is given back", async () => {
  const url = await emptyDatabase("postgres");
  const [one, two] = [await leaseOf(url), await leaseOf(url)];
  const first = holder(one);
  await until(() => expect(first.told).toEqual(["taken"]));
  const second = holder(two);
  const other = holder(two, "something else");
  await until(() => expect(other.told).toEqual(["taken"]));
  expect(second.told).toEqual([]);
  await first.release();
  await until(() => expect(second.told).toEqual(["taken"]));
  expect(first.told).toEqual(["taken", "lost"]);
});

test("a holder whose connection is cut is told so, and somebody has it again", async () => {
  const url = await emptyDatabase("postgres");
  const holders = [holder(await leaseOf(url)), holder(await leaseOf(url))];
  const states = () => holders.map(({ told }) => told.at(-1));
  await until(() => expect(states()).toContain("taken"));
  await asAdmin(
    url,
    "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and pid <> pg_backend_pid()",
  );
  await until(() => expect(holders.flatMap(({ told }) => told)).toContain("lost"));
  await until(() => expect(states().filter((state) => state === "taken")).toHaveLength(1));
});
