import { readFile, writeFile } from "node:fs/promises";
import { expect, it, onTestFinished } from "vitest";
import { openDatabase } from "../../src/storage/database.ts";
import { exportRows, importRows } from "../../src/storage/transfer.ts";
import { testClock } from "../support/clock.ts";
import { type DatabaseKind, emptyDatabase } from "../support/databases.ts";
import { ANSWER, makeFixture, ON_WHATSAPP, PHONE, UTTERANCE } from "./fixture.ts";

const clock = testClock();

async function open(kind: DatabaseKind) {
  const url = await emptyDatabase(kind);
  const database = await openDatabase(url, { serving: true, clock });
  onTestFinished(() => database.close());
  return { database, file: `${url.replace("sqlite:", "")}.export` };
}

/** An installation in the middle of its work. */
async function lived() {
  const { database, file } = await open("sqlite");
  const fixture = await makeFixture(database, clock);
  const { stores, arrive, enqueue, begin } = fixture;
  const sms = await arrive({ externalId: "SM-first" });
  const whatsapp = await arrive(ON_WHATSAPP);
  await stores.conversations.save(sms.contactId, "", { locale: "es", welcomed: true, minor: false });
  const gone = await enqueue(sms.contactId);
  const { deliveryId, attempt } = await begin();
  await stores.deliveries.settle(deliveryId, attempt, { status: "sent", externalId: "SM1" });
  const waiting = await enqueue(whatsapp.contactId);
  const last = await enqueue(sms.contactId, { kind: "broadcast" });
  await database.db.deleteFrom("deliveries").where("deliveryId", "=", last).execute();
  await stores.contacts.optOut(whatsapp.contactId, "person");
  await stores.counts.add({ outcome: "answer", topic: "about/puente", locale: "es", channel: "sms" });
  return { ...fixture, file, sms, whatsapp, waiting, last, gone };
}

it("moves an installation to Postgres with every row, and goes on there", async () => {
  const { database, file, sms, whatsapp, waiting, last } = await lived();
  const rows = await exportRows(database, file);
  const { database: target } = await open("postgres");
  expect(await importRows(target, file)).toBe(rows);
  const { stores, enqueue, sizes } = await makeFixture(target, clock);
  expect(await sizes()).toMatchObject({ contacts: 2, inbox: 2, conversations: 1, deliveries: 2, attempts: 1 });
  expect((await stores.inbox.take(sms.contactId))?.utterance.text).toBe(UTTERANCE);
  expect(await stores.conversations.load(sms.contactId, "")).toMatchObject({ locale: "es" });
  expect((await stores.contacts.view(whatsapp.contactId)).optedOut).toBe(true);
  expect(await stores.deliveries.claim(10, 1_000)).toMatchObject([{ deliveryId: waiting, text: ANSWER }]);
  expect(
    await stores.inbox.accept({
      ...ON_WHATSAPP,
      channel: "sms",
      externalId: "SM-first",
      from: { id: PHONE, address: PHONE },
      utterance: { text: "" },
      receivedAt: 0,
    }),
  ).toBeUndefined();
  // No id is used twice, not even that of a row that was gone before: a late receipt must not reach another row.
  expect(await enqueue(sms.contactId, { kind: "notice" })).toBeGreaterThan(last);
});

it("writes nothing to the file that the database does not hold sealed", async () => {
  const { database, file } = await lived();
  await exportRows(database, file);
  const text = await readFile(file, "utf8");
  for (const trace of [PHONE, PHONE.slice(2), UTTERANCE, ANSWER]) expect(text).not.toContain(trace);
});

it("refuses a database that is not empty, a file that is cut off, and one of another version, and then changes nothing", async () => {
  const { database, file } = await lived();
  await exportRows(database, file);
  await expect(importRows(database, file)).rejects.toThrow(/is not empty/);
  const lines = (await readFile(file, "utf8")).split("\n");
  const { database: target } = await open("postgres");
  for (const [broken, sentence] of [
    [lines.slice(0, -3).join("\n"), /is cut off/],
    [`${lines.slice(0, -3).join("\n")}\n{"table":"con`, /is cut off or is no export/],
    [lines.join("\n").replace('"puente":1', '"puente":2'), /another version/],
  ] as const) {
    await writeFile(file, broken);
    await expect(importRows(target, file)).rejects.toThrow(sentence);
  }
  expect(await target.db.selectFrom("contacts").select("contactId").execute()).toEqual([]);
});
