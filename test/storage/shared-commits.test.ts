import { AsyncLocalStorage } from "node:async_hooks";
import { Kysely, SqliteDialect, sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import { createSharedCommits, type RunTransaction } from "../../src/storage/shared-commits.ts";
import { openSqlite } from "../../src/storage/sqlite.ts";
import type { Tables } from "../../src/storage/tables.ts";

let db: Kysely<Tables>;
let transaction: RunTransaction;
let commits: number;

const put = (name: string) => (tx: Kysely<Tables>) =>
  tx.insertInto("versions").values({ name, n: 1 }).returning("name").executeTakeFirstOrThrow();
const names = async () => {
  const rows = await db.selectFrom("versions").select("name").orderBy("name").execute();
  return rows.map(({ name }) => name);
};

beforeEach(async () => {
  const file = openSqlite(":memory:");
  commits = 0;
  db = new Kysely({
    dialect: new SqliteDialect({
      database: {
        prepare(query) {
          if (query === "commit") commits += 1;
          return file.prepare(query);
        },
        close: () => file.close(),
      },
    }),
  });
  transaction = createSharedCommits(db);
  await sql`create table versions (name text primary key, n integer)`.execute(db);
  return () => db.destroy();
});

describe("transactions that come at the same time", () => {
  test("share one commit and each gets its own result", async () => {
    const results = await Promise.all(["a", "b", "c"].map((name) => transaction(put(name))));
    expect(results).toEqual([{ name: "a" }, { name: "b" }, { name: "c" }]);
    expect(await names()).toEqual(["a", "b", "c"]);
    expect(commits).toBe(1);
  });

  test("one that fails takes back what it wrote, and nothing of the others", async () => {
    const failing = transaction(async (tx) => {
      await put("half")(tx);
      throw new Error("no");
    });
    const outcomes = await Promise.allSettled([transaction(put("a")), failing, transaction(put("b"))]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await names()).toEqual(["a", "b"]);
  });

  test("nobody is told before the commit, so a commit that fails is nobody's success", async () => {
    await sql`create table parents (id integer primary key)`.execute(db);
    await sql`create table children (id integer references parents deferrable initially deferred)`.execute(db);
    const orphan = transaction((tx) => sql`insert into children values (1)`.execute(tx));
    const outcomes = await Promise.allSettled([transaction(put("a")), orphan, transaction(put("b"))]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await names()).toEqual(["a", "b"]);
  });

  test("where the database gives up the whole transaction, each of the others is run again alone", async () => {
    await sql`create trigger gone before insert on versions when new.name = 'full'
      begin select raise(rollback, 'full'); end`.execute(db);
    const outcomes = await Promise.allSettled(["a", "full", "b"].map((name) => transaction(put(name))));
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await names()).toEqual(["a", "b"]);
  });

  test("each runs in the asynchronous context of its caller", async () => {
    const caller = new AsyncLocalStorage<string>();
    const seen = await Promise.all(
      ["a", "b"].map((name) => caller.run(name, () => transaction(async () => caller.getStore()))),
    );
    expect(seen).toEqual(["a", "b"]);
  });

  test("what comes while others run waits for the next commit, in order", async () => {
    const order: string[] = [];
    const note = (name: string) => async () => void order.push(name);
    await Promise.all([
      transaction(note("first")),
      transaction(note("second")).then(() => transaction(note("third"))),
      transaction(note("also first")),
    ]);
    expect(order).toEqual(["first", "second", "also first", "third"]);
    expect(commits).toBe(2);
  });
});
