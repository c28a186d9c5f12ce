import { createHash, createHmac, randomBytes } from "node:crypto";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { expect, it, onTestFinished } from "vitest";
import { openDatabase } from "../../src/storage/database.ts";
import { openKeys } from "../../src/storage/keys.ts";
import { createLimiter } from "../../src/storage/limiter.ts";
import { testClock } from "../support/clock.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { ANSWER, type Fixture, makeFixture, ON_WHATSAPP, PHONE, UTTERANCE } from "./fixture.ts";

/** As a disk would give them away: plain, and as the encodings somebody may have thought were hiding them. */
const TELLTALES = [PHONE, PHONE.slice(1), UTTERANCE, ANSWER, "T-secret-thread", "SM-vendor-in"].flatMap((text) => [
  Buffer.from(text),
  Buffer.from(text, "utf16le"),
  Buffer.from(Buffer.from(text).toString("base64").replace(/=+$/, "").slice(0, -1)),
  Buffer.from(Buffer.from(text).toString("hex")),
]);

/** Looks through every file below a folder, whatever it is. */
function expectNothingIn(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    let bytes: Buffer;
    try {
      bytes = readFileSync(join(entry.parentPath, entry.name));
    } catch {
      // Postgres removes files of its own while it runs.
      continue;
    }
    for (const telltale of TELLTALES)
      if (bytes.includes(telltale))
        throw new Error(`${telltale.toString("latin1").slice(0, 6)}... lies in ${entry.name}`);
  }
}

/** A person's whole way: a question on two channels, its answer, a STOP, a number limited, and the erasure. */
async function live(
  { stores, arrive, enqueue, announce, begin, clock, keys, database }: Fixture,
  look: () => void,
): Promise<void> {
  let contactId = 0;
  for (const change of [{}, ON_WHATSAPP]) {
    const accepted = await arrive({ ...change, externalId: `SM-vendor-in-${contactId}`, thread: "T-secret-thread" });
    contactId = accepted.contactId;
    look();
    const entry = await stores.inbox.take(contactId);
    const context = {
      at: clock.now(),
      topic: "about/puente",
      choices: [{ label: ANSWER, target: { kind: "topic", topic: UTTERANCE } as const }],
      pagesSent: 1,
    };
    const limit = createLimiter({ name: "n", points: 1, windowMs: 60_000, lasting: true, database, keys, clock });
    await limit.take(PHONE);
    await stores.transaction(async (tx) => {
      const state = { locale: "es", welcomed: true, minor: false, context };
      await tx.conversations.save(contactId, entry?.thread ?? "", state);
      await tx.inbox.finish(accepted.inboxId);
    });
    await enqueue(contactId);
    await announce([contactId], "Hay una linea nueva.");
    look();
    const { deliveryId, attempt } = await begin();
    look();
    const settlement = { status: "sent", externalId: "SM-out", vendorStatus: "delivered" } as const;
    await stores.deliveries.settle(deliveryId, attempt, settlement);
  }
  await stores.contacts.optOut(contactId, "person");
  await stores.contacts.erase(contactId);
  look();
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "puente-seized-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

it("a seized SQLite database holds no number, utterance, reply or thread: during a flow, after an erasure, closed or not", async () => {
  const [folder, copies] = [temporaryFolder(), temporaryFolder()];
  const clock = testClock();
  const database = await openDatabase(`sqlite:${join(folder, "puente.db")}`, { serving: true, clock });
  await live(await makeFixture(database, clock), () => expectNothingIn(folder));
  // As after a crash: the write-ahead log was never taken into the file.
  expect(readdirSync(folder)).toContain("puente.db-wal");
  for (const file of readdirSync(folder)) copyFileSync(join(folder, file), join(copies, file));
  expectNothingIn(copies);
  await database.close();
  expectNothingIn(folder);
});

it("nor does a seized Postgres: tables, free pages, write-ahead log and everything else in its data folder", async () => {
  const server = await startPostgres({ durable: true });
  onTestFinished(() => server.stop());
  const clock = testClock();
  const database = await openDatabase(server.url, { serving: true, clock });
  const marker = "a-marker-that-is-not-sealed";
  await live(await makeFixture(database, clock), () => {});
  await database.db.insertInto("versions").values({ name: marker, n: 1 }).execute();
  expectNothingIn(server.dataDir);
  await sql`checkpoint`.execute(database.db);
  await database.close();
  await server.halt();
  expectNothingIn(server.dataDir);
  // The search does find what lies there.
  const files = readdirSync(server.dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.some((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(marker))).toBe(true);
});

it("a number cannot be confirmed by trying numbers: no column holds a hash that can be made without the secret", async () => {
  const clock = testClock();
  const database = await openDatabase("sqlite::memory:", { serving: true, clock });
  onTestFinished(() => database.close());
  const { arrive } = await makeFixture(database, clock);
  await arrive();
  const row = await database.db.selectFrom("contacts").selectAll().executeTakeFirstOrThrow();
  const stored = Object.values(row).map(String);
  for (const text of [
    PHONE,
    PHONE.slice(1),
    `sms:${PHONE}`,
    JSON.stringify(["contact", "sms", PHONE]),
    JSON.stringify(["person", PHONE]),
  ])
    for (const algorithm of ["md5", "sha1", "sha256", "sha512"])
      for (const encoding of ["hex", "base64", "base64url"] as const)
        for (const value of [
          createHash(algorithm).update(text).digest(encoding),
          createHmac(algorithm, "").update(text).digest(encoding),
        ])
          for (const column of stored) expect(column).not.toContain(value);
  // With another secret the same number has another hash.
  const other = await openDatabase("sqlite::memory:", { serving: true, clock });
  onTestFinished(() => other.close());
  const keys = await openKeys({ database: other, secret: randomBytes(32).toString("base64"), clock });
  expect(stored).not.toContain(keys.lookup("contact", "sms", PHONE));
  expect(stored).not.toContain(keys.lookup("person", PHONE));
});
