import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { InboundMessage } from "../src/core/ports.ts";
import { type Database, openDatabase } from "../src/storage/database.ts";
import { openKeys } from "../src/storage/keys.ts";
import { createLimiter } from "../src/storage/limiter.ts";
import { createStores } from "../src/storage/stores.ts";
import { startPostgres } from "../test/support/postgres-server.ts";
import { heading, line, median, ratio } from "./measure.ts";

const MESSAGES = 2_000;
const ROUNDS = 3;
/** From the work's own goal: of what the same rows cost as raw prepared statements. */
const FLOOR = 0.3;
/** A screen of an answer, as long as most are. */
const ANSWER = "Diga al oficial que tiene miedo de volver. ".repeat(6);
const clock = { now: () => Date.now() };

/** From the accepted message to the row of its reply, through the stores, against the same rows as raw statements. */
export async function benchStorage(): Promise<void> {
  heading(`Accept to reply row (${MESSAGES} messages from as many people, one after the other, ${ROUNDS} rounds)`);
  const folder = await mkdtemp(join(tmpdir(), "puente-bench-"));
  const server = await startPostgres({ durable: true });
  try {
    const raw: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const [ceiling, stores] = [
        rawSqlite(join(folder, `raw${round}.db`)),
        await throughStores(`sqlite:${join(folder, `stores${round}.db`)}`),
      ];
      // The first round warms both up.
      if (round > 0) {
        raw.push(ceiling);
        ours.push(stores);
      }
    }
    line("SQLite, raw prepared statements in two transactions", `${median(raw).toFixed(0)}/s`);
    line("SQLite, stores: sealed, leased, limited, de-duplicated", `${median(ours).toFixed(0)}/s`);
    line(`ratio (goal ${FLOOR})`, ratio(median(ours), median(raw)));
    line("Postgres, stores, one message after the other", `${(await throughStores(server.url)).toFixed(0)}/s`);
    line("Postgres, stores, 16 people at a time", `${(await throughStores(server.url, 16)).toFixed(0)}/s`);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function perSecond(from: bigint): number {
  return MESSAGES / (Number(process.hrtime.bigint() - from) / 1e9);
}

/** The same tables, settings and rows; no sealing, no lease, no limit, no query builder. */
function rawSqlite(path: string): number {
  const db = new DatabaseSync(path, { enableForeignKeyConstraints: true });
  db.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on;
    create table seen (messageKey text primary key, channel text, day text);
    create table contacts (contactId integer primary key autoincrement, contactKey text unique, personKey text, channel text, address text, seenOn text);
    create index contacts_person on contacts (personKey); create index contacts_seen on contacts (seenOn);
    create table inbox (inboxId integer primary key autoincrement, contactId integer references contacts on delete cascade, message text, receivedAt integer);
    create index inbox_contact on inbox (contactId, receivedAt);
    create table conversations (contactId integer references contacts on delete cascade, threadKey text, state text, context text, contextAt integer, primary key (contactId, threadKey));
    create table deliveries (deliveryId integer primary key autoincrement, contactId integer references contacts on delete cascade, kind text, rank integer, groupId text, part integer, text text, status text, notBefore integer, createdAt integer, unique (contactId, kind, groupId, part));
    create index due on deliveries (rank, notBefore, deliveryId) where status = 'queued'; create index created on deliveries (createdAt);
    create table counts (day text, topic text, n integer, primary key (day, topic));`);
  const seen = db.prepare("insert into seen values (?, 'sms', '2026-11-21') on conflict do nothing");
  const contact = db.prepare(
    "insert into contacts (contactKey, personKey, channel, address, seenOn) values (?, ?, 'sms', ?, '2026-11-21') on conflict (contactKey) do update set address = excluded.address returning contactId",
  );
  const inbox = db.prepare("insert into inbox (contactId, message, receivedAt) values (?, ?, ?) returning inboxId");
  const state = db.prepare(
    "insert into conversations values (?, ?, ?, ?, ?) on conflict do update set state = excluded.state",
  );
  const finish = db.prepare("delete from inbox where inboxId = ?");
  const delivery = db.prepare(
    "insert into deliveries (contactId, kind, rank, groupId, part, text, status, notBefore, createdAt) values (?, 'reply', 0, ?, 1, ?, 'queued', ?, ?)",
  );
  const count = db.prepare("insert into counts values ('2026-11-21', ?, 1) on conflict do update set n = n + 1");
  const from = process.hrtime.bigint();
  for (let n = 0; n < MESSAGES; n += 1) {
    db.exec("begin immediate");
    seen.run(randomUUID());
    const contactId = Number(contact.get(randomUUID(), randomUUID(), "+12025550123")?.["contactId"]);
    const inboxId = Number(inbox.get(contactId, "me negaron la entrada q hago", n)?.["inboxId"]);
    db.exec("commit; begin immediate");
    state.run(contactId, "t", '{"locale":"es"}', '{"topic":"a/b"}', n);
    finish.run(inboxId);
    delivery.run(contactId, String(inboxId), ANSWER, n, n);
    count.run("port-of-entry/turned-back");
    db.exec("commit");
  }
  const rate = perSecond(from);
  db.close();
  return rate;
}

async function throughStores(url: string, atOnce = 1): Promise<number> {
  const database: Database = await openDatabase(url, { serving: true, clock });
  try {
    const keys = await openKeys({ database, secret: SECRET, clock });
    const stores = createStores({ database, keys, clock });
    const limit = createLimiter({ name: "bench", points: 40, windowMs: 3_600_000, database, keys, clock });
    const messages = Array.from({ length: MESSAGES }, (): InboundMessage => {
      const id = randomUUID();
      return {
        channel: "sms",
        externalId: `SM${id}`,
        from: { id, phone: id, address: "+12025550123" },
        utterance: { text: "me negaron la entrada q hago" },
        receivedAt: clock.now(),
      };
    });
    const answer = async (message: InboundMessage) => {
      const accepted = await stores.inbox.accept(message, { take: true });
      const entry = accepted?.taken;
      if (entry === undefined) throw new Error("not accepted");
      const { contactId, inboxId, attempts } = entry;
      await stores.conversations.load(contactId, "");
      await limit.take(String(contactId));
      await stores.contacts.view(contactId);
      await stores.transaction(async (tx) => {
        await tx.inbox.finish(inboxId, attempts);
        const context = { at: clock.now(), topic: "port-of-entry/turned-back", choices: [], pagesSent: 0 };
        await tx.conversations.save(contactId, "", { locale: "es", welcomed: true, minor: false, context });
        await tx.deliveries.enqueue([
          {
            kind: "reply",
            contactId,
            groupId: String(inboxId),
            part: 1,
            parts: 1,
            text: ANSWER,
            locale: "es",
            notBefore: clock.now(),
          },
        ]);
        await tx.counts.add({ outcome: "answer", topic: "port-of-entry/turned-back", locale: "es", channel: "sms" });
      });
    };
    const from = process.hrtime.bigint();
    const next = messages.values();
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (const message of next) await answer(message);
      }),
    );
    return perSecond(from);
  } finally {
    await database.close();
  }
}

const SECRET = randomBytes(32).toString("base64");
