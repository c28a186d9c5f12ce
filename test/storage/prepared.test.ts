import { expect, it, onTestFinished } from "vitest";
import { openDatabase } from "../../src/storage/database.ts";
import { prepared } from "../../src/storage/prepared.ts";
import { testClock } from "../support/clock.ts";

async function emptyMemory() {
  const database = await openDatabase("sqlite::memory:", { serving: false, clock: testClock() });
  onTestFinished(() => database.close());
  return database.db;
}

const add = prepared((db, row: { name: string; n: number }) =>
  db
    .insertInto("versions")
    .values({ name: row.name, n: row.n })
    .onConflict((conflict) => conflict.column("name").doUpdateSet((eb) => ({ n: eb("versions.n", "+", row.n) })))
    .returning(["name", "n"]),
);

it("a prepared query runs with the values of each call, in transactions and in other databases too", async () => {
  const [db, other] = [await emptyMemory(), await emptyMemory()];
  expect(await add(db, { name: "desk", n: 2 })).toEqual([{ name: "desk", n: 2 }]);
  expect(await add(db, { name: "desk", n: 3 })).toEqual([{ name: "desk", n: 5 }]);
  expect(await db.transaction().execute((tx) => add(tx, { name: "desk", n: 1 }))).toEqual([{ name: "desk", n: 6 }]);
  expect(await add(other, { name: "desk", n: 4 })).toEqual([{ name: "desk", n: 4 }]);
});

it("a prepared query whose shape would depend on a value is refused when it is first run", async () => {
  const db = await emptyMemory();
  const later = prepared((on, at: { n: number }) =>
    on
      .selectFrom("versions")
      .select("name")
      .where("n", ">", at.n + 1),
  );
  await expect(later(db, { n: 1 })).rejects.toThrow(TypeError);
});
