import { sql } from "kysely";
import { expect, inject, it, onTestFinished } from "vitest";
import { OperatorError } from "../../src/core/errors.ts";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { openKeys } from "../../src/storage/keys.ts";
import { createStores } from "../../src/storage/stores.ts";
import { testClock } from "../support/clock.ts";
import { emptyPostgres } from "../support/databases.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { makeFixture, message, SECRET } from "./fixture.ts";

const clock = testClock();
const serving = { serving: true, clock };

async function open(url: string): Promise<Database> {
  const database = await openDatabase(url, serving);
  onTestFinished(() => database.close());
  return database;
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(() => undefined).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(OperatorError);
  return error instanceof Error ? error.message : "";
}

const empty = () => emptyPostgres(inject("postgres").url);

it("makes tables and keys once when several processes start at the same time on an empty database", async () => {
  const url = await empty();
  const opened = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const database = await open(url);
      return { database, keys: await openKeys({ database, secret: SECRET, clock }) };
    }),
  );
  const [first] = opened;
  expect(await first?.database.db.selectFrom("keys").select("keyId").execute()).toEqual([{ keyId: 1 }]);
  const sealed = first?.keys.seal("a", ["t", "c", 1]) ?? "";
  for (const { database, keys } of opened) expect(await keys.open(database.db, sealed, ["t", "c", 1])).toBe("a");
});

it("gives a message to one process at a time, and to another when the lease of the first is over", async () => {
  const url = await empty();
  const [a, b] = [await makeFixture(await open(url), clock), await makeFixture(await open(url), clock)];
  const { contactId } = await a.arrive();
  await a.arrive();
  expect(await a.stores.inbox.take(contactId)).toMatchObject({ attempts: 0 });
  // Not even the second message of the same person.
  expect(await b.stores.inbox.take(contactId)).toBeUndefined();
  expect(await b.stores.inbox.waiting()).toEqual([]);
  clock.advance(20_000);
  expect(await b.stores.inbox.waiting()).toEqual([contactId]);
  const taken = await b.stores.inbox.take(contactId);
  expect(taken).toMatchObject({ attempts: 1 });
  // The first was paused: what it does now must not count.
  await expect(a.stores.inbox.finish(taken?.inboxId ?? 0, 0)).rejects.toThrow("another process has this message");
  await b.stores.inbox.finish(taken?.inboxId ?? 0, taken?.attempts);
  expect(await a.stores.inbox.take(contactId)).toMatchObject({ attempts: 0 });
});

it("accepts a message once, claims a delivery once and looks after an attempt once, over many processes", async () => {
  const url = await empty();
  const processes = await Promise.all(Array.from({ length: 4 }, async () => makeFixture(await open(url), clock)));
  const accepted = await Promise.all(
    processes.flatMap(({ stores }) => Array.from({ length: 5 }, () => stores.inbox.accept(message()))),
  );
  const [one] = accepted.filter((result) => result !== undefined);
  expect(accepted.filter((result) => result !== undefined)).toHaveLength(1);
  for (let n = 0; n < 40; n += 1) await processes[0]?.enqueue(one?.contactId ?? 0, { kind: "broadcast" });
  const claims = await Promise.all(
    processes.flatMap(({ stores }) => Array.from({ length: 4 }, () => stores.deliveries.claim(5, 30_000))),
  );
  const claimed = claims.flat();
  expect(new Set(claimed.map(({ deliveryId }) => deliveryId)).size).toBe(claimed.length);
  clock.advance(30_000);
  const looks = await Promise.all(processes.map(({ stores }) => stores.deliveries.open(100, 30_000)));
  const looked = looks.flat().map(({ delivery }) => delivery.deliveryId);
  expect(looked).toHaveLength(claimed.length);
  expect(new Set(looked).size).toBe(claimed.length);
});

it("keeps nobody on a list of recipients who was erased while it was made", async () => {
  const database = await open(await empty());
  const { arrivals, announce, stores } = await makeFixture(database, clock);
  const [first, second] = await arrivals(2);
  await announce([first, second]);
  // As while a step of the freeze is under way: its rows are written and not committed.
  await database.db.updateTable("broadcasts").set({ frozenAt: null }).execute();
  await database.db.deleteFrom("broadcast_recipients").execute();
  let erased: Promise<unknown> = Promise.resolve();
  await database.db.transaction().execute(async (freeze) => {
    const { broadcastId } = await freeze
      .selectFrom("broadcasts")
      .select("broadcastId")
      .forUpdate()
      .executeTakeFirstOrThrow();
    const recipient = { broadcastId, lane: 0, locale: "es", full: 0 };
    await freeze
      .insertInto("broadcast_recipients")
      .values([
        { ...recipient, contactId: first },
        { ...recipient, contactId: second },
      ])
      .execute();
    erased = stores.contacts.eraseByPhone("+12025550150");
    await expect
      .poll(async () => {
        // The server ends a transaction that says nothing for 10 s.
        await sql`select`.execute(freeze);
        const { rows } = await sql<{ n: number }>`select count(*) as n from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`.execute(database.db);
        return rows[0]?.n;
      })
      .toBe(1);
  });
  await erased;
  const left = await database.db.selectFrom("broadcast_recipients").select("contactId").execute();
  expect(left).toEqual([{ contactId: second }]);
});

it.each([
  ["53100", /disk .* is full\. Make room/],
  ["58030", /damaged \(58030\).*backup/],
  ["58P01", /damaged \(58P01\).*backup/],
  ["XX001", /damaged \(XX001\).*backup/],
  ["25006", /read-only/],
])("says in a sentence what Postgres means by %s", async (code, sentence) => {
  const { db } = await open(await empty());
  const failing = sql`do $$ begin raise exception 'no' using errcode = '${sql.raw(code)}'; end $$`.execute(db);
  const error = await failing.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OperatorError);
  expect(String(error)).toMatch(sentence);
});

it("wakes every process that listens, also after its connection was lost", async () => {
  const server = await startPostgres({ durable: false });
  onTestFinished(() => server.stop());
  const [teller, listener] = [await open(server.url), await open(server.url)];
  const heard: unknown[] = [];
  listener.wakeups.subscribe((...wakeup) => heard.push(wakeup));
  // What is published while nobody listens yet is lost: it is said again until it is heard.
  const isHeard = async () => {
    heard.length = 0;
    await expect
      .poll(async () => {
        await teller.wakeups.publish("inbox", 12);
        await teller.wakeups.publish("deliveries");
        return heard;
      })
      .toEqual(
        expect.arrayContaining([
          ["inbox", 12],
          ["deliveries", undefined],
        ]),
      );
  };
  await isHeard();
  await server.halt();
  await server.resume();
  await isHeard();
});

it("says that the database is lost, keeps what was accepted and goes on when it is back", async () => {
  const server = await startPostgres({ durable: true });
  onTestFinished(() => server.stop());
  const { stores, arrive } = await makeFixture(await open(server.url), clock);
  const { contactId } = await arrive();
  await server.halt();
  expect(await refusal(arrive())).toMatch(
    /^The database postgres at 127\.0\.0\.1:\d+ cannot be reached .*nothing that was accepted is lost\.$/,
  );
  expect(await refusal(stores.transaction((tx) => tx.inbox.finish(1)))).toMatch(/cannot be reached/);
  await server.resume();
  await expect.poll(() => stores.inbox.waiting().catch(() => undefined)).toEqual([contactId]);
});

it("says what is wrong with the address, in sentences without the password", async () => {
  const right = new URL(inject("postgres").url);
  const sentences: string[] = [];
  for (const [part, value] of [
    ["password", "wrong-secret"],
    ["pathname", "/nowhere"],
    ["port", "9"],
  ] as const) {
    const url = new URL(right);
    url[part] = value;
    sentences.push(await refusal(openDatabase(url.href, serving)));
  }
  expect(sentences).toEqual([
    expect.stringMatching(/^Postgres \(postgres at .*\) refuses the user or the password in DATABASE_URL\.$/),
    expect.stringMatching(/^There is no database nowhere at .*\. Create it/),
    expect.stringMatching(/cannot be reached \(ECONNREFUSED\)\. Look whether Postgres runs/),
  ]);
  expect(sentences.join()).not.toContain("wrong-secret");
  expect(await refusal(openDatabase("postgres://[", serving))).toMatch(/^DATABASE_URL is not an address/);
});

it("refuses another secret and tables of a newer program", async () => {
  const url = await empty();
  const database = await open(url);
  await openKeys({ database, secret: SECRET, clock });
  const other = Buffer.alloc(32, 9).toString("base64");
  expect(await refusal(openKeys({ database: await open(url), secret: other, clock }))).toMatch(
    /^PUENTE_SECRET is not the one/,
  );
  await database.db.insertInto("migrations").values({ name: "20991231T0000-later", at: 0 }).execute();
  expect(await refusal(openDatabase(url, serving))).toMatch(/written by a newer Puente/);
});

it("runs a transaction again that met another one the wrong way round", async () => {
  const url = await empty();
  const fixtures = [await makeFixture(await open(url), clock), await makeFixture(await open(url), clock)];
  const [first, second] = (await fixtures[0]?.arrivals(2)) ?? [0, 0];
  const state = { welcomed: true, minor: false };
  await fixtures[0]?.stores.conversations.save(first, "", state);
  await fixtures[0]?.stores.conversations.save(second, "", state);
  let met = 0;
  const both = Promise.withResolvers<void>();
  const inOrder = (index: number, one: number, other: number) =>
    createStoresOf(index).transaction(async (tx) => {
      await tx.conversations.save(one, "", state);
      met += 1;
      if (met === 2) both.resolve();
      if (met <= 2) await both.promise;
      await tx.conversations.save(other, "", state);
    });
  const createStoresOf = (index: number) => {
    const fixture = fixtures[index];
    if (fixture === undefined) throw new Error("no such process");
    return createStores(fixture);
  };
  await Promise.all([inOrder(0, first, second), inOrder(1, second, first)]);
  // The one that was given up may come back before the other goes on, and meet it again.
  expect(met).toBeGreaterThanOrEqual(3);
});
